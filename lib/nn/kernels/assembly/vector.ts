/** Elementary functions of four floats at once, to about an ulp; polynomials after Cephes (Moshier 1992). */

/** 1.5 · 2²³ */
const ROUND: f32 = 12582912;
/** The smallest float of full precision. */
const SMALLEST: f32 = 1.17549435e-38;

@inline
export function constant(value: f32): v128 {
  return f32x4.splat(value);
}

/** Picks from `yes` where the mask is set. */
@inline
function choose(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** a · x + b, rounded once where the module is compiled for fused operations, else after the product as well. */
@inline
export function madd(a: v128, x: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, x, b) : f32x4.add(b, f32x4.mul(a, x));
}

/** 1 where `madd` rounds once: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is then 2⁻²⁴, and else 0. The two numbers come from outside, unknown to a compiler. */
export function isFused(factor: f32, rest: f32): i32 {
  const x = f32x4.splat(factor);
  return i32(f32x4.extract_lane(madd(x, x, f32x4.splat(-rest)), 0) != 0);
}

/** a · x + b */
@inline
function horner(a: v128, x: v128, b: f32): v128 {
  return madd(a, x, constant(b));
}

/** eˣ: Infinity above 88.7, down to the subnormal numbers below, NaN kept. */
@inline
export function exp4(value: v128): v128 {
  let x = f32x4.pmin(f32x4.pmax(value, constant(-104)), constant(89));
  // Added to ROUND, a number keeps its whole part alone, in the low bits.
  const rounded = f32x4.add(f32x4.mul(x, constant(1.44269504)), constant(ROUND));
  const n = f32x4.sub(rounded, constant(ROUND));
  x = f32x4.sub(x, f32x4.mul(n, constant(0.693359375)));
  x = f32x4.sub(x, f32x4.mul(n, constant(-2.12194440e-4)));
  let y = constant(1.9875691500e-4);
  y = horner(y, x, 1.3981999507e-3);
  y = horner(y, x, 8.3334519073e-3);
  y = horner(y, x, 4.1665795894e-2);
  y = horner(y, x, 1.6666665459e-1);
  y = horner(y, x, 5.0000001201e-1);
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, x), x), x), constant(1));
  // In two halves, as 2ⁿ itself is no float at either end.
  const whole = i32x4.sub(rounded, constant(ROUND));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** The natural logarithm: −Infinity at 0, NaN below it. */
@inline
export function log4(value: v128): v128 {
  const small = f32x4.lt(value, constant(SMALLEST));
  const scaled = choose(small, f32x4.mul(value, constant(8388608)), value);
  return logEdges(value, logNormal(scaled, choose(small, i32x4.splat(149), i32x4.splat(126))));
}

/** The logarithm of positive numbers of full precision. @param bias of the exponent, 126 unless the value was scaled */
@inline
function logNormal(value: v128, bias: v128): v128 {
  let exponent = i32x4.sub(i32x4.shr_u(value, 23), bias);
  let m = v128.or(v128.and(value, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, constant(0.70710678));
  exponent = i32x4.add(exponent, low);
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), constant(1));
  const n = f32x4.convert_i32x4_s(exponent);
  const z = f32x4.mul(m, m);
  let y = constant(7.0376836292e-2);
  y = horner(y, m, -1.1514610310e-1);
  y = horner(y, m, 1.1676998740e-1);
  y = horner(y, m, -1.2420140846e-1);
  y = horner(y, m, 1.4249322787e-1);
  y = horner(y, m, -1.6668057665e-1);
  y = horner(y, m, 2.0000714765e-1);
  y = horner(y, m, -2.4999993993e-1);
  y = horner(y, m, 3.3333331174e-1);
  y = f32x4.mul(f32x4.mul(y, m), z);
  y = f32x4.add(y, f32x4.mul(n, constant(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(z, constant(0.5)));
  return f32x4.add(f32x4.add(m, y), f32x4.mul(n, constant(0.693359375)));
}

/** Infinity and NaN as they came, −Infinity for 0, NaN for what is negative. */
@inline
function logEdges(value: v128, y: v128): v128 {
  const usual = f32x4.lt(value, constant(Infinity));
  let out = choose(usual, y, value);
  out = choose(f32x4.eq(value, constant(0)), constant(-Infinity), out);
  return choose(f32x4.lt(value, constant(0)), constant(NaN), out);
}

/** log(1 + x), exact for small x as well (the correction of Kahan). */
@inline
export function log1p4(x: v128): v128 {
  const sum = f32x4.add(constant(1), x);
  const lost = f32x4.div(f32x4.sub(f32x4.sub(sum, constant(1)), x), sum);
  const y = f32x4.sub(log4(sum), lost);
  const plain = v128.or(f32x4.eq(sum, constant(Infinity)), f32x4.le(sum, constant(0)));
  return choose(f32x4.eq(x, constant(0)), x, choose(plain, log4(sum), y));
}

/** log(1 + eˣ), the exponential taken where it is at most 1. */
@inline
export function softplus4(x: v128): v128 {
  const u = exp4(f32x4.neg(f32x4.abs(x)));
  const sum = f32x4.add(constant(1), u);
  const lost = f32x4.div(f32x4.sub(f32x4.sub(sum, constant(1)), u), sum);
  const rest = f32x4.sub(logNormal(sum, i32x4.splat(126)), lost);
  return f32x4.add(f32x4.max(x, constant(0)), rest);
}

/** 1 / (1 + e⁻ˣ) */
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(constant(1), f32x4.add(constant(1), exp4(f32x4.neg(x))));
}

/** By a polynomial near 0, where 1 − 2 / (e²ˣ + 1) would lose its digits. */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const far = f32x4.sub(
    constant(1),
    f32x4.div(constant(2), f32x4.add(exp4(f32x4.add(size, size)), constant(1))),
  );
  const z = f32x4.mul(x, x);
  let y = constant(-5.70498872745e-3);
  y = horner(y, z, 2.06390887954e-2);
  y = horner(y, z, -5.37397155531e-2);
  y = horner(y, z, 1.33314422036e-1);
  y = horner(y, z, -3.33332819422e-1);
  const near = f32x4.add(f32x4.mul(f32x4.mul(y, z), x), x);
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return choose(f32x4.lt(size, constant(0.625)), near, signed);
}

/** x above 0, slope · x below. */
@inline
export function leaky4(x: v128, slope: v128): v128 {
  return choose(f32x4.lt(x, constant(0)), f32x4.mul(x, slope), x);
}
