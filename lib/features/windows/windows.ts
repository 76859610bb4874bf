/** Look-back windows of features and the return that followed each. */

import type { Bars, Panel, Windows } from "../../core/index.js";
import { checkCount, checkLength } from "../../core/index.js";
import type { Timed } from "../splits/split.js";

/** Length, horizon and stride of windows. */
export interface WindowSpec {
  /** T rows a window. */
  readonly length: number;
  /** The target is what is known so many bars after the window's last close: the log return since then, unless a source brings its own. */
  readonly horizon: number;
  /** Bars between the starts of two windows (default 1). Memory is N · T · F numbers of 4 bytes. */
  readonly stride?: number;
}

/** One asset: features known at each close, and the bars they are of. */
export interface WindowSource {
  readonly panel: Panel;
  readonly bars: Bars;
  /** [T] what to predict in place of the return: entry t is known at the close of bar t, and is the target of the window `horizon` bars before. */
  readonly target?: ArrayLike<number>;
}

/**
 * All windows of all assets, by asset, then by time.
 *
 * None spans a gap: neither its rows nor the bars of its target jump in time or hold a NaN. A window is known at its last close;
 * the target, by default the *cumulative* return over the horizon, is known only then.
 * @throws RangeError when the panels' names differ, a panel's times are not the closes of its bars, or a target is not [T].
 */
export function windows(sources: readonly WindowSource[], spec: WindowSpec): Windows {
  const { length, horizon, stride = 1 } = spec;
  checkCount("length", length);
  checkCount("horizon", horizon);
  checkCount("stride", stride);
  const names = sources[0]?.panel.names ?? [];
  sources.forEach((source) => {
    checkSource(source, names);
  });
  const ends = sources.map((source) => soundEnds(source, length, horizon, stride));
  const count = ends.reduce((sum, e) => sum + e.length, 0);
  const size = length * names.length;
  const out: Windows = {
    x: new Float32Array(count * size),
    y: new Float32Array(count),
    asset: new Uint16Array(count),
    decidedAt: new Float64Array(count),
    resolvedAt: new Float64Array(count),
  };
  let n = 0;
  sources.forEach((source, a) => {
    const { panel } = source;
    for (const t of ends[a]!) {
      out.x.set(panel.values.subarray((t - length + 1) * names.length, (t + 1) * names.length), n * size);
      out.y[n] = targetOf(source, t, horizon);
      out.asset[n] = a;
      out.decidedAt[n] = panel.time[t]!;
      out.resolvedAt[n] = panel.time[t + horizon]!;
      n++;
    }
  });
  return out;
}

/**
 * Opening times of the first bar of each window, [N], UTC milliseconds: a split needs them so that no window reaches into the part before.
 */
export function windowStarts(w: Windows, length: number, stepMs: number): Float64Array {
  return w.decidedAt.map((time) => time - length * stepMs);
}

/**
 * Rows of `parts` less those whose window begins before the first decision of their own part: no window straddles a border.
 * @param starts  [N] of `windowStarts`
 */
export function withoutStraddlers<P extends Record<string, Uint32Array>>(
  rows: Timed,
  starts: Float64Array,
  parts: P,
): P {
  const firsts = Object.values(parts).map((part) =>
    part.reduce((least, n) => Math.min(least, rows.decidedAt[n]!), Number.POSITIVE_INFINITY),
  );
  const beginning = Math.min(...firsts);
  return Object.fromEntries(
    Object.entries(parts).map(([name, part], i) => {
      const border = firsts[i]!;
      return [name, border === beginning ? part : part.filter((n) => starts[n]! >= border)];
    }),
  ) as unknown as P;
}

/** The windows `rows` [n], copied in their order. */
export function takeWindows(w: Windows, rows: ArrayLike<number>): Windows {
  const size = w.x.length / w.y.length;
  const x = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) x.set(w.x.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  return {
    x,
    y: Float32Array.from(rows, (n) => w.y[n]!),
    asset: Uint16Array.from(rows, (n) => w.asset[n]!),
    decidedAt: Float64Array.from(rows, (n) => w.decidedAt[n]!),
    resolvedAt: Float64Array.from(rows, (n) => w.resolvedAt[n]!),
  };
}

/** The target of the window that ends at bar t. */
function targetOf({ bars, target }: WindowSource, t: number, horizon: number): number {
  return target ? target[t + horizon]! : Math.log(bars.close[t + horizon]! / bars.close[t]!);
}

function checkSource({ panel, bars, target }: WindowSource, names: readonly string[]): void {
  if (panel.names.join() !== names.join())
    throw new RangeError(
      `${bars.symbol}: expected the columns ${names.join(", ")}, got ${panel.names.join(", ")}`,
    );
  checkLength(`${bars.symbol}: panel`, panel.time, bars.openTime.length);
  if (target) checkLength(`${bars.symbol}: target`, target, bars.openTime.length);
  const odd = panel.time.findIndex((time, t) => time !== bars.openTime[t]! + bars.stepMs);
  if (odd < 0) return;
  throw new RangeError(`${bars.symbol}, row ${odd}: expected the panel's time to be the close of its bar`);
}

/** Last rows of the windows that are whole. */
function soundEnds(source: WindowSource, length: number, horizon: number, stride: number): number[] {
  const { panel, bars } = source;
  const width = panel.names.length;
  const ends: number[] = [];
  let whole = 0; // rows in a row without a hole, up to t
  for (let t = 0; t + horizon < panel.time.length; t++) {
    const follows = t > 0 && panel.time[t]! - panel.time[t - 1]! === bars.stepMs;
    const finite = panel.values.subarray(t * width, (t + 1) * width).every(Number.isFinite);
    whole = finite ? (follows ? whole + 1 : 1) : 0;
    if (whole < length || (t - length + 1) % stride !== 0) continue;
    const elapsed = panel.time[t + horizon]! - panel.time[t]!;
    const known = Number.isFinite(targetOf(source, t, horizon));
    const between = bars.close.subarray(t, t + horizon + 1).every(Number.isFinite);
    if (elapsed === horizon * bars.stepMs && known && between) ends.push(t);
  }
  return ends;
}
