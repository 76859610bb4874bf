/** A dataset and a model of a small simulated market, made by the commands' own work in this process. */
import type { Shell } from "../../lib/cli/shell.js";
import { readSettings } from "../../lib/cli/tasks/fits/settings.js";
import { train } from "../../lib/cli/tasks/fits/train.js";
import { prepare } from "../../lib/cli/tasks/sources/prepare.js";
import { marketConfig } from "../../lib/models/marketVae/marketConfig.js";

/** A shell in which nothing is heard. */
export const silentShell: Shell = {
  clock: { now: () => Date.UTC(2026, 0, 1), elapsed: () => 0 },
  signal: new AbortController().signal,
  say: () => undefined,
  progress: () => ({ update: () => undefined, end: () => undefined }),
  print: () => undefined,
  stream: () => undefined,
  endWithin: () => undefined,
  over: () => undefined,
};

/** Writes both, two replicas on 400 hours of two symbols, with the windows of the settings. */
export async function trainSmall(paths: {
  readonly data: string;
  readonly model: string;
  readonly config: string;
}): Promise<void> {
  const { sequenceLength, predictionHorizon } = marketConfig(await readSettings(paths.config)).data;
  await prepare({
    source: {
      market: "simulated",
      symbols: ["BTCUSDT", "ETHUSDT"],
      seed: 7,
      bars: 400,
      interval: "60",
      category: "linear",
    },
    settings: {
      ...{ sequenceLength, predictionHorizon, stride: predictionHorizon, threshold: 0.7 },
      fractions: { train: 0.6, validation: 0.2, test: 0.2 },
    },
    ...{ withoutFlow: true, out: paths.data },
  });
  const { data, config, model: out } = paths;
  await train({ data, config, out, replicas: 2, fresh: true, backend: "wasm" }, silentShell);
}
