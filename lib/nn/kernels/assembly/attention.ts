/** Scaled dot-product attention, window by window and head by head: what a head needs stays in the nearest cache. */
import { gemm, gemmScratch } from "./gemm";
import { copyRows } from "./memory";
import { floats } from "./panels";
import { softmax, softmaxGradient } from "./reduce";
import { constant } from "./vector";

/** Bytes that either pass needs at `scratch`: seven parts of a head, a square of its steps, and what products need. */
export function attentionScratch(steps: i32, size: i32): i32 {
  const products = max(gemmScratch(0, steps, max(steps, size)), gemmScratch(1, steps, steps));
  return ((7 * steps * size + steps * steps) << 2) + products;
}

/**
 * What each step attends to: softmax(scale · queries · keysᵀ) · values.
 *
 * @param windows   R·B
 * @param mixed     [windows, T, 3·heads·size] queries, keys and values as they lie
 * @param attended  takes [windows, T, heads·size]
 * @param shares    takes the softmax [windows, heads, T, T]
 */
export function attention(
  windows: i32,
  steps: i32,
  heads: i32,
  size: i32,
  scale: f32,
  mixed: usize,
  attended: usize,
  shares: usize,
  scratch: usize,
): void {
  const width = heads * size;
  const part = floats(steps * size);
  const queries = scratch;
  const keys = queries + part;
  const values = keys + part;
  const out = values + part;
  const work = out + part;
  for (let window = 0; window < windows; window++) {
    for (let head = 0; head < heads; head++) {
      const from = mixed + floats(window * steps * 3 * width + head * size);
      const to = attended + floats(window * steps * width + head * size);
      gather(steps, size, width, from, queries, keys, values, scale);
      gemm(0, 1, 1, steps, steps, size, queries, 0, keys, 0, shares, 0, 0, work);
      softmax(steps, steps, shares, shares);
      gemm(0, 0, 1, steps, size, steps, shares, 0, values, 0, out, 0, 0, work);
      copyRows(steps, size, out, size, to, width);
      shares += floats(steps * steps);
    }
  }
}

/**
 * @param dy      gradient of what was attended to [windows, T, heads·size]
 * @param shares  the softmax, as `attention` has left it
 * @param dMixed  takes the gradient of `mixed`
 */
export function attentionGradient(
  windows: i32,
  steps: i32,
  heads: i32,
  size: i32,
  scale: f32,
  dy: usize,
  mixed: usize,
  shares: usize,
  dMixed: usize,
  scratch: usize,
): void {
  const width = heads * size;
  for (let window = 0; window < windows; window++) {
    for (let head = 0; head < heads; head++) {
      const at = floats(window * steps * 3 * width + head * size);
      const from = dy + floats(window * steps * width + head * size);
      headGradient(steps, size, width, scale, from, mixed + at, shares, dMixed + at, scratch);
      shares += floats(steps * steps);
    }
  }
}

function headGradient(
  steps: i32,
  size: i32,
  width: i32,
  scale: f32,
  dy: usize,
  mixed: usize,
  shares: usize,
  dMixed: usize,
  scratch: usize,
): void {
  const part = floats(steps * size);
  const queries = scratch;
  const keys = queries + part;
  const values = keys + part;
  const dOut = values + part;
  const dQueries = dOut + part;
  const dKeys = dQueries + part;
  const dValues = dKeys + part;
  const dScores = dValues + part;
  const work = dScores + floats(steps * steps);
  gather(steps, size, width, mixed, queries, keys, values, scale);
  copyRows(steps, size, dy, width, dOut, size);
  gemm(1, 0, 1, steps, size, steps, shares, 0, dOut, 0, dValues, 0, 0, work);
  gemm(0, 1, 1, steps, steps, size, dOut, 0, values, 0, dScores, 0, 0, work);
  softmaxGradient(steps, steps, dScores, shares, dScores);
  gemm(0, 0, 1, steps, size, steps, dScores, 0, keys, 0, dQueries, 0, 0, work);
  gemm(1, 0, 1, steps, size, steps, dScores, 0, queries, 0, dKeys, 0, 0, work);
  multiply(steps * size, dQueries, scale);
  copyRows(steps, size, dQueries, size, dMixed, 3 * width);
  copyRows(steps, size, dKeys, size, dMixed + floats(width), 3 * width);
  copyRows(steps, size, dValues, size, dMixed + floats(2 * width), 3 * width);
}

/** A head's queries, times `scale`, keys and values, each [T, size]. */
@inline
function gather(
  steps: i32,
  size: i32,
  width: i32,
  mixed: usize,
  queries: usize,
  keys: usize,
  values: usize,
  scale: f32,
): void {
  copyRows(steps, size, mixed, 3 * width, queries, size);
  copyRows(steps, size, mixed + floats(width), 3 * width, keys, size);
  copyRows(steps, size, mixed + floats(2 * width), 3 * width, values, size);
  multiply(steps * size, queries, scale);
}

/** x times a factor, in place. */
function multiply(count: i32, x: usize, factor: f32): void {
  const end = x + floats(count);
  for (; x + 16 <= end; x += 16) v128.store(x, f32x4.mul(v128.load(x), constant(factor)));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}
