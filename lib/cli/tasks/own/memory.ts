/** How far own features reach back, against the bars that a live run keeps. */
import type { Bars, Panel } from "../../../core/index.js";
import { type MemoryFault, memoryFault } from "../../../features/windows/index.js";
import { isoTime } from "../../output.js";
import { type FeatureModule, inFile } from "./ownFeatures.js";

/**
 * Bars of history on which a live run rests. The index of relative strength averages all that came, each bar a fourteenth less: after
 * so many it depends in no bit on where it began, and features are those of a longer past.
 */
export const HISTORY = 700;

/** Bars that a run of own features begins with, where there are as many: their last row is tried without those before its history. */
export const TRIED = 800;

/** Rows of a dataset that are tried, a symbol. */
const ROWS = 64;

interface Made {
  readonly bars: readonly Bars[];
  /** [A] */
  readonly panels: readonly Panel[];
  /** [F] by which they are scaled. */
  readonly deviations: ArrayLike<number>;
}

/** The evidence in a dataset that a feature rests on more bars than a live run keeps; undefined where none of the tried rows shows it. */
export function beyondHistory(module: FeatureModule, { bars, panels, deviations }: Made): string | undefined {
  for (const [a, own] of bars.entries()) {
    const count = own.openTime.length - HISTORY;
    const rows = Array.from({ length: Math.max(0, Math.min(ROWS, count)) }, (_, i) => {
      return HISTORY + Math.ceil(((i + 1) * count) / Math.min(ROWS, count)) - 1;
    });
    const fault = inFile(`${module.file}: ${own.symbol}`, () =>
      memoryFault(own, module.features, { whole: panels[a]!, reach: HISTORY, rows, deviations }),
    );
    if (fault) return evidence(own, fault, HISTORY);
  }
  return undefined;
}

/** The evidence in the bars with which a run begins: their last row, made again of what a run keeps, or without the first of fewer. */
export function beyondWarmUp(
  { features }: FeatureModule,
  bars: Bars,
  deviations: ArrayLike<number>,
): string | undefined {
  const count = bars.openTime.length;
  if (count < 2) return undefined;
  const reach = Math.min(HISTORY, count - 1);
  const fault = memoryFault(bars, features, { reach, rows: [count - 1], deviations });
  return fault && evidence(bars, fault, reach);
}

/** What a live run says of such a feature. */
export function refusal(file: string, beyond: string): Error {
  return new Error(
    `${file}: ${beyond}; expected the same of both, because a live run keeps the last ${HISTORY} bars alone: ` +
      "let the feature rest on fewer, then prepare and train again",
  );
}

function evidence(
  { symbol }: Pick<Bars, "symbol">,
  { feature, time, whole, recent }: MemoryFault,
  reach: number,
): string {
  return `"${feature}" of ${symbol} at ${isoTime(time)} is ${whole} from all bars and ${recent} from the last ${reach}`;
}
