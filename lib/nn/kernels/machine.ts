/** The wasm backend's memory and the compiled kernels that work in it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { allowFusedOperations } from "../../core/index.js";

/** Addresses are bytes in the backend's memory, counts are elements; what each does stands in assembly/. */
export interface Exports {
  adam(...addressesAndSizes: number[]): void;
  attention(...addressesAndSizes: number[]): void;
  attentionGradient(...addressesAndSizes: number[]): void;
  attentionScratch(steps: number, size: number): number;
  binary(...addressesAndSizes: number[]): void;
  gemm(...addressesAndSizes: number[]): void;
  gemmScratch(transposeA: number, rows: number, inner: number): number;
  layerNorm(...addressesAndSizes: number[]): void;
  layerNormGradient(...addressesAndSizes: number[]): void;
  lstmScratch(steps: number, rows: number, units: number): number;
  lstmSequence(...addressesAndSizes: number[]): void;
  lstmSequenceGradient(...addressesAndSizes: number[]): void;
  copyRows(rows: number, length: number, from: number, fromStep: number, to: number, toStep: number): void;
  swapMiddle(a: number, b: number, c: number, d: number, from: number, to: number): void;
  softmax(rows: number, columns: number, x: number, out: number): void;
  sum(outer: number, along: number, inner: number, x: number, out: number, factor: number): void;
  isFused(factor: number, rest: number): number;
  unary(operation: number, count: number, x: number, out: number, first: number, second: number): void;
}

/** What the kernels use of tfjs's wasm backend. */
interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory?: unknown };
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  incRef(dataId: object): void;
}

/** The memory of a wasm backend. */
export interface Memory {
  /** Where a tensor's data lies until it is disposed of. */
  address(dataId: object): number;
  /** Its first `count` float32 numbers as they lie, until memory is taken. */
  numbers(dataId: object, count: number): Float32Array;
  /** A new float32 tensor of undefined values. */
  output(shape: readonly number[]): tf.TensorInfo;
  /** The same values in another shape, without a copy. */
  alias(tensor: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo;
  /** The address of `bytes` bytes that are the caller's until `giveBack`. @throws RangeError when there is no more memory. */
  take(bytes: number): number;
  giveBack(address: number): void;
}

/** The compiled kernels beside the backend that owns the memory. */
export interface Machine extends Memory {
  readonly code: Exports;
}

/** The memory of the wasm backend. */
export function memoryOf(backend: tf.KernelBackend): Memory {
  const owner = backend as unknown as WasmBackend;
  const { wasm, dataIdMap } = owner;
  return {
    address: (dataId) => dataIdMap.get(dataId).memoryOffset,
    numbers: (dataId, count) =>
      new Float32Array(wasm.HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, count),
    output: (shape) => owner.makeOutput(shape, "float32"),
    alias: (tensor, shape) => {
      owner.incRef(tensor.dataId);
      return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
    },
    take: (bytes) => {
      const address = wasm._malloc(bytes) >>> 0;
      if (address === 0) throw new RangeError(`wasm memory: expected ${bytes} bytes more, got none`);
      return address;
    },
    giveBack: (address) => wasm._free(address),
  };
}

/**
 * The kernels bound to the memory of the running wasm backend; undefined where that memory cannot be shared or where vectors of
 * four floats are unknown.
 * @param fused  use fused multiply-add where engine and processor have it; each product and sum is rounded on its own elsewhere
 * @throws Error when the kernels are not compiled.
 */
export function machineOf(backend: tf.KernelBackend, fused: boolean): Machine | undefined {
  const memory = (backend as unknown as WasmBackend).wasm?.asm?.memory;
  // Threads would need kernels compiled for a shared memory.
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof ArrayBuffer)) return undefined;
  const code = (fused && fusedCode(memory)) || codeOf("kernels.wasm", memory);
  return code && { code, ...memoryOf(backend) };
}

/** The compiled kernels, or nothing where the engine does not know their instructions. */
function codeOf(name: string, memory: WebAssembly.Memory): Exports | undefined {
  const bytes = new Uint8Array(readFileSync(compiledFile(name)));
  if (!WebAssembly.validate(bytes)) return undefined;
  const module = new WebAssembly.Module(bytes);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
}

/** The kernels with fused multiply-add, or nothing where engine or processor would round twice. */
function fusedCode(memory: WebAssembly.Memory): Exports | undefined {
  const name = "kernels.fused.wasm";
  let code = codeOf(name, memory);
  if (!code) {
    allowFusedOperations();
    code = codeOf(name, memory);
  }
  return code?.isFused(1 + 2 ** -12, 1 + 2 ** -11) === 1 ? code : undefined;
}

/** Beside the compiled library, whether this file runs from there or from its source. */
function compiledFile(name: string): string {
  const places = [__dirname, join(__dirname, "..", "..", "dist", "nn", "kernels")];
  const found = places.map((place) => join(place, name)).find(existsSync);
  if (found) return found;
  throw new Error(`${name}: expected it in ${places.join(" or ")}, found none; npm run build makes it`);
}

/** Product of a shape's axes from `begin` to before `end`. */
export function sizeOf(shape: readonly number[], begin = 0, end = shape.length): number {
  let size = 1;
  for (let axis = begin; axis < end; axis++) size *= shape[axis]!;
  return size;
}

export function isFloat(tensor: tf.TensorInfo): boolean {
  return tensor.dtype === "float32";
}

/** An axis counted from the end as one counted from the start. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
