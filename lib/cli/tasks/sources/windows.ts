/** The windows of a stored data set: the steps of `features.dataset`, the same for every command. */
import type { Bars, Panel, TargetScale, Windows } from "../../../core/index.js";
import {
  barsNeeded as barsNeededFor,
  marketInput,
  type PreparedWindows,
  prepareWindows as prepare,
  type WindowSettings as Settings,
  scaledFeatures,
  scaleTargets,
  TARGETS,
  takeWindows,
} from "../../../features/windows/index.js";
import type { Data } from "../../../nn/training/index.js";
import type { Dataset, WindowSettings } from "./datasetFile.js";

function settingsOf({ sequenceLength, predictionHorizon, ...rest }: WindowSettings): Settings {
  return { length: sequenceLength, horizon: predictionHorizon, ...rest };
}

/** @throws RangeError when there are too few bars for the parts, or a feature does not vary over the training part. */
export function prepareWindows({ bars, settings, own }: Dataset): PreparedWindows {
  if (!own) return prepare(bars, settingsOf(settings));
  return prepare(bars, settingsOf(settings), (of) => own.panels[bars.indexOf(of)]!);
}

/** [A] the features of the bars: own ones, or the library's. */
export function panelsOf({ bars, own }: Dataset): readonly Panel[] {
  return own?.panels ?? bars.map(marketInput);
}

/** The fewest bars without a hole of which every part has windows. */
export function barsNeeded(settings: WindowSettings): number {
  return barsNeededFor(settingsOf(settings));
}

/** The last time at which a target of training or validation became known, UTC milliseconds: what came before it has been seen. */
export function knownUntilOf({ split, windows: w }: Pick<PreparedWindows, "split" | "windows">): number {
  const known = [...split.train, ...split.validation].map((n) => w.resolvedAt[n]!);
  return known.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
}

/** The scaled rows of a part, as `train` takes them. */
export function dataOf(
  { windows: w, labels, scaler, targetScaler }: PreparedWindows,
  rows: Uint32Array,
): Data {
  const y = scaleTargets(targetScaler, labels);
  return {
    x: scaledFeatures(scaler, takeWindows(w, rows)),
    y: Float32Array.from({ length: rows.length * TARGETS }, (_, i) => {
      return y[rows[Math.floor(i / TARGETS)]! * TARGETS + (i % TARGETS)]!;
    }),
    rows: rows.length,
  };
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
export function targetScaleOf({ targetScaler }: Pick<PreparedWindows, "targetScaler">): TargetScale {
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
