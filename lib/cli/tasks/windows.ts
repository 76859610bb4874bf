/** From clean bars to what a market model reads: features, windows, targets, parts of time. The same steps for every command. */
import type { Bars, Panel, TargetScale, Windows } from "../../core/index.js";
import { type Split, splitByTime } from "../../features/splits/index.js";
import {
  fitTargetScaler,
  fitWindowScaler,
  type LostWindows,
  lostWindows,
  marketInput,
  marketInputStream,
  marketTargets,
  scaleTargets,
  scaleWindows,
  TARGETS,
  type TargetScaler,
  takeWindows,
  type WindowScaler,
  windowStarts,
  windows,
  withoutStraddlers,
} from "../../features/windows/index.js";
import type { Data } from "../../nn/training/index.js";
import type { Dataset, WindowSettings } from "./datasetFile.js";

/** Deviations at which scaled inputs are cut. */
export const LIMIT = 5;

export interface Prepared {
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

/** @throws RangeError when there are too few bars for the parts, or a feature does not vary over the training part. */
export function prepareWindows({ bars, settings }: Dataset): Prepared {
  const { sequenceLength: length, predictionHorizon: horizon, stride, threshold } = settings;
  const panels = bars.map(marketInput);
  const columns = panels[0]!.names;
  const sources = bars.map((own, a) => ({ panel: panels[a]!, bars: own }));
  const w = windows(sources, { length, horizon, stride });
  const lost = lostWindows(sources, { length, horizon, stride, warmUp: warmUpBars() });
  const split = partsOf(w, { bars, settings, lost });
  const labels = marketTargets(w, bars, { horizon, trend: length, threshold });
  return {
    ...{ panels, columns, windows: w, labels, split, lost },
    scaler: fitWindowScaler(w, split.train, columns),
    targetScaler: fitTargetScaler(labels, split.train),
  };
}

interface Cut {
  readonly bars: readonly Bars[];
  readonly settings: WindowSettings;
  readonly lost: readonly LostWindows[];
}

/** The parts. @throws RangeError when one is empty, saying how many bars are needed and what took windows away. */
function partsOf(w: Windows, { bars, settings, lost }: Cut): Split {
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
      `${wordsOf(settings)} need at least ${barsNeeded(settings)} bars without holes, there are ${got}`,
      ...reasons,
    ].join("; "),
  );
}

function splitOf(
  w: Windows,
  { sequenceLength, fractions }: WindowSettings,
  stepMs: number,
): Split | undefined {
  try {
    return withoutStraddlers(w, windowStarts(w, sequenceLength, stepMs), splitByTime(w, fractions));
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

function wordsOf({ sequenceLength, predictionHorizon, stride, fractions }: WindowSettings): string {
  const { train, validation, test } = fractions;
  return `windows of ${sequenceLength} bars every ${stride}, a horizon of ${predictionHorizon} and parts of ${train}, ${validation} and ${test}`;
}

/** Bars before the first whose features have values. */
function warmUpBars(): number {
  return marketInputStream(1, { flow: false }).warmUp;
}

/** The fewest bars without a hole of which every part has windows. */
export function barsNeeded(settings: WindowSettings): number {
  const { sequenceLength: length, predictionHorizon: horizon, stride } = settings;
  const warmUp = warmUpBars();
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

/** The last time at which a target of training or validation became known, UTC milliseconds: what came before it has been seen. */
export function knownUntilOf({ split, windows: w }: Pick<Prepared, "split" | "windows">): number {
  const known = [...split.train, ...split.validation].map((n) => w.resolvedAt[n]!);
  return known.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
}

/** The scaled rows of a part, as `train` takes them. */
export function dataOf({ windows: w, labels, scaler, targetScaler }: Prepared, rows: Uint32Array): Data {
  const y = scaleTargets(targetScaler, labels);
  return {
    x: scaledInput(scaler, takeWindows(w, rows)),
    y: Float32Array.from({ length: rows.length * TARGETS }, (_, i) => {
      return y[rows[Math.floor(i / TARGETS)]! * TARGETS + (i % TARGETS)]!;
    }),
    rows: rows.length,
  };
}

/** Windows as a model reads them: scaled as in its training, cut at five deviations. */
export function scaledInput(scaler: WindowScaler, w: Windows): Float32Array {
  return scaleWindows(scaler, w).x.map((value) => Math.max(-LIMIT, Math.min(LIMIT, value)));
}

/**
 * The whole windows that end when a live run would decide, the latest too, whose target nobody knows yet: `y` and `resolvedAt` are NaN.
 * @param every  bars between two decisions, counted from the epoch; "latest" is the last whole window of each asset
 */
export function forecastWindows(
  bars: readonly Bars[],
  panels: readonly Panel[],
  { length, every }: { readonly length: number; readonly every: number | "latest" },
): Windows {
  const width = panels[0]!.names.length;
  const found = panels.flatMap((panel, a) => {
    const { stepMs } = bars[a]!;
    const ends = wholeEnds(panel, length, stepMs);
    const wanted =
      every === "latest" ? ends.slice(-1) : ends.filter((t) => (panel.time[t]! / stepMs) % every === 0);
    return wanted.map((t) => ({ a, t }));
  });
  const x = new Float32Array(found.length * length * width);
  found.forEach(({ a, t }, n) => {
    x.set(panels[a]!.values.subarray((t - length + 1) * width, (t + 1) * width), n * length * width);
  });
  return {
    ...{ x, y: new Float32Array(found.length).fill(Number.NaN) },
    asset: Uint16Array.from(found, ({ a }) => a),
    decidedAt: Float64Array.from(found, ({ a, t }) => panels[a]!.time[t]!),
    resolvedAt: new Float64Array(found.length).fill(Number.NaN),
  };
}

/** The scaling of the return that a model predicts. */
export function targetScaleOf({ targetScaler }: Pick<Prepared, "targetScaler">): TargetScale {
  return { centre: targetScaler.mean[0], deviation: targetScaler.deviation[0] };
}

/** Last rows of the stretches of `length` rows without a hole. */
function wholeEnds({ time, names, values }: Panel, length: number, stepMs: number): number[] {
  const ends: number[] = [];
  let whole = 0;
  time.forEach((now, t) => {
    const follows = t > 0 && now - time[t - 1]! === stepMs;
    const finite = values.subarray(t * names.length, (t + 1) * names.length).every(Number.isFinite);
    whole = finite ? (follows ? whole + 1 : 1) : 0;
    if (whole >= length) ends.push(t);
  });
  return ends;
}
