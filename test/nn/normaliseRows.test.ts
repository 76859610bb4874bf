import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { startBackend } from "../../lib/nn/backend.js";
import { layerNormKernels } from "../../lib/nn/kernels/layerNorm.js";
import { type Machine, machineOf } from "../../lib/nn/kernels/machine.js";
import { perform } from "../../lib/nn/kernels/planned.js";
import { composedRows, normaliseRows } from "../../lib/nn/layers/normaliseRows.js";

const root = key("normalise rows");
beforeAll(async () => {
  await startBackend("wasm");
});

/** Shapes of x: no multiples of four, one row, one step, more replicas than one, and the size of a study. */
const SHAPES: readonly (readonly number[])[] = [
  [1, 3, 5, 7],
  [3, 2, 4, 18],
  [2, 5, 1, 4],
  [2, 9, 23],
  [1, 8, 60, 64],
];

const normal = (name: string, shape: readonly number[]): tf.Tensor =>
  tf.tensor(normals32(fold(root, name), tf.util.sizeFromShape([...shape])), [...shape]);

function setting(shape: readonly number[]) {
  const along = [shape[0]!, 1, shape.at(-1)!];
  const [x, scale, shift] = [normal("x", shape), normal("scale", along), normal("shift", along)];
  return { x, scale, shift, dy: normal("dy", shape) };
}

/** The weighted sum of normalised rows in float64. */
function lossOf(shape: readonly number[], [x, scale, shift, dy]: readonly ArrayLike<number>[]): number {
  const features = shape.at(-1)!;
  const rows = x!.length / features;
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const row = Array.from({ length: features }, (_, i) => x![n * features + i]!);
    const mean = row.reduce((a, b) => a + b, 0) / features;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / features;
    const from = Math.floor((n * shape[0]!) / rows) * features;
    row.forEach((value, i) => {
      const y = ((value - mean) / Math.sqrt(variance + 1e-5)) * scale![from + i]! + shift![from + i]!;
      loss += y * dy![n * features + i]!;
    });
  }
  return loss;
}

describe.each([
  ["plain", false],
  ["fused", true],
] as const)("the %s kernels", (_, fused) => {
  test.each(SHAPES.map((shape) => [shape]))("are the equation and its slopes: %j", (shape) => {
    const { x, scale, shift, dy } = setting(shape);
    const machine = machineOf(tf.backend() as tf.KernelBackend, fused) as Machine;
    const { vitradeLayerNorm, vitradeLayerNormGrad } = layerNormKernels(machine);
    const epsilon = 1e-5;
    const made = perform(vitradeLayerNorm!({ x, scale, shift }, { epsilon })!, machine) as tf.TensorInfo[];
    const [out, centred, spread, deviation] = made.map((info) =>
      tf.engine().makeTensorFromTensorInfo(info),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const inputs = [x, scale, shift, dy].map((each) => Array.from(each.dataSync()));
    const loss = out.mul(dy).sum().dataSync()[0]!;
    expect(Math.abs(loss - lossOf(shape, inputs))).toBeLessThan(1e-5 * x.size ** 0.5 * 10);
    const power = spread.pow(1.5);
    const work = vitradeLayerNormGrad!({ dy, centred, deviation, power, scale }, {})!;
    const slopes = perform(work, machine) as tf.TensorInfo[];
    const [byDifference, byMean, dScale, dShift] = slopes.map((info) =>
      tf.engine().makeTensorFromTensorInfo(info).dataSync(),
    );
    const ofX = byDifference!.map((d, i) => d + byMean![i]!);
    [ofX, dScale!, dShift!].forEach((found, which) => {
      const values = inputs[which]!;
      for (let i = 0; i < values.length; i += Math.ceil(values.length / 20)) {
        const here = values[i]!;
        values[i] = here + 1e-4;
        const above = lossOf(shape, inputs);
        values[i] = here - 1e-4;
        const slope = (above - lossOf(shape, inputs)) / 2e-4;
        values[i] = here;
        expect(Math.abs(found[i]! - slope)).toBeLessThan(2e-5 * Math.max(10, Math.abs(slope)));
      }
    });
  });
});

test.each(SHAPES.map((shape) => [shape]))(
  "values and gradients are the composed ones to the bit: %j",
  (shape) => {
    const { x, scale, shift, dy } = setting(shape);
    const [own, composed] = [normaliseRows, composedRows].map((normalise) =>
      tf.tidy(() => {
        // x is read once more, as by the connection around a normalised network.
        const layer = (...[x, a, b]: tf.Tensor[]) => x!.add(normalise(x!, a!, b!));
        const slopes = tf.grads(layer)([x, scale, shift], dy);
        return [layer(x, scale, shift), ...slopes].map((each) => Array.from(each.dataSync()));
      }),
    );
    expect(own).toEqual(composed);
    tf.dispose([x, scale, shift, dy]);
  },
);

test("rows that all replicas share are normalised by the scale of each", () => {
  const [x, scale, shift] = [normal("x", [1, 3, 5]), normal("a", [2, 1, 5]), normal("b", [2, 1, 5])];
  const got = normaliseRows(x, scale, shift);
  expect(got.shape).toEqual([2, 3, 5]);
  const second = normaliseRows(x, scale.slice([1], [1]), shift.slice([1], [1]));
  expect(got.dataSync().slice(15)).toEqual(second.dataSync());
});

test("a constant row becomes its shift, and no pass leaves a tensor behind", () => {
  const { scale, shift, dy } = setting([1, 3, 8]);
  const x = tf.fill([1, 3, 8], 7);
  const counts = () => ({ ...tf.memory(), ids: tf.engine().backend.numDataIds() });
  const before = counts();
  tf.tidy(() => {
    expect(normaliseRows(x, scale, shift).dataSync().slice(0, 8)).toEqual(shift.dataSync());
    tf.grad((x) => normaliseRows(x as tf.Tensor, scale, shift))(x as tf.Tensor, dy).dataSync();
  });
  expect(counts()).toEqual(before);
});
