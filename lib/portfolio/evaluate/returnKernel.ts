/**
 * Returns of eight portfolios bar by bar as a WebAssembly function of two numbers an instruction: the inner loop of an evaluation.
 */

/** Portfolios at a time, in four vectors of two. */
export const TOGETHER = 8;

/** Memory that the kernel works in, and the kernel. */
export interface ReturnKernel {
  /** [A,8] */
  readonly side: Float64Array;
  /** [steps,8] */
  readonly earned: Float64Array;
  /** earned[t, k] = Σ returns[from + t, a] side[a, k], summed in the order of the assets as a plain loop would. */
  multiply(from: number, steps: number): void;
}

const BYTES = 8;
const PAGE = 65_536;

/** The kernel over returns [T,A], which it copies, in stretches of at most `most` bars. */
export function returnKernel(returns: Float64Array, assets: number, most: number): ReturnKernel {
  const sizes = [returns.length, assets * TOGETHER, most * TOGETHER].map((size) => Math.ceil(size / 2) * 2);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((BYTES * (sizes[0]! + sizes[1]! + sizes[2]!)) / PAGE),
  });
  const starts = [0, sizes[0]! * BYTES, (sizes[0]! + sizes[1]!) * BYTES] as const;
  new Float64Array(memory.buffer, 0, returns.length).set(returns);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { "": { memory } });
  const run = instance.exports.multiply as (...given: number[]) => void;
  return {
    side: new Float64Array(memory.buffer, starts[1], assets * TOGETHER),
    earned: new Float64Array(memory.buffer, starts[2], most * TOGETHER),
    multiply: (from, steps) => run(from * assets * BYTES, steps, assets, starts[1], starts[2]),
  };
}

const [I32, V128] = [0x7f, 0x7b];
/** Local variables by number: the arguments, two counters of the inner loop, four sums and a return. */
const [RETURNS, STEPS, ASSETS, SIDE, OUT, LEFT, AT, SUM, R] = [0, 1, 2, 3, 4, 5, 6, 7, 11] as const;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
/** An instruction of the vector set, 0xfd and its number in base 128. */
const vector = (code: number) => [0xfd, ...(code < 128 ? [code] : [(code & 127) | 128, code >> 7])];
const [LOAD, SPLAT, STORE] = [vector(0x00), vector(0x0a), vector(0x0b)];
const [ADD, MULTIPLY, ZERO] = [vector(0xf0), vector(0xf2), [...vector(0x0c), ...Array<number>(16).fill(0)]];
/** local += value, of at most 64 either way. */
const raise = (local: number, value: number) => {
  const low = value & 127;
  const constant = value === 64 ? [0xc0, 0x00] : [low];
  return [...get(local), 0x41, ...constant, 0x6a, ...set(local)];
};
const loop = (...body: readonly number[][]) => [0x03, 0x40, ...body.flat(), 0x0b];
/** Once more, while the local has not come down to zero. */
const againUnlessZero = (local: number) => [...raise(local, -1), ...get(local), 0x0d, 0x00];
const VECTORS = [0, 1, 2, 3];

/**
 * For each bar: sums at zero; for each asset: the return twice in a vector, times four vectors of weights, onto the sums; the sums out.
 *
 * Assembled here, because the few dozen instructions are less than a compiler and its build step.
 */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const place = (i: number) => [0x03, 16 * i]; // aligned to 8 bytes, 16 to the next vector
  const asset = loop(
    [...get(RETURNS), ...SPLAT, 0x03, 0x00, ...set(R)],
    ...VECTORS.map((i) => [
      ...[...get(SUM + i), ...get(R), ...get(AT), ...LOAD, ...place(i)],
      ...[...MULTIPLY, ...ADD, ...set(SUM + i)],
    ]),
    raise(RETURNS, BYTES),
    raise(AT, TOGETHER * BYTES),
    againUnlessZero(LEFT),
  );
  const bar = loop(
    ...VECTORS.map((i) => [...ZERO, ...set(SUM + i)]),
    [...get(SIDE), ...set(AT), ...get(ASSETS), ...set(LEFT)],
    asset,
    ...VECTORS.map((i) => [...get(OUT), ...get(SUM + i), ...STORE, ...place(i)]),
    raise(OUT, TOGETHER * BYTES),
    againUnlessZero(STEPS),
  );
  const body = [2, 2, I32, 5, V128, ...bar, 0x0b];
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, 0, ...text("memory"), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("multiply"), 0x00, 0]),
    ...section(10, [1, ...counted(body)]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...counted(content)];
}

/** Behind its length in base 128. */
function counted(content: readonly number[]): number[] {
  const { length } = content;
  return [...(length < 128 ? [length] : [(length & 127) | 128, length >> 7]), ...content];
}
