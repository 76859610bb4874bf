/** Functions of two tensors, number by number, either repeated along axes it does not have. */
import { constant } from "./vector";

/** The functions by number, as `kernels/elementwise.ts` has them. */
const ADD = 0;
const SUB = 1;
const MULTIPLY = 2;
const DIVIDE = 3;
const MAXIMUM = 4;
const MINIMUM = 5;
const SQUARED_DIFFERENCE = 6;
const LEAKY_GRADIENT = 7;
const CLIP_GRADIENT = 8;

/**
 * out [outer, middle, inner] = function of a and b.
 *
 * @param aOuter   floats between a's blocks, 0 where it has one; so too the other steps. Inner steps are 0 or 1.
 */
export function binary(
  operation: i32,
  outer: i32,
  middle: i32,
  inner: i32,
  a: usize,
  aOuter: i32,
  aMiddle: i32,
  aInner: i32,
  b: usize,
  bOuter: i32,
  bMiddle: i32,
  bInner: i32,
  out: usize,
  first: f32,
  second: f32,
): void {
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++) {
      const x = a + (<usize>(i * aOuter + j * aMiddle) << 2);
      const y = b + (<usize>(i * bOuter + j * bMiddle) << 2);
      run(operation, inner, x, aInner, y, bInner, out, first, second);
      out += <usize>inner << 2;
    }
  }
}

function run(
  operation: i32,
  n: i32,
  a: usize,
  aStep: i32,
  b: usize,
  bStep: i32,
  out: usize,
  first: f32,
  second: f32,
): void {
  switch (operation) {
    case ADD:
      return zipAdd(n, a, aStep, b, bStep, out);
    case SUB:
      return zipSub(n, a, aStep, b, bStep, out);
    case MULTIPLY:
      return zipMultiply(n, a, aStep, b, bStep, out);
    case DIVIDE:
      return zipDivide(n, a, aStep, b, bStep, out);
    case MAXIMUM:
      return zipMaximum(n, a, aStep, b, bStep, out);
    case MINIMUM:
      return zipMinimum(n, a, aStep, b, bStep, out);
    case SQUARED_DIFFERENCE:
      return zipSquaredDifference(n, a, aStep, b, bStep, out);
    case LEAKY_GRADIENT:
      return zipLeakyGradient(n, a, aStep, b, bStep, out, first);
    case CLIP_GRADIENT:
      return zipClipGradient(n, a, aStep, b, bStep, out, first, second);
  }
}

// Exported, each stays a function of its own: inlined into one for all, V8 runs the loops up to three times slower.

export function zipAdd(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(ADD, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipSub(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(SUB, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipMultiply(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(MULTIPLY, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipDivide(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(DIVIDE, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipMaximum(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(MAXIMUM, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipMinimum(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(MINIMUM, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipSquaredDifference(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize): void {
  zip(SQUARED_DIFFERENCE, n, a, aStep, b, bStep, out, 0, 0);
}

export function zipLeakyGradient(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize, first: f32): void {
  zip(LEAKY_GRADIENT, n, a, aStep, b, bStep, out, first, 0);
}

export function zipClipGradient(n: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize, first: f32, second: f32): void {
  zip(CLIP_GRADIENT, n, a, aStep, b, bStep, out, first, second);
}

@inline
function zip(
  operation: i32,
  n: i32,
  a: usize,
  aStep: i32,
  b: usize,
  bStep: i32,
  out: usize,
  first: f32,
  second: f32,
): void {
  const low = constant(first);
  const high = constant(second);
  const bytes = <usize>n << 2;
  const whole = bytes & ~15;
  let at: usize = 0;
  if (aStep == 0) {
    const x = v128.load_splat<f32>(a);
    for (; at < whole; at += 16) {
      v128.store(out + at, apply(operation, x, v128.load(b + at * bStep), low, high));
    }
  } else if (bStep == 0) {
    const y = v128.load_splat<f32>(b);
    for (; at < whole; at += 16) v128.store(out + at, apply(operation, v128.load(a + at), y, low, high));
  } else {
    for (; at + 64 <= bytes; at += 64) {
      v128.store(out + at, apply(operation, v128.load(a + at), v128.load(b + at), low, high));
      v128.store(out + at, apply(operation, v128.load(a + at, 16), v128.load(b + at, 16), low, high), 16);
      v128.store(out + at, apply(operation, v128.load(a + at, 32), v128.load(b + at, 32), low, high), 32);
      v128.store(out + at, apply(operation, v128.load(a + at, 48), v128.load(b + at, 48), low, high), 48);
    }
    for (; at < whole; at += 16) {
      v128.store(out + at, apply(operation, v128.load(a + at), v128.load(b + at), low, high));
    }
  }
  for (; at < bytes; at += 4) {
    const x = v128.load_splat<f32>(a + at * aStep);
    const y = v128.load_splat<f32>(b + at * bStep);
    store<f32>(out + at, f32x4.extract_lane(apply(operation, x, y, low, high), 0));
  }
}

/** The operation is known when this is compiled: one branch is left. */
@inline
function apply(operation: i32, x: v128, y: v128, first: v128, second: v128): v128 {
  if (operation == ADD) return f32x4.add(x, y);
  if (operation == SUB) return f32x4.sub(x, y);
  if (operation == MULTIPLY) return f32x4.mul(x, y);
  if (operation == DIVIDE) return f32x4.div(x, y);
  if (operation == MAXIMUM) return f32x4.max(x, y);
  if (operation == MINIMUM) return f32x4.min(x, y);
  if (operation == SQUARED_DIFFERENCE) {
    const d = f32x4.sub(x, y);
    return f32x4.mul(d, d);
  }
  if (operation == LEAKY_GRADIENT) return leakyGradient(x, y, first);
  return v128.and(x, v128.and(f32x4.ge(y, first), f32x4.le(y, second)));
}

/** The slope's part of dy where x is not above 0. */
@inline
function leakyGradient(dy: v128, x: v128, slope: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, slope), f32x4.gt(x, constant(0)));
}
