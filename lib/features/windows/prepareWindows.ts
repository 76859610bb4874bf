/**
 * The way from clean bars to a market model's input: features, windows, targets, parts by time, scalers of the training part.
 */
import type { Bars, Panel, Windows } from "../../core/index.js";
import { type Fractions, type Split, splitByTime } from "../splits/split.js";
import { marketInput, marketInputStream } from "./inputs/marketInput.js";
import { fitTargetScaler, marketTargets, type TargetScaler } from "./inputs/marketTargets.js";
import { type LostWindows, lostWindows } from "./parts/lostWindows.js";
import { fitWindowScaler, type WindowScaler } from "./windowScaler.js";
import { windowStarts, windows, withoutStraddlers } from "./windows.js";

/** Settings by which bars become windows. */
export interface WindowSettings {
  /** T bars a window. */
  readonly length: number;
  /** Bars over which the return is predicted. */
  readonly horizon: number;
  /** Bars between the starts of two windows. */
  readonly stride: number;
  /** Bear below −threshold, bull above it, in standard deviations of a driftless walk over the window. */
  readonly threshold: number;
  /** Fractions of the decision times in each part. */
  readonly fractions: Fractions;
}

/** Windows, targets and parts before they are scaled. */
export interface PreparedWindows {
  /** [A] */
  readonly panels: readonly Panel[];
  /** [F] */
  readonly columns: readonly string[];
  readonly windows: Windows;
  /** [N,5] of `marketTargets`. */
  readonly labels: Float32Array;
  readonly split: Split;
  /** Windows that there would be but for bars or features that are missing. */
  readonly lost: readonly LostWindows[];
  /** Both of the training part alone. */
  readonly scaler: WindowScaler;
  readonly targetScaler: TargetScaler;
}

/**
 * Windows of all symbols, their targets, the parts and the scalers of the training part.
 * @param features  of the bars of one symbol, `marketInput` by default; row t must depend on bars up to t alone
 * @throws RangeError when there are too few bars for the parts, or a feature does not vary over the training part.
 */
export function prepareWindows(
  bars: readonly Bars[],
  settings: WindowSettings,
  features: (bars: Bars) => Panel = marketInput,
): PreparedWindows {
  const { length, horizon, stride, threshold } = settings;
  const panels = bars.map((own) => features(own));
  const columns = panels[0]!.names;
  const sources = bars.map((own, a) => ({ panel: panels[a]!, bars: own }));
  const w = windows(sources, { length, horizon, stride });
  const warmUp = features === marketInput ? warmUpBars() : firstWholeRow(panels);
  const lost = lostWindows(sources, { length, horizon, stride, warmUp });
  const split = partsOf(w, { bars, settings, lost, warmUp });
  const labels = marketTargets(w, bars, { horizon, trend: length, threshold });
  return {
    ...{ panels, columns, windows: w, labels, split, lost },
    scaler: fitWindowScaler(w, split.train, columns),
    targetScaler: fitTargetScaler(labels, split.train),
  };
}

/** The first row at which all features of a symbol have values, the least over the symbols. */
function firstWholeRow(panels: readonly Panel[]): number {
  const first = panels.map(({ time, names, values }) => {
    const at = Array.from(time.keys()).find((t) =>
      values.subarray(t * names.length, (t + 1) * names.length).every(Number.isFinite),
    );
    return at ?? time.length;
  });
  return Math.min(...first);
}

interface Cut {
  readonly bars: readonly Bars[];
  readonly settings: WindowSettings;
  readonly lost: readonly LostWindows[];
  readonly warmUp: number;
}

/** The parts. @throws RangeError when one is empty, saying how many bars are needed and what took windows away. */
function partsOf(w: Windows, { bars, settings, lost, warmUp }: Cut): Split {
  const split = splitOf(w, settings, bars[0]!.stepMs);
  const empty = emptyPart(split);
  if (split && !empty) return split;
  const got = bars[0]!.openTime.length;
  const reasons = lost.map(({ symbol, reason, windows: count, bars: without }) => {
    const why =
      reason === "missing bars"
        ? `${without} missing bars`
        : `${reason}, which has no value at ${without} bars`;
    return `${symbol} loses ${count} windows to ${why}`;
  });
  throw new RangeError(
    [
      `${bars.map(({ symbol }) => symbol).join(", ")}: expected windows in every part, got none ${empty ? `for ${empty}` : "at all"}`,
      `${wordsOf(settings)} need at least ${barsNeeded(settings, warmUp)} bars without holes, there are ${got}`,
      ...reasons,
    ].join("; "),
  );
}

function splitOf(w: Windows, { length, fractions }: WindowSettings, stepMs: number): Split | undefined {
  try {
    return withoutStraddlers(w, windowStarts(w, length, stepMs), splitByTime(w, fractions));
  } catch {
    return undefined; // fewer times than parts
  }
}

/** Scalings need two windows of the training. */
function emptyPart(split: Split | undefined): string | undefined {
  if (!split) return undefined;
  if (split.train.length < 2) return "training";
  return (["validation", "test"] as const).find((part) => split[part].length === 0);
}

function wordsOf({ length, horizon, stride, fractions }: WindowSettings): string {
  const { train, validation, test } = fractions;
  return `windows of ${length} bars every ${stride}, a horizon of ${horizon} and parts of ${train}, ${validation} and ${test}`;
}

/** Bars before the first whose features have values. */
function warmUpBars(): number {
  return marketInputStream(1, { flow: false }).warmUp;
}

/** The fewest bars without a hole of which every part has windows. @param warmUp bars before the first with features; that of `marketInput` by default */
export function barsNeeded(settings: WindowSettings, warmUp: number = warmUpBars()): number {
  const { length, horizon, stride } = settings;
  const suffices = (count: number): boolean => {
    const first = Math.ceil(warmUp / stride) * stride + length - 1; // starts lie on a grid
    const ends = Float64Array.from(
      { length: Math.max(0, Math.floor((count - horizon - 1 - first) / stride) + 1) },
      (_, i) => first + i * stride,
    );
    const w = { decidedAt: ends, resolvedAt: ends.map((end) => end + horizon) } as Windows;
    const split = splitOf(w, settings, 1);
    return split !== undefined && emptyPart(split) === undefined;
  };
  let [few, enough] = [0, 64];
  while (!suffices(enough) && enough < 1e8) [few, enough] = [enough, 2 * enough];
  while (enough - few > 1) {
    const half = (few + enough) >> 1;
    if (suffices(half)) enough = half;
    else few = half;
  }
  return enough;
}
