import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test, vi } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { kernelChoice } from "../../lib/core/settings.js";
import { startBackend } from "../../lib/nn/backend.js";
import { type Machine, machineOf } from "../../lib/nn/kernels/machine.js";
import { matMulKernels } from "../../lib/nn/kernels/matMul.js";
import { perform } from "../../lib/nn/kernels/planned.js";

const root = key("fused");
/** (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴, which a product rounded to float32 has lost. */
const [FACTOR, SHIFT] = [1 + 2 ** -12, -(1 + 2 ** -11)];

let [fused, unfused]: (Machine | undefined)[] = [];
beforeAll(async () => {
  await startBackend("wasm");
  const backend = tf.backend() as tf.KernelBackend;
  [fused, unfused] = [machineOf(backend, true), machineOf(backend, false)];
});

/** x · weight + bias of [rows, inner] and [inner, columns]. */
function dense(machine: Machine, x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): Float32Array {
  const work = matMulKernels(machine).vitradeDense!({ x, weight, bias }, {})!;
  const out = perform(work, machine) as tf.TensorInfo;
  const values = (tf.backend() as tf.KernelBackend).readSync(out.dataId) as Float32Array;
  (tf.backend() as tf.KernelBackend).disposeData(out.dataId);
  return values.slice(0, tf.util.sizeFromShape(out.shape));
}

test("with fused multiply-add a product enters its sum unrounded, in every place of a tile", () => {
  for (const [rows, columns] of [
    [1, 8],
    [4, 8],
    [7, 11],
  ] as const) {
    const x = tf.fill([1, rows, 1], FACTOR);
    const weight = tf.fill([1, 1, columns], FACTOR);
    const bias = tf.fill([1, 1, columns], SHIFT);
    // Without the instruction both are the same kernels.
    const expected = new Set([fused!.code.isFused(FACTOR, -SHIFT) === 1 ? 2 ** -24 : 0]);
    expect(new Set(dense(fused!, x, weight, bias))).toEqual(expected);
    expect(new Set(dense(unfused!, x, weight, bias))).toEqual(new Set([0]));
    tf.dispose([x, weight, bias]);
  }
});

test("either kind is the sum of products in float64, to the rounding of float32", () => {
  const [rows, inner, columns] = [13, 150, 21];
  const of = (name: string, shape: number[]) =>
    tf.tensor(normals32(fold(root, name), tf.util.sizeFromShape(shape)), shape);
  const [x, w, b] = [of("x", [1, rows, inner]), of("w", [1, inner, columns]), of("b", [1, 1, columns])];
  const [xs, ws, bs] = [x.dataSync(), w.dataSync(), b.dataSync()];
  for (const machine of [fused!, unfused!]) {
    dense(machine, x, w, b).forEach((value, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = bs[j]!;
      for (let k = 0; k < inner; k++) sum += xs[i * inner + k]! * ws[k * columns + j]!;
      expect(Math.abs(value - sum)).toBeLessThan(2e-5 * (1 + Math.abs(sum)));
    });
  }
  tf.dispose([x, w, b]);
});

test("kernels are own, fused or stock", () => {
  for (const choice of ["own", "fused", "stock"]) {
    vi.stubEnv("VITRADE_KERNELS", choice);
    expect(kernelChoice()).toBe(choice);
  }
  vi.stubEnv("VITRADE_KERNELS", "fast");
  expect(() => kernelChoice()).toThrow("VITRADE_KERNELS: expected own, fused or stock, got fast");
  vi.unstubAllEnvs();
});
