/** Sums along one axis, and what is made of them. */
import { constant, exp4 } from "./vector";

/** x [outer, along, inner] to [outer, inner], times `factor`. */
export function sum(outer: i32, along: i32, inner: i32, x: usize, out: usize, factor: f32): void {
  const step = <usize>(along * inner) << 2;
  for (let i = 0; i < outer; i++) {
    if (inner == 1) store<f32>(out, rowSum(along, x) * factor);
    else columnSums(along, inner, x, out, factor);
    x += step;
    out += <usize>inner << 2;
  }
}

/** In sixteen partial sums, which round less than one would. */
export function rowSum(n: i32, x: usize): f32 {
  let s0 = constant(0), s1 = s0, s2 = s0, s3 = s0;
  let k = 0;
  for (; k + 16 <= n; k += 16, x += 64) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
  }
  for (; k + 4 <= n; k += 4, x += 16) s0 = f32x4.add(s0, v128.load(x));
  let total = lanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (; k < n; k++, x += 4) total += load<f32>(x);
  return total;
}

@inline
function lanes(x: v128): f32 {
  const low: f32 = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2);
  return low + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3));
}

/** Sixteen columns at a time in registers, then four, then one. */
function columnSums(rows: i32, columns: i32, x: usize, out: usize, factor: f32): void {
  const step = <usize>columns << 2;
  const scale = constant(factor);
  let j = 0;
  for (; j + 16 <= columns; j += 16) {
    let s0 = constant(0), s1 = s0, s2 = s0, s3 = s0;
    let at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++, at += step) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    const to = out + (<usize>j << 2);
    v128.store(to, f32x4.mul(s0, scale));
    v128.store(to, f32x4.mul(s1, scale), 16);
    v128.store(to, f32x4.mul(s2, scale), 32);
    v128.store(to, f32x4.mul(s3, scale), 48);
  }
  for (; j + 4 <= columns; j += 4) {
    let s = constant(0);
    let at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++, at += step) s = f32x4.add(s, v128.load(at));
    v128.store(out + (<usize>j << 2), f32x4.mul(s, scale));
  }
  for (; j < columns; j++) {
    let s: f32 = 0;
    let at = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++, at += step) s += load<f32>(at);
    store<f32>(out + (<usize>j << 2), s * factor);
  }
}

/** Softmax of each row of [rows, n], by its maximum, so that no exponential overflows. */
export function softmax(rows: i32, n: i32, x: usize, out: usize): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, x += bytes, out += bytes) {
    const top = constant(rowMaximum(n, x));
    let sums = constant(0);
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      const y = exp4(f32x4.sub(v128.load(x + at), top));
      sums = f32x4.add(sums, y);
      v128.store(out + at, y);
    }
    let total = lanes(sums);
    for (; at < bytes; at += 4) {
      const y = f32x4.extract_lane(exp4(f32x4.sub(v128.load_splat<f32>(x + at), top)), 0);
      total += y;
      store<f32>(out + at, y);
    }
    const share = constant(1 / total);
    for (at = 0; at + 16 <= bytes; at += 16) v128.store(out + at, f32x4.mul(v128.load(out + at), share));
    for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(out + at) * (1 / total));
  }
}

/** Without its NaNs, which reach the sum by their own exponentials. */
function rowMaximum(n: i32, x: usize): f32 {
  let best = constant(-Infinity);
  let k = 0;
  for (; k + 4 <= n; k += 4) best = f32x4.pmax(best, v128.load(x + (<usize>k << 2)));
  const low = max<f32>(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1));
  let top = max<f32>(low, max<f32>(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)));
  for (; k < n; k++) top = max<f32>(top, load<f32>(x + (<usize>k << 2)));
  return top;
}

/** Gradient of what the softmax of each row was taken of, from its shares y and their gradient dy: (dy − Σ dy·y) · y; `out` may be dy. */
export function softmaxGradient(rows: i32, n: i32, dy: usize, y: usize, out: usize): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++, dy += bytes, y += bytes, out += bytes) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
    }
    for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(dy + at) * load<f32>(y + at));
    const total = rowSum(n, out);
    for (at = 0; at + 16 <= bytes; at += 16) {
      const shared = f32x4.mul(constant(total), v128.load(y + at));
      v128.store(out + at, f32x4.sub(v128.load(out + at), shared));
    }
    for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(out + at) - total * load<f32>(y + at));
  }
}
