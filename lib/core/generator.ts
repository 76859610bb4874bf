/** The generator behind the keys: xoshiro128** and the draws made from its bits. */

/** Four words, never all zero; each draw moves it on. */
export type State = Int32Array;

/** 32 random bits, as a signed integer. */
function nextBits(s: State): number {
  const s1 = s[1]!;
  const product = Math.imul(s1, 5);
  const out = Math.imul((product << 7) | (product >>> 25), 9);
  const s2 = s[2]! ^ s[0]!;
  const s3 = s[3]! ^ s1;
  s[1] = s1 ^ s2;
  s[0] = s[0]! ^ s3;
  s[2] = s2 ^ (s1 << 9);
  s[3] = (s3 << 11) | (s3 >>> 21);
  return out;
}

/** In (0, 1), 53 bits. */
export function nextUniform(s: State): number {
  const high = nextBits(s) >>> 0;
  const low = nextBits(s) >>> 11;
  return (high * 0x200000 + low + 0.5) * 2 ** -53;
}

/** Uniform on 0 … below − 1 without bias (Lemire 2019). */
export function nextBelow(s: State, below: number): number {
  const limit = 2 ** 32 - (2 ** 32 % below);
  let bits = nextBits(s) >>> 0;
  while (bits >= limit) bits = nextBits(s) >>> 0;
  return bits % below;
}

const LAYERS = 128;
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const edge = new Float64Array(LAYERS + 1);
const ratio = new Float64Array(LAYERS);
{
  const density = Math.exp(-0.5 * TAIL * TAIL);
  edge[0] = AREA / density;
  edge[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const x = edge[i - 1]!;
    edge[i] = Math.sqrt(-2 * Math.log(AREA / x + Math.exp(-0.5 * x * x)));
  }
  edge[LAYERS] = 0;
  for (let i = 0; i < LAYERS; i++) ratio[i] = edge[i + 1]! / edge[i]!;
}

/** N(0, 1) by the ziggurat of 128 layers. */
export function nextNormal(s: State): number {
  const low = nextBits(s);
  const u = nextBits(s) * 2 ** -31 + (low >>> 7) * 2 ** -56; // in [-1, 1)
  const layer = low & 127;
  return Math.abs(u) < ratio[layer]! ? u * edge[layer]! : normalAtEdge(s, u, layer);
}

/** The normal that is asked for where a draw falls beside the inner part of its layer: in its wedge, in the tail, or drawn anew. */
function normalAtEdge(s: State, u: number, layer: number): number {
  if (layer === 0) return tailNormal(s, u < 0);
  const x = u * edge[layer]!;
  const top = Math.exp(-0.5 * (edge[layer]! ** 2 - x * x));
  const bottom = Math.exp(-0.5 * (edge[layer + 1]! ** 2 - x * x));
  return bottom + nextUniform(s) * (top - bottom) < 1 ? x : nextNormal(s);
}

/** What `nextNormal` would give one after the other, in the first `count` places; faster, as the state stays in variables. */
export function fillNormals(s: State, out: Float64Array, count: number): void {
  let s0 = s[0]!;
  let s1 = s[1]!;
  let s2 = s[2]!;
  let s3 = s[3]!;
  for (let i = 0; i < count; i++) {
    // nextBits twice
    let product = Math.imul(s1, 5);
    const low = Math.imul((product << 7) | (product >>> 25), 9);
    let t2 = s2 ^ s0;
    let t3 = s3 ^ s1;
    s2 = t2 ^ (s1 << 9);
    s1 ^= t2;
    s0 ^= t3;
    s3 = (t3 << 11) | (t3 >>> 21);
    product = Math.imul(s1, 5);
    const high = Math.imul((product << 7) | (product >>> 25), 9);
    t2 = s2 ^ s0;
    t3 = s3 ^ s1;
    s2 = t2 ^ (s1 << 9);
    s1 ^= t2;
    s0 ^= t3;
    s3 = (t3 << 11) | (t3 >>> 21);
    const u = high * 2 ** -31 + (low >>> 7) * 2 ** -56;
    const layer = low & 127;
    if (Math.abs(u) < ratio[layer]!) {
      out[i] = u * edge[layer]!;
      continue;
    }
    put(s, s0, s1, s2, s3);
    out[i] = normalAtEdge(s, u, layer);
    s0 = s[0]!;
    s1 = s[1]!;
    s2 = s[2]!;
    s3 = s[3]!;
  }
  put(s, s0, s1, s2, s3);
}

function put(s: State, s0: number, s1: number, s2: number, s3: number): void {
  s[0] = s0;
  s[1] = s1;
  s[2] = s2;
  s[3] = s3;
}

/** A normal beyond the last layer (Marsaglia 1964). */
function tailNormal(s: State, negative: boolean): number {
  for (;;) {
    const x = Math.log(nextUniform(s)) / TAIL;
    const y = Math.log(nextUniform(s));
    if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
  }
}

/** Gamma of the given shape and scale 1 (Marsaglia & Tsang 2000). */
export function nextGamma(s: State, shape: number): number {
  if (shape < 1) return nextGamma(s, shape + 1) * nextUniform(s) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = nextNormal(s);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(nextUniform(s)) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
