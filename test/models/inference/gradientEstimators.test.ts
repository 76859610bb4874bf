import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key } from "../../../lib/core/random.js";
import { mean, standardDeviation, variance } from "../../../lib/core/stats.js";
import { gaussianTarget } from "../../../lib/models/inference/exact/target.js";
import {
  gradientColumn,
  gradientDraws,
} from "../../../lib/models/inference/variational/gradientEstimators.js";

const root = key("gradient estimators");
const centre = [1, -2];
const precision = fromRows([
  [2, -0.9],
  [-0.9, 1.5],
]);
const target = gaussianTarget(centre, precision);
const q = { mean: Float64Array.of(0.3, -1), sd: Float64Array.of(0.7, 1.2) };
const draws = 40_000;

/** The ELBO of N(m, diag exp 2·log s) in closed form, less its constant; parameters are m₁, m₂, log s₁, log s₂. */
function elbo(parameters: readonly number[]): number {
  let value = 0;
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 2; j++)
      value -= 0.5 * precision.get(i, j) * (parameters[i]! - centre[i]!) * (parameters[j]! - centre[j]!);
    value += parameters[2 + i]! - 0.5 * precision.get(i, i) * Math.exp(2 * parameters[2 + i]!);
  }
  return value;
}

const parameters = [...q.mean, ...q.sd.map(Math.log)];
const slopes = parameters.map((_, i) => {
  const moved = (by: number) => elbo(parameters.map((v, j) => (i === j ? v + by : v)));
  return (moved(1e-5) - moved(-1e-5)) / 2e-5;
});
const estimates = gradientDraws(target, q, draws, fold(root, "draws"));
const columnsOf = (values: Float64Array) => slopes.map((_, i) => gradientColumn(values, 2, i));

test("VI-12, VI-13: both estimates average to the slope of the exact ELBO", () => {
  for (const method of [estimates.score, estimates.pathwise]) {
    columnsOf(method).forEach((column, i) => {
      const error = standardDeviation(column) / Math.sqrt(draws);
      expect(Math.abs(mean(column) - slopes[i]!)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.2 * Math.max(...slopes.map(Math.abs)));
    });
  }
});

test("VI-13: the score's estimate is the noisier one of every parameter", () => {
  const [score, pathwise] = [columnsOf(estimates.score), columnsOf(estimates.pathwise)];
  score.forEach((column, i) => {
    expect(variance(pathwise[i]!)).toBeLessThan(variance(column) / 2);
  });
});

test("a constant in the target leaves the path and shakes the score", () => {
  const shifted = {
    dimension: 2,
    evaluate: (t: Float64Array, g: Float64Array) => target.evaluate(t, g) + 50,
  };
  const moved = gradientDraws(shifted, q, draws, fold(root, "draws"));
  expect(moved.pathwise).toEqual(estimates.pathwise);
  const column = gradientColumn(moved.score, 2, 0);
  expect(variance(column)).toBeGreaterThan(10 * variance(gradientColumn(estimates.score, 2, 0)));
  expect(Math.abs(mean(column) - slopes[0]!)).toBeLessThan(
    4 * (standardDeviation(column) / Math.sqrt(draws)),
  );
});

test("where q is the posterior the score's estimate is zero at every draw", () => {
  const exact = gaussianTarget(
    centre,
    fromRows([
      [4, 0],
      [0, 0.25],
    ]),
  );
  const { score } = gradientDraws(
    exact,
    { mean: Float64Array.from(centre), sd: Float64Array.of(0.5, 2) },
    200,
    root,
  );
  for (const value of score) expect(value).toBeCloseTo(0, 10);
});

test("one draw is on paper: N(0, 1) seen from q = N(1, 2²)", () => {
  const one = gaussianTarget([0], fromRows([[1]]));
  const at = { mean: Float64Array.of(1), sd: Float64Array.of(2) };
  const { score, pathwise } = gradientDraws(one, at, 1, root);
  const epsilon = (-pathwise[0]! - 1) / 2; // the slope at 1 + 2ε is −(1 + 2ε)
  const difference = -0.5 * (1 + 2 * epsilon) ** 2 + 0.5 * epsilon ** 2 + Math.log(2);
  expect(score[0]).toBeCloseTo((difference * epsilon) / 2, 12);
  expect(score[1]).toBeCloseTo(difference * (epsilon ** 2 - 1), 12);
  expect(pathwise[1]).toBeCloseTo(1 - 2 * epsilon * (1 + 2 * epsilon), 12);
});

test("a mean or deviation of the wrong length is refused", () => {
  expect(() => gradientDraws(target, { ...q, sd: Float64Array.of(1) }, 1, root)).toThrow(
    "sd: expected 2 values, got 1",
  );
  expect(() => gradientDraws(target, { ...q, mean: Float64Array.of(1) }, 1, root)).toThrow(
    "mean: expected 2 values, got 1",
  );
  expect(() => gradientDraws(target, q, 0, root)).toThrow("draws: expected an integer of at least 1, got 0");
});
