/** Adam with decoupled weight decay and clipping by a replica's own norm, on flat parameters. */

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f32 = 1e-8;
/** Squares summed in float32 before they enter the sum in float64. */
const BLOCK: i32 = 256;

/**
 * A step of `replicas` times `size` parameters; the count of steps made, the learning rate, the weight decay and the clip are
 * addresses of numbers.
 *
 * @param rateStride  0 where the replicas share a learning rate, 1 where each has its own
 * @see Kingma & Ba 2015; Loshchilov & Hutter 2019
 */
export function adam(
  replicas: i32,
  size: i32,
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  nextParameters: usize,
  nextFirst: usize,
  nextSecond: usize,
  nextCount: usize,
  count: usize,
  learningRate: usize,
  rateStride: i32,
  weightDecay: usize,
  clip: usize,
): void {
  store<f32>(nextCount, load<f32>(count) + 1);
  for (let r = 0; r < replicas; r++) {
    const from = <usize>(r * size) << 2;
    adamOfReplica(
      size,
      parameters + from,
      gradient + from,
      first + from,
      second + from,
      nextParameters + from,
      nextFirst + from,
      nextSecond + from,
      <i32>load<f32>(nextCount),
      load<f32>(learningRate + (<usize>(r * rateStride) << 2)),
      load<f32>(weightDecay),
      load<f32>(clip),
    );
  }
}

/** @param steps steps made with this one @param clip largest norm of the gradient, Infinity for none */
function adamOfReplica(
  size: i32,
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  nextParameters: usize,
  nextFirst: usize,
  nextSecond: usize,
  steps: i32,
  learningRate: f32,
  weightDecay: f32,
  clip: f32,
): void {
  const scale = clipScale(size, gradient, clip);
  const rate = <f32>(<f64>learningRate / (1 - power(BETA1, steps)));
  const correction = <f32>(1 / sqrt(1 - power(BETA2, steps)));
  const kept: f32 = 1 - learningRate * weightDecay;
  const bytes = <usize>size << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const g = f32x4.mul(v128.load(gradient + at), f32x4.splat(scale));
    const m = blend(v128.load(first + at), g, <f32>BETA1);
    const v = blend(v128.load(second + at), f32x4.mul(g, g), <f32>BETA2);
    v128.store(nextFirst + at, m);
    v128.store(nextSecond + at, v);
    const p = v128.load(parameters + at);
    v128.store(nextParameters + at, moved(p, m, v, rate, correction, kept));
  }
  for (; at < bytes; at += 4) {
    const g = f32x4.mul(v128.load_splat<f32>(gradient + at), f32x4.splat(scale));
    const m = blend(v128.load_splat<f32>(first + at), g, <f32>BETA1);
    const v = blend(v128.load_splat<f32>(second + at), f32x4.mul(g, g), <f32>BETA2);
    store<f32>(nextFirst + at, f32x4.extract_lane(m, 0));
    store<f32>(nextSecond + at, f32x4.extract_lane(v, 0));
    const p = moved(v128.load_splat<f32>(parameters + at), m, v, rate, correction, kept);
    store<f32>(nextParameters + at, f32x4.extract_lane(p, 0));
  }
}

@inline
function blend(average: v128, value: v128, keep: f32): v128 {
  return f32x4.add(f32x4.mul(average, f32x4.splat(keep)), f32x4.mul(value, f32x4.splat(1 - keep)));
}

@inline
function moved(p: v128, m: v128, v: v128, rate: f32, correction: f32, kept: f32): v128 {
  const spread = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(EPSILON));
  return f32x4.sub(f32x4.mul(p, f32x4.splat(kept)), f32x4.div(f32x4.mul(m, f32x4.splat(rate)), spread));
}

/** What the gradient is multiplied by: clip over its norm, at most 1; NaN where it holds a NaN. */
function clipScale(size: i32, gradient: usize, clip: f32): f32 {
  let squares: f64 = 0;
  for (let from = 0; from < size; from += BLOCK) {
    squares += blockSquares(gradient, from, min(from + BLOCK, size));
  }
  const norm = <f32>sqrt(squares);
  return norm == 0 ? 1 : min<f32>(1, clip / norm);
}

function blockSquares(gradient: usize, from: i32, to: i32): f64 {
  let sum = f32x4.splat(0);
  let other = f32x4.splat(0);
  let i = from;
  for (; i + 8 <= to; i += 8) {
    const g = v128.load(gradient + (<usize>i << 2));
    const h = v128.load(gradient + (<usize>i << 2), 16);
    sum = f32x4.add(sum, f32x4.mul(g, g));
    other = f32x4.add(other, f32x4.mul(h, h));
  }
  sum = f32x4.add(sum, other);
  let total =
    <f64>f32x4.extract_lane(sum, 0) +
    <f64>f32x4.extract_lane(sum, 1) +
    <f64>f32x4.extract_lane(sum, 2) +
    <f64>f32x4.extract_lane(sum, 3);
  for (; i < to; i++) {
    const g = <f64>load<f32>(gradient + (<usize>i << 2));
    total += g * g;
  }
  return total;
}

/** base to a whole power: the same bits on every machine. */
function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1;
  for (let square = base, rest = exponent; rest > 0; rest >>= 1, square *= square) {
    if (rest & 1) result *= square;
  }
  return result;
}
