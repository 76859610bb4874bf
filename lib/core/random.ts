/**
 * Randomness as an argument: a key names a stream of numbers, and equal keys give equal numbers on every machine.
 *
 * A key is never consumed. Draw twice from one key and the same numbers come twice: derive a key a purpose with `fold`.
 * The generator is xoshiro128** (Blackman & Vigna 2021); normals by the ziggurat of Doornik 2005 with 53-bit uniforms.
 */
import { checkCount, checkPositive } from "./axes.js";
import { fillNormals, nextBelow, nextGamma, nextNormal, nextUniform, type State } from "./generator.js";

/** Names one stream of random numbers: 128 bits. */
export type Key = readonly [number, number, number, number];

/** Draws one number at a time, for algorithms that do not know how many they need. */
export interface Stream {
  /** In (0, 1), both ends excluded. */
  uniform(): number;
  normal(): number;
  /** An integer in 0 … below − 1. */
  integer(below: number): number;
  /** Gamma with shape `shape` and scale 1. */
  gamma(shape: number): number;
}

const SALT: Key = [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344]; // the digits of π

/**
 * The key of a seed: an integer, or a name.
 * @throws RangeError when a numeric seed is not a safe integer.
 */
export function key(seed: number | string): Key {
  return fold(SALT, seed);
}

/**
 * The key that `path` names below `parent`, such as `fold(root, "train", 3)`.
 *
 * Different names give unrelated streams; the number 3 and the text "3" are different names.
 * @throws RangeError when a number of the path is not a safe integer.
 */
export function fold(parent: Key, ...path: readonly (string | number)[]): Key {
  let words = parent;
  for (const part of path) words = mix(words, typeof part === "string" ? textWords(part) : numberWords(part));
  return words;
}

/**
 * Independent numbers [count] in (0, 1), both ends excluded, 53 bits each.
 * @throws RangeError when the count is not an integer of at least 0.
 */
export function uniforms(k: Key, count: number): Float64Array {
  return fill(k, new Float64Array(counted(count)), nextUniform);
}

/**
 * Independent draws [count] of N(0, 1).
 * @throws RangeError when the count is not an integer of at least 0.
 */
export function normals(k: Key, count: number): Float64Array {
  const out = new Float64Array(counted(count));
  fillNormals(seeded(k), out, count);
  return out;
}

/**
 * Independent draws [count] of N(0, 1), the same as those of `normals` rounded to float32.
 * @throws RangeError when the count is not an integer of at least 0.
 */
export function normals32(k: Key, count: number): Float32Array {
  const out = new Float32Array(counted(count));
  writeNormals(k, out);
  return out;
}

/** Puts the numbers of `normals32` into an array that is there, as many as it holds. @param out  [count] */
export function writeNormals(k: Key, out: Float32Array): void {
  const state = seeded(k);
  for (let from = 0; from < out.length; from += block.length) {
    const count = Math.min(block.length, out.length - from);
    fillNormals(state, block, count);
    for (let i = 0; i < count; i++) out[from + i] = block[i]!;
  }
}

/** Normals on their way to float32. */
const block = new Float64Array(256);

/**
 * Independent draws [count] of Gamma(shape, scale 1), of mean `shape`.
 * @throws RangeError when `shape` is not positive or the count not an integer of at least 0.
 * @see Marsaglia & Tsang 2000
 */
export function gammas(k: Key, count: number, shape: number): Float64Array {
  checkPositive("shape", shape);
  return fill(k, new Float64Array(counted(count)), (state) => nextGamma(state, shape));
}

/**
 * Integers [count], each uniform on 0 … below − 1.
 * @throws RangeError when `below` is not a positive integer or the count not an integer of at least 0.
 */
export function integers(k: Key, count: number, below: number): Uint32Array {
  checkCount("below", below);
  return fill(k, new Uint32Array(counted(count)), (state) => nextBelow(state, below));
}

/**
 * A uniformly random order [count] of 0 … count − 1 (Fisher & Yates).
 * @throws RangeError when the count is not an integer of at least 0.
 */
export function permutation(k: Key, count: number): Uint32Array {
  const state = seeded(k);
  const order = new Uint32Array(counted(count));
  for (let i = 0; i < count; i++) {
    const j = nextBelow(state, i + 1);
    order[i] = order[j]!;
    order[j] = i;
  }
  return order;
}

/** A generator that remembers where it is: for loops of unknown length only. */
export function stream(k: Key): Stream {
  const state = seeded(k);
  return {
    uniform: () => nextUniform(state),
    normal: () => nextNormal(state),
    integer: (below) => nextBelow(state, below),
    gamma: (shape) => nextGamma(state, shape),
  };
}

function counted(count: number): number {
  checkCount("count", count, 0);
  return count;
}

function fill<A extends Float64Array | Uint32Array>(k: Key, out: A, next: (state: State) => number): A {
  const state = seeded(k);
  for (let i = 0; i < out.length; i++) out[i] = next(state);
  return out;
}

function seeded(k: Key): State {
  const state = new Int32Array(4);
  for (let i = 0; i < 4; i++) state[i] = k[i]!;
  if ((k[0] | k[1] | k[2] | k[3]) === 0) state[0] = 1; // the one state xoshiro cannot leave
  return state;
}

function textWords(text: string): number[] {
  const words = [0x74657874, text.length];
  for (let i = 0; i < text.length; i++) words.push(text.charCodeAt(i));
  return words;
}

function numberWords(value: number): number[] {
  if (!Number.isSafeInteger(value)) throw new RangeError(`a key is made of integers and names, got ${value}`);
  return [0x6e756d62, value | 0, Math.floor(value / 2 ** 32) | 0];
}

/** Absorbs `words` into the four lanes of `parent`, after MurmurHash3 (Appleby 2011). */
function mix(parent: Key, words: readonly number[]): Key {
  let [a, b, c, d] = parent;
  for (const word of words) {
    a = rotate(a ^ scramble(word, 0x239b961b), 19) + b;
    b = rotate(b ^ scramble(word, 0xab0e9789), 17) + c;
    c = rotate(c ^ scramble(word, 0x38b34ae5), 15) + d;
    d = rotate(d ^ scramble(word, 0xa1e38b93), 13) + a;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    c = (Math.imul(c, 5) + 0x96cd1c35) | 0;
    d = (Math.imul(d, 5) + 0x32ac3b17) | 0;
  }
  for (let round = 0; round < 2; round++) {
    a = avalanche((a + b + c + d) | 0);
    b = avalanche((b + a) | 0);
    c = avalanche((c + a) | 0);
    d = avalanche((d + a) | 0);
  }
  return [a, b, c, d];
}

function scramble(word: number, factor: number): number {
  return Math.imul(rotate(Math.imul(word, factor), 15), 0xcc9e2d51);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
