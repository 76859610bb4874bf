import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import {
  linearRegressionTarget,
  logisticRegressionTarget,
  logSigmoid,
  sigmoid,
} from "../../../lib/models/inference/exact/regression.js";
import { tensorTarget } from "../../../lib/models/inference/exact/target.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { gradientError } from "../../support/simpleTargets.js";

const root = key("regression");
const rows = 12;
const columns = 3;
const x = normals(fold(root, "x"), rows * columns);
const linear = { x, columns, y: normals(fold(root, "y"), rows) };
const binary = { x, columns, y: uniforms(fold(root, "label"), rows).map(Math.round) };
const theta = Float64Array.from([0.4, -0.2, 1.1]);

beforeAll(async () => {
  await startBackend("wasm");
});

test("both gradients agree with finite differences, on all rows and on a batch", () => {
  for (const target of [linearRegressionTarget(linear, 0.3, 2), logisticRegressionTarget(binary, 2)]) {
    expect(gradientError(target, theta)).toBeLessThan(1e-8);
    expect(gradientError(target.onBatch([1, 5, 5, 7]), theta)).toBeLessThan(1e-8);
  }
});

test("VI-43: the batch targets average to the full one, value and gradient", () => {
  for (const target of [linearRegressionTarget(linear, 0.3, 2), logisticRegressionTarget(binary, 2)]) {
    const full = new Float64Array(columns);
    const value = target.evaluate(theta, full);
    const batches = [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ];
    const mean = new Float64Array(columns);
    let average = 0;
    for (const batch of batches) {
      const gradient = new Float64Array(columns);
      average += target.onBatch(batch).evaluate(theta, gradient) / batches.length;
      gradient.forEach((g, p) => {
        mean[p]! += g / batches.length;
      });
    }
    expect(average).toBeCloseTo(value, 10);
    mean.forEach((g, p) => {
      expect(g).toBeCloseTo(full[p]!, 10);
    });
  }
});

test("the sum through XᵀX equals the sum over rows", () => {
  const target = linearRegressionTarget(linear, 0.3, 2);
  const all = Array.from({ length: rows }, (_, n) => n);
  const scratch = new Float64Array(columns);
  expect(target.evaluate(theta, scratch)).toBeCloseTo(target.onBatch(all).evaluate(theta, scratch), 10);
});

test("a density differentiated by TensorFlow.js equals the hand-written one to float32", () => {
  const byHand = logisticRegressionTarget(binary, 2);
  const inputs = tf.tensor2d(Float32Array.from(x), [rows, columns]);
  const signs = tf.tensor1d(Float32Array.from(binary.y, (y) => 2 * y - 1));
  const automatic = tensorTarget(columns, (w) => {
    const eta = inputs
      .matMul(w.reshape([columns, 1]))
      .reshape([rows])
      .mul(signs);
    const prior = w
      .square()
      .sum()
      .mul(-0.25)
      .sub(0.5 * columns * Math.log(4 * Math.PI));
    return tf.softplus(eta.neg()).sum().neg().add(prior) as tf.Scalar;
  });
  const before = tf.memory().numTensors;
  const [a, b] = [new Float64Array(columns), new Float64Array(columns)];
  expect(automatic.evaluate(theta, a)).toBeCloseTo(byHand.evaluate(theta, b), 4);
  a.forEach((g, p) => {
    expect(g).toBeCloseTo(b[p]!, 4);
  });
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([inputs, signs]);
});

test("the sigmoid and its logarithm hold at the extremes", () => {
  expect([sigmoid(-800), sigmoid(0), sigmoid(800)]).toEqual([0, 0.5, 1]);
  expect([logSigmoid(-800), logSigmoid(0), logSigmoid(800)]).toEqual([-800, -Math.log(2), 0]);
});

test("bad input is refused with what came", () => {
  expect(() => linearRegressionTarget({ x, columns: 4, y: linear.y }, 1, 1)).toThrow(
    "x: expected 48 values, got 36",
  );
  expect(() => logisticRegressionTarget(linear, 1)).toThrow(/y\[0\]: expected 0 or 1/);
  expect(() => linearRegressionTarget(linear, 0, 1)).toThrow("noiseVar: expected a positive number, got 0");
});
