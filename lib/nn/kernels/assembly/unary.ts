/** Functions of one tensor, number by number. */
import { constant, exp4, leaky4, log1p4, log4, sigmoid4, softplus4, tanh4 } from "./vector";

/** The functions by number, as `kernels/elementwise.ts` has them. */
const EXP = 0;
const LOG = 1;
const LOG1P = 2;
const TANH = 3;
const SIGMOID = 4;
const SOFTPLUS = 5;
const SQRT = 6;
const RSQRT = 7;
const SQUARE = 8;
const NEG = 9;
const RELU = 10;
const LEAKY_RELU = 11;
const STEP = 12;
const CLIP = 13;

/** out = function of x, `count` numbers. @param first slope of leakyRelu, step below 0, or lower bound @param second upper bound */
export function unary(operation: i32, count: i32, x: usize, out: usize, first: f32, second: f32): void {
  switch (operation) {
    case EXP:
      return mapExp(count, x, out);
    case LOG:
      return mapLog(count, x, out);
    case LOG1P:
      return mapLog1p(count, x, out);
    case TANH:
      return mapTanh(count, x, out);
    case SIGMOID:
      return mapSigmoid(count, x, out);
    case SOFTPLUS:
      return mapSoftplus(count, x, out);
    case SQRT:
      return mapSqrt(count, x, out);
    case RSQRT:
      return mapRsqrt(count, x, out);
    case SQUARE:
      return mapSquare(count, x, out);
    case NEG:
      return mapNeg(count, x, out);
    case RELU:
      return mapRelu(count, x, out);
    case LEAKY_RELU:
      return mapLeakyRelu(count, x, out, first);
    case STEP:
      return mapStep(count, x, out, first);
    case CLIP:
      return mapClip(count, x, out, first, second);
  }
}

// Exported, each stays a function of its own: inlined into one for all, V8 runs the loops up to three times slower.

export function mapExp(count: i32, x: usize, out: usize): void {
  map(EXP, count, x, out, 0, 0);
}

export function mapLog(count: i32, x: usize, out: usize): void {
  map(LOG, count, x, out, 0, 0);
}

export function mapLog1p(count: i32, x: usize, out: usize): void {
  map(LOG1P, count, x, out, 0, 0);
}

export function mapTanh(count: i32, x: usize, out: usize): void {
  map(TANH, count, x, out, 0, 0);
}

export function mapSigmoid(count: i32, x: usize, out: usize): void {
  map(SIGMOID, count, x, out, 0, 0);
}

export function mapSoftplus(count: i32, x: usize, out: usize): void {
  map(SOFTPLUS, count, x, out, 0, 0);
}

export function mapSqrt(count: i32, x: usize, out: usize): void {
  map(SQRT, count, x, out, 0, 0);
}

export function mapRsqrt(count: i32, x: usize, out: usize): void {
  map(RSQRT, count, x, out, 0, 0);
}

export function mapSquare(count: i32, x: usize, out: usize): void {
  map(SQUARE, count, x, out, 0, 0);
}

export function mapNeg(count: i32, x: usize, out: usize): void {
  map(NEG, count, x, out, 0, 0);
}

export function mapRelu(count: i32, x: usize, out: usize): void {
  map(RELU, count, x, out, 0, 0);
}

export function mapLeakyRelu(count: i32, x: usize, out: usize, first: f32): void {
  map(LEAKY_RELU, count, x, out, first, 0);
}

export function mapStep(count: i32, x: usize, out: usize, first: f32): void {
  map(STEP, count, x, out, first, 0);
}

export function mapClip(count: i32, x: usize, out: usize, first: f32, second: f32): void {
  map(CLIP, count, x, out, first, second);
}

@inline
function map(operation: i32, count: i32, x: usize, out: usize, first: f32, second: f32): void {
  const low = constant(first);
  const high = constant(second);
  const bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    v128.store(out + at, apply(operation, v128.load(x + at), low, high));
    v128.store(out + at, apply(operation, v128.load(x + at, 16), low, high), 16);
    v128.store(out + at, apply(operation, v128.load(x + at, 32), low, high), 32);
    v128.store(out + at, apply(operation, v128.load(x + at, 48), low, high), 48);
  }
  for (; at + 16 <= bytes; at += 16) v128.store(out + at, apply(operation, v128.load(x + at), low, high));
  for (; at < bytes; at += 4) {
    const y = apply(operation, v128.load_splat<f32>(x + at), low, high);
    store<f32>(out + at, f32x4.extract_lane(y, 0));
  }
}

/** The operation is known when this is compiled: one branch is left. */
@inline
function apply(operation: i32, x: v128, first: v128, second: v128): v128 {
  if (operation == EXP) return exp4(x);
  if (operation == LOG) return log4(x);
  if (operation == LOG1P) return log1p4(x);
  if (operation == TANH) return tanh4(x);
  if (operation == SIGMOID) return sigmoid4(x);
  if (operation == SOFTPLUS) return softplus4(x);
  if (operation == SQRT) return f32x4.sqrt(x);
  if (operation == RSQRT) return f32x4.div(constant(1), f32x4.sqrt(x));
  if (operation == SQUARE) return f32x4.mul(x, x);
  if (operation == NEG) return f32x4.neg(x);
  if (operation == RELU) return f32x4.max(x, constant(0));
  if (operation == LEAKY_RELU) return leaky4(x, first);
  if (operation == STEP) return step4(x, first);
  return f32x4.min(f32x4.max(x, first), second);
}

/** 1 above 0, `below` elsewhere, NaN kept. */
@inline
function step4(x: v128, below: v128): v128 {
  const y = v128.bitselect(constant(1), below, f32x4.gt(x, constant(0)));
  return v128.bitselect(y, x, f32x4.eq(x, x));
}
