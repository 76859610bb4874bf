/** Layer normalisation of rows, in the order of operations that TensorFlow.js has, so that the bits are the same. */
import { put, take } from "./blocks";
import { floats } from "./panels";
import { rowSum } from "./reduce";
import { constant } from "./vector";

/**
 * Each row less its mean, over its deviation, times scale, plus shift.
 *
 * @param share      1 / features
 * @param scale      [replicas, features], so too shift
 * @param out        takes [replicas, rows, features], so too centred
 * @param spread     takes the variance and epsilon of each row, deviation the root of its inverse
 */
export function layerNorm(
  replicas: i32,
  rows: i32,
  features: i32,
  share: f32,
  epsilon: f32,
  x: usize,
  scale: usize,
  shift: usize,
  out: usize,
  centred: usize,
  spread: usize,
  deviation: usize,
): void {
  const bytes = floats(features);
  for (let r = 0; r < replicas; r++, scale += bytes, shift += bytes) {
    for (let i = 0; i < rows; i++, x += bytes, out += bytes, centred += bytes, spread += 4, deviation += 4) {
      const mean = rowSum(features, x) * share;
      let at: usize = 0;
      for (; at + 16 <= bytes; at += 16) centre(true, at, x, mean, centred, out);
      for (; at < bytes; at += 4) centre(false, at, x, mean, centred, out);
      const variance: f32 = rowSum(features, out) * share + epsilon;
      const inverse: f32 = 1 / sqrt<f32>(variance);
      store<f32>(spread, variance);
      store<f32>(deviation, inverse);
      for (at = 0; at + 16 <= bytes; at += 16) place(true, at, centred, inverse, scale, shift, out);
      for (; at < bytes; at += 4) place(false, at, centred, inverse, scale, shift, out);
    }
  }
}

/** Less the mean, and the squares of that, for the time being, where the result will be. */
@inline
function centre(four: bool, at: usize, x: usize, mean: f32, centred: usize, squares: usize): void {
  const y = f32x4.sub(take(four, x + at), constant(mean));
  put(four, centred + at, y);
  put(four, squares + at, f32x4.mul(y, y));
}

@inline
function place(
  four: bool,
  at: usize,
  centred: usize,
  inverse: f32,
  scale: usize,
  shift: usize,
  out: usize,
): void {
  const y = f32x4.mul(f32x4.mul(take(four, centred + at), constant(inverse)), take(four, scale + at));
  put(four, out + at, f32x4.add(y, take(four, shift + at)));
}

/**
 * @param power     spread to the power 3/2
 * @param dCentred  takes the gradient of x as it enters the difference from the mean [replicas, rows, features]
 * @param dMean     takes that of x as it enters the mean
 * @param dScale    takes that of scale [replicas, features], dShift that of shift
 */
export function layerNormGradient(
  replicas: i32,
  rows: i32,
  features: i32,
  dy: usize,
  centred: usize,
  deviation: usize,
  power: usize,
  scale: usize,
  dCentred: usize,
  dMean: usize,
  dScale: usize,
  dShift: usize,
): void {
  const bytes = floats(features);
  for (let r = 0; r < replicas; r++) {
    memory.fill(dScale, 0, bytes);
    memory.fill(dShift, 0, bytes);
    for (let i = 0; i < rows; i++) {
      const inverse = load<f32>(deviation);
      const dOfMean = rowGradient(features, dy, centred, inverse, load<f32>(power), scale, dCentred);
      let at: usize = 0;
      for (; at + 16 <= bytes; at += 16) gather(true, at, dy, centred, inverse, dOfMean, dMean, dScale, dShift);
      for (; at < bytes; at += 4) gather(false, at, dy, centred, inverse, dOfMean, dMean, dScale, dShift);
      dy += bytes;
      centred += bytes;
      dCentred += bytes;
      dMean += bytes;
      deviation += 4;
      power += 4;
    }
    scale += bytes;
    dScale += bytes;
    dShift += bytes;
  }
}

/** Writes the gradient of the centred row and returns that of each number by way of the mean. */
@inline
function rowGradient(
  features: i32,
  dy: usize,
  centred: usize,
  inverse: f32,
  power: f32,
  scale: usize,
  dCentred: usize,
): f32 {
  const bytes = floats(features);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) weigh(true, at, dy, centred, scale, dCentred);
  for (; at < bytes; at += 4) weigh(false, at, dy, centred, scale, dCentred);
  const dSpread: f32 = -(rowSum(features, dCentred) / (power * 2));
  const dSquare: f32 = dSpread / <f32>features;
  for (at = 0; at + 16 <= bytes; at += 16) pass(true, at, dy, centred, inverse, dSquare, scale, dCentred);
  for (; at < bytes; at += 4) pass(false, at, dy, centred, inverse, dSquare, scale, dCentred);
  return -rowSum(features, dCentred) / <f32>features;
}

/** What the deviation's gradient is the sum of. */
@inline
function weigh(four: bool, at: usize, dy: usize, centred: usize, scale: usize, out: usize): void {
  const d = f32x4.mul(take(four, dy + at), take(four, scale + at));
  put(four, out + at, f32x4.mul(d, take(four, centred + at)));
}

@inline
function pass(
  four: bool,
  at: usize,
  dy: usize,
  centred: usize,
  inverse: f32,
  dSquare: f32,
  scale: usize,
  out: usize,
): void {
  const d = f32x4.mul(take(four, dy + at), take(four, scale + at));
  const bySquare = f32x4.mul(constant(dSquare), f32x4.mul(take(four, centred + at), constant(2)));
  put(four, out + at, f32x4.add(f32x4.mul(d, constant(inverse)), bySquare));
}

/** Spreads the mean's gradient along the row, and adds the row to those of scale and shift. */
@inline
function gather(
  four: bool,
  at: usize,
  dy: usize,
  centred: usize,
  inverse: f32,
  dOfMean: f32,
  dMean: usize,
  dScale: usize,
  dShift: usize,
): void {
  const d = take(four, dy + at);
  const normal = f32x4.mul(take(four, centred + at), constant(inverse));
  put(four, dMean + at, constant(dOfMean));
  put(four, dScale + at, f32x4.add(take(four, dScale + at), f32x4.mul(d, normal)));
  put(four, dShift + at, f32x4.add(take(four, dShift + at), d));
}
