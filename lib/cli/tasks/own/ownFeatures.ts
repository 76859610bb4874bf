/** Own features by the path of a module: the bars of one symbol in, a row for each bar out, tried for look-ahead. */
import type { Bars, FlowColumn, Panel } from "../../../core/index.js";
import { flowColumns } from "../../../core/index.js";
import { checkCausal } from "../../../features/windows/index.js";
import { loadOwn } from "./ownModule.js";

/** A module of features. */
export interface FeatureModule {
  /** Its path, and SHA-256 of its text. */
  readonly file: string;
  readonly sha256: string;
  /** What its function returns of the bars of one symbol, checked. */
  features(bars: Bars): Panel;
}

/** The features of a dataset that are not the library's. */
export interface OwnFeatures extends Omit<FeatureModule, "features"> {
  /** [A] of [T,F] each, row t known at the close of bar t. */
  readonly panels: readonly Panel[];
  /** The evidence that a feature rests on more bars than a live run keeps, in words; none where that was not seen. */
  readonly beyond?: string | undefined;
}

/** What a model keeps of the module of its features, and of the bars that the module was given. */
export interface FeatureOrigin extends Omit<OwnFeatures, "panels"> {
  /** [A] columns of each symbol's flow. */
  readonly flow: readonly (readonly FlowColumn[])[];
  /** Whether missing bars were rows of NaN. */
  readonly holes: boolean;
}

/** @throws Error naming the file when it cannot be read or loaded, or exports no function by default. */
export async function featureModule(file: string): Promise<FeatureModule> {
  const { run, sha256 } = await loadOwn<(bars: Bars) => unknown>(file, "of the bars of one symbol");
  return { file, sha256, features: (bars) => panelOf(bars, run(bars)) };
}

/**
 * The features that a module makes of the bars, each tried with later bars left out.
 * @throws Error naming the file, and symbol and time where a feature looks ahead.
 */
export function ownFeatures({ file, sha256, features }: FeatureModule, bars: readonly Bars[]): OwnFeatures {
  const panels = bars.map((own) =>
    inFile(`${file}: ${own.symbol}`, () => {
      checkCausal(own, features);
      return features(own);
    }),
  );
  const [first] = panels as [Panel];
  const odd = panels.find(({ names }) => names.join() !== first.names.join());
  if (odd)
    throw new Error(
      `${file}: expected the same features of each symbol, got ${first.names.join(", ")} and ${odd.names.join(", ")}`,
    );
  return { file, sha256, panels };
}

/** What a model of these features keeps of them. */
export function originOf({ panels: _, ...own }: OwnFeatures, bars: readonly Bars[]): FeatureOrigin {
  return {
    ...own,
    flow: bars.map(({ flow }) => (flow ? flowColumns(flow) : [])),
    holes: bars.some(({ close }) => close.some(Number.isNaN)),
  };
}

/** What `run` returns; what it throws says first where it was. */
export function inFile<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

/** What the function returned, checked. */
function panelOf({ openTime, stepMs }: Bars, value: unknown): Panel {
  const { time, names, values } = (value ?? {}) as Partial<Panel>;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string" && name))
    throw new Error("expected a panel with names, such as features.makePanel makes, got another value");
  if (!(values instanceof Float64Array && values.length === openTime.length * names.length))
    throw new Error(
      `expected ${openTime.length} rows of ${names.length} features as a Float64Array, got ${values?.length ?? "none"}`,
    );
  const odd = openTime.findIndex((open, t) => time?.[t] !== open + stepMs);
  if (odd >= 0)
    throw new Error(
      `row ${odd}: expected the time of the bar's close, ${openTime[odd]! + stepMs}, got ${time?.[odd]}`,
    );
  return { time: time!, names: [...names], values };
}
