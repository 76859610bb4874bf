/** The nearest point of a box with a given total: everything shifted by one level, then cut to its bounds. */
import { sum } from "../../core/index.js";

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly total: number;
}

/** clamp(x − level, lower, upper) with the level at which it adds up to `total`; null when the box cannot hold it. */
export function fillBox(x: Float64Array, box: Box): Float64Array | null {
  const above = aboveLevel(x, box);
  return above === null ? null : settle(atLevel(above, box, 0), x, box);
}

/**
 * x − level, with the level at which clamp(x − level, lower, upper) adds up to `total`; null when the box cannot hold it.
 *
 * The level is found twice: once roughly, and once among the distances to it, which near it are exact however large x is.
 */
export function aboveLevel(x: Float64Array, box: Box): Float64Array | null {
  const rough = levelOf(x, box);
  if (rough === null) return null;
  const near = x.map((value) => value - rough);
  const rest = levelOf(near, box) ?? 0;
  return near.map((value) => value - rest);
}

/** clamp(x − level, lower, upper) */
function atLevel(x: Float64Array, { lower, upper }: Box, level: number): Float64Array {
  return x.map((value, i) => Math.min(upper[i]!, Math.max(lower[i]!, value - level)));
}

/** The level, exact to the rounding of x: between two neighbouring breakpoints the total falls linearly. */
function levelOf(x: Float64Array, box: Box): number | null {
  const { lower, upper, total } = box;
  if (sum(lower) > total + 1e-12 || sum(upper) < total - 1e-12) return null;
  const breaks = Float64Array.from([...x.map((v, i) => v - lower[i]!), ...x.map((v, i) => v - upper[i]!)])
    .filter(Number.isFinite)
    .sort();
  const held = (level: number) => sum(atLevel(x, box, level));
  let [low, high] = [0, breaks.length - 1];
  if (high < 0 || held(breaks[low]!) < total) return slide(x, box, breaks[low] ?? 0);
  if (held(breaks[high]!) > total) return slide(x, box, breaks[high]!);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (held(breaks[middle]!) >= total) low = middle;
    else high = middle;
  }
  return slide(x, box, (breaks[low]! + breaks[high]!) / 2);
}

/** The level at which the entries that are free at `near` make up what the others leave. */
function slide(x: Float64Array, { lower, upper, total }: Box, near: number): number {
  let [free, rest] = [0, -total];
  for (let i = 0; i < x.length; i++) {
    const value = x[i]! - near;
    if (value <= lower[i]!) rest += lower[i]!;
    else if (value >= upper[i]!) rest += upper[i]!;
    else {
      free++;
      rest += x[i]!;
    }
  }
  return free > 0 ? rest / free : near;
}

/** What rounding has left over goes to the entry of greatest x with room for it, what is too much comes from that of least x: the order stays. */
function settle(w: Float64Array, x: Float64Array, { lower, upper, total }: Box): Float64Array {
  const missing = total - sum(w);
  let at = -1;
  w.forEach((value, i) => {
    if (!(value + missing >= lower[i]! && value + missing <= upper[i]!)) return;
    if (at < 0 || Math.sign(missing) * (x[i]! - x[at]!) > 0) at = i;
  });
  if (at >= 0) w[at]! += missing;
  return w;
}
