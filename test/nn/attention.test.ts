import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { startBackend } from "../../lib/nn/backend.js";
import { attentionKernels } from "../../lib/nn/kernels/attention.js";
import { type Machine, machineOf } from "../../lib/nn/kernels/machine.js";
import { perform } from "../../lib/nn/kernels/planned.js";
import { composedAttention, selfAttention } from "../../lib/nn/layers/selfAttention.js";

const root = key("attention");
beforeAll(async () => {
  await startBackend("wasm");
});

/** Replicas, rows, steps, heads, numbers a head: no multiples of four, one step, one head, and the size of a study. */
type Sizes = readonly [number, number, number, number, number];
const SIZES: readonly Sizes[] = [
  [1, 2, 5, 2, 3],
  [2, 3, 1, 1, 4],
  [3, 1, 7, 1, 5],
  [2, 2, 9, 4, 8],
  [1, 1, 1, 1, 1],
  [1, 2, 60, 4, 16],
];

const normal = (name: string, shape: readonly number[]): tf.Tensor =>
  tf.tensor(normals32(fold(root, name), tf.util.sizeFromShape([...shape])), [...shape]);

function setting([replicas, rows, steps, heads, size]: Sizes) {
  const width = heads * size;
  const mixed = normal("mixed", [replicas, rows, steps, 3 * width]);
  return { mixed, dy: normal("dy", [replicas, rows, steps, width]), heads };
}

/** Attention in float64, by its equation. @param mixed values [R·B,T,3·width] @returns [R·B,T,width] */
function reference(mixed: ArrayLike<number>, [replicas, rows, steps, heads, size]: Sizes): number[] {
  const width = heads * size;
  const at = (n: number, t: number, part: number, h: number, i: number) =>
    mixed[(n * steps + t) * 3 * width + part * width + h * size + i]!;
  const out: number[] = [];
  for (let n = 0; n < replicas * rows; n++) {
    for (let t = 0; t < steps; t++) {
      for (let h = 0; h < heads; h++) {
        const scores = Array.from({ length: steps }, (_, s) => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += at(n, t, 0, h, i) * at(n, s, 1, h, i);
          return Math.exp(sum / Math.sqrt(size));
        });
        const total = scores.reduce((a, b) => a + b, 0);
        for (let i = 0; i < size; i++) {
          out.push(scores.reduce((sum, score, s) => sum + (score / total) * at(n, s, 2, h, i), 0));
        }
      }
    }
  }
  return out;
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  const gaps = Array.from(expected, (e, i) => Math.abs(got[i]! - e) / Math.max(1, Math.abs(e)));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(tolerance);
}

/** A kernel's outputs as numbers. */
function valuesOf(made: tf.TensorInfo | tf.TensorInfo[] | undefined): number[][] {
  const backend = tf.backend() as tf.KernelBackend;
  return [made!].flat().map((each) => {
    const all = backend.readSync(each.dataId) as Float32Array;
    const values = Array.from(all.slice(0, tf.util.sizeFromShape(each.shape)));
    backend.disposeData(each.dataId);
    return values;
  });
}

describe.each([
  ["plain", false],
  ["fused", true],
] as const)("the %s kernels", (_, fused) => {
  const machine = () => machineOf(tf.backend() as tf.KernelBackend, fused) as Machine;

  test.each(SIZES)("attend as the equation says: %d, %d, %d, %d, %d", (...sizes) => {
    const { mixed, heads } = setting(sizes);
    const on = machine();
    const work = attentionKernels(on).vitradeAttention!({ mixed }, { heads })!;
    const [attended] = valuesOf(perform(work, on));
    expectClose(attended!, reference(mixed.dataSync(), sizes), 1e-5);
    mixed.dispose();
  });

  test.each(SIZES)("pass back the slopes of the equation: %d, %d, %d, %d, %d", (...sizes) => {
    const { mixed, dy, heads } = setting(sizes);
    const on = machine();
    const { vitradeAttention, vitradeAttentionGrad } = attentionKernels(on);
    const [attended, shares] = perform(vitradeAttention!({ mixed }, { heads })!, on) as tf.TensorInfo[];
    const work = vitradeAttentionGrad!({ dy, mixed, shares: shares! }, { heads })!;
    const [slopes] = valuesOf(perform(work, on));
    for (const each of [attended!, shares!]) (tf.backend() as tf.KernelBackend).disposeData(each.dataId);
    const [x, weights] = [Array.from(mixed.dataSync()), dy.dataSync()];
    const loss = () => reference(x, sizes).reduce((sum, y, i) => sum + y * weights[i]!, 0);
    const step = 1e-5;
    for (let i = 0; i < x.length; i += Math.ceil(x.length / 60)) {
      const here = x[i]!;
      x[i] = here + step;
      const above = loss();
      x[i] = here - step;
      const slope = (above - loss()) / (2 * step);
      x[i] = here;
      expect(Math.abs(slopes![i]! - slope)).toBeLessThan(2e-5 * Math.max(1, Math.abs(slope)));
    }
    tf.dispose([mixed, dy]);
  });
});

test.each(SIZES)("values and gradients are the composed ones to the bit: %d, %d, %d, %d, %d", (...sizes) => {
  const { mixed, dy, heads } = setting(sizes);
  const [own, composed] = [selfAttention, composedAttention].map((attend) =>
    tf.tidy(() => {
      const grad = tf.grad((x) => attend(x as tf.Tensor, heads))(mixed, dy);
      return [Array.from(attend(mixed, heads).dataSync()), Array.from(grad.dataSync())];
    }),
  );
  expect(own).toEqual(composed);
  tf.dispose([mixed, dy]);
});

test("a window attends to itself alone, and to each of its steps alike where they are the same", () => {
  const [rows, steps, heads, width] = [2, 5, 2, 6];
  const step = normal("step", [1, rows, 1, 3 * width]);
  const mixed = step.tile([1, 1, steps, 1]);
  const values = step.slice([0, 0, 0, 2 * width], [1, rows, 1, width]).tile([1, 1, steps, 1]);
  expectClose(selfAttention(mixed, heads).dataSync(), values.dataSync(), 1e-6);
  const alone = selfAttention(mixed.slice([0, 1], [1, 1]), heads).dataSync();
  expect(
    selfAttention(mixed, heads)
      .dataSync()
      .slice(steps * width),
  ).toEqual(alone);
});

test("scores whose exponentials overflow still share out 1, and a NaN stays in its row", () => {
  const mixed = tf.tensor([1e3, 1e3, 2, 1e3, -1e3, 4, 1, 1, 5, 1, Number.NaN, 7], [1, 2, 2, 3]);
  const got = Array.from(selfAttention(mixed, 1).dataSync());
  expect(got.slice(0, 2)).toEqual([2, 2]);
  expect(got.slice(2)).toEqual([Number.NaN, Number.NaN]);
});

test("neither pass leaves a tensor behind", () => {
  const { mixed, dy, heads } = setting([2, 2, 9, 4, 8]);
  const counts = () => ({ ...tf.memory(), ids: tf.engine().backend.numDataIds() });
  const before = counts();
  tf.tidy(() =>
    tf
      .grad((x) => selfAttention(x as tf.Tensor, heads))(mixed, dy)
      .dataSync(),
  );
  expect(counts()).toEqual(before);
});
