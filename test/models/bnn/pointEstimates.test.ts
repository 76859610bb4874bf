import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import {
  forestPoint,
  leastSquares,
  linearPoint,
  neuralPoint,
} from "../../../lib/models/bnn/pointEstimates.js";
import { startBackend } from "../../../lib/nn/backend.js";

const root = key("point");
const rows = 600;
const x = normals(fold(root, "x"), rows * 3);
const noise = normals(fold(root, "noise"), rows);
const y = noise.map((e, n) => 2 * x[3 * n]! - x[3 * n + 1]! + 0.5 * e);
const design = { x, columns: 3, y };
const probes = Float64Array.from([1, -1, 0, -1, 1, 0]);

beforeAll(async () => {
  await startBackend("wasm");
});

test("VI-01: each baseline answers one number a row, on the right side", () => {
  const line = linearPoint(design)(probes);
  expect(line[0]).toBeCloseTo(3, 0);
  expect(line[1]).toBeCloseTo(-3, 0);
  const before = tf.memory().numTensors;
  for (const model of [
    neuralPoint(design, { hidden: 8, steps: 200, key: root }),
    forestPoint(design, { trees: 15, seed: 7 }),
  ]) {
    const [up, down] = model(probes);
    expect(up).toBeGreaterThan(0.8);
    expect(down).toBeLessThan(0.2);
  }
  expect(tf.memory().numTensors).toBe(before);
});

test("the same seed gives the same model", () => {
  expect(forestPoint(design, { trees: 5, seed: 7 })(x)).toEqual(
    forestPoint(design, { trees: 5, seed: 7 })(x),
  );
  const net = { hidden: 4, steps: 20, key: root };
  expect(neuralPoint(design, net)(x)).toEqual(neuralPoint(design, net)(x));
});

test("least squares leaves residuals orthogonal to the inputs, and ridge shrinks", () => {
  const weights = leastSquares(design);
  for (let i = 0; i < 3; i++) {
    let product = 0;
    for (let n = 0; n < rows; n++)
      product += x[3 * n + i]! * (y[n]! - linearPoint(design)(x.subarray(3 * n, 3 * n + 3))[0]!);
    expect(Math.abs(product)).toBeLessThan(1e-8);
  }
  expect(Math.abs(leastSquares(design, 1e4)[0]!)).toBeLessThan(Math.abs(weights[0]!) / 2);
  const twice = { x: Float64Array.from([1, 1, 2, 2]), columns: 2, y: Float64Array.from([1, 2]) };
  expect(() => leastSquares(twice)).toThrow("XᵀX: expected a positive definite matrix");
});
