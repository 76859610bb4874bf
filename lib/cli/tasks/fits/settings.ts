/** The settings of a market model from a file, strict, and made to fit a dataset. */
import { fromYaml, readWhole } from "../../../core/index.js";
import { type MarketConfig, marketConfig } from "../../../models/marketVae/index.js";
import { asUsage, UsageProblem } from "../../exit.js";
import type { WindowSettings } from "../sources/datasetFile.js";

/** What a settings file says, before defaults: sections of keys. */
export type RawSettings = Readonly<Record<string, Readonly<Record<string, unknown>> | unknown>>;

/**
 * The file's settings as they stand, none without a file.
 * @throws UsageProblem naming file, path and key when one is unknown or cannot be.
 */
export async function readSettings(path: string | undefined): Promise<RawSettings> {
  if (path === undefined) return {};
  const text = (await readWhole(path)).toString();
  return naming(path, () => {
    marketConfig(text);
    return fromYaml(text) as RawSettings;
  });
}

/**
 * The settings for a dataset: its columns and windows where the file says nothing of them.
 * @throws UsageProblem naming the key that contradicts the dataset.
 */
export function settingsFor(
  raw: RawSettings,
  dataset: { readonly settings: WindowSettings; readonly columns: readonly string[] },
  { config, seed }: { readonly config?: string | undefined; readonly seed?: number | string | undefined },
): MarketConfig {
  const { sequenceLength, predictionHorizon } = dataset.settings;
  const given: MarketConfig = naming(config, () =>
    marketConfig({
      ...raw,
      ...(seed === undefined ? {} : { seed }),
      model: { inputDim: dataset.columns.length, ...section(raw, "model") },
      data: { sequenceLength, predictionHorizon, ...section(raw, "data") },
    }),
  );
  agree("model.inputDim", given.model.inputDim, dataset.columns.length, config);
  agree("data.sequenceLength", given.data.sequenceLength, sequenceLength, config);
  agree("data.predictionHorizon", given.data.predictionHorizon, predictionHorizon, config);
  return given;
}

export function section(raw: RawSettings, name: string): Readonly<Record<string, unknown>> {
  return (raw[name] ?? {}) as Readonly<Record<string, unknown>>;
}

function agree(key: string, got: number, expected: number, config: string | undefined): void {
  if (got === expected) return;
  throw new UsageProblem(`${config}: ${key}: expected ${expected} as in the dataset, got ${got}`);
}

function naming<T>(config: string | undefined, read: () => T): T {
  try {
    return asUsage(read);
  } catch (error) {
    if (!(error instanceof UsageProblem) || config === undefined) throw error;
    throw new UsageProblem(`${config}: ${error.message}`, { cause: error });
  }
}
