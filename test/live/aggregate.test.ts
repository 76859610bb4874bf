import fc from "fast-check";
import { expect, test } from "vitest";
import { aggregate } from "../../lib/live/aggregate.js";
import { normalProbability, normalQuantile } from "../../lib/prob/gaussian.js";
import { mixtureQuantile } from "../../lib/prob/uncertainty.js";

/** Draws of one row. */
function draws(mean: readonly number[], variance: readonly number[]) {
  return { draws: mean.length, rows: 1, returns: { draws: mean.length, mean, variance } };
}
const plain = { unit: { centre: 0, deviation: 1 }, level: 0.9 };

// VI-95, BN-71
test("two draws at ±1 of variances 2 and 4: the mean is 0, the noise 3, the doubt 1, their sum the variance", () => {
  const outlook = aggregate(draws([-1, 1], [2, 4]), 0, plain);
  expect([outlook.mean, outlook.aleatoric, outlook.epistemic, outlook.sd]).toEqual([0, 3, 1, 2]);
});

test("one draw has the interval of its normal, in the unit of returns", () => {
  const unit = { centre: 0.001, deviation: 0.02 };
  const { mean, sd, interval } = aggregate(draws([0.5], [4]), 0, { unit, level: 0.68 });
  expect([mean, sd]).toEqual([0.011, 0.04]);
  expect(interval[0]).toBeCloseTo(normalQuantile(0.16, 0.011, 0.04), 12);
  expect(interval[1]).toBeCloseTo(normalQuantile(0.84, 0.011, 0.04), 12);
});

test("the interval holds its share of the mixture, whatever the draws", () => {
  const numbers = (least: number, most: number) =>
    fc.array(fc.double({ min: least, max: most, noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      numbers(-50, 50),
      numbers(-3, 3),
      fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      (means, logs, level) => {
        const variances = logs.map((v) => Math.exp(v));
        const { interval } = aggregate(draws(means, variances), 0, { ...plain, level });
        const below = (x: number) =>
          means.reduce((sum, m, s) => sum + normalProbability(x, m, Math.sqrt(variances[s]!)), 0) / 12;
        expect(below(interval[0])).toBeCloseTo(0.5 - level / 2, 6);
        expect(below(interval[1])).toBeCloseTo(0.5 + level / 2, 6);
      },
    ),
    { numRuns: 300 },
  );
});

test("a mixture of two heaps has the quantiles that bisection finds, not those of a normal", () => {
  const of = draws([-3, -3, 3], [0.01, 0.01, 0.01]);
  const { interval, sd } = aggregate(of, 0, plain);
  expect(interval[0]).toBeCloseTo(mixtureQuantile(of.returns, 0.05)[0]!, 8);
  expect(interval[1]).toBeCloseTo(mixtureQuantile(of.returns, 0.95)[0]!, 8);
  expect(Math.abs(interval[1] - (-1 + 1.645 * sd))).toBeGreaterThan(0.5);
});

test("each row has its own outlook and its own class draws", () => {
  const returns = { draws: 2, mean: [1, 2, 3, 4], variance: [1, 1, 1, 1] };
  const probability = [0.1, 0.2, 0.7, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6, 0.5, 0.4, 0.1];
  const said = { draws: 2, rows: 2, returns, direction: { draws: 2, classes: 3, probability } };
  const second = aggregate(said, 1, plain);
  expect(second.mean).toBe(3);
  expect(Array.from(second.means)).toEqual([2, 4]);
  expect(Array.from(second.classes!.down)).toEqual([0.3, 0.5]);
  expect(Array.from(second.classes!.up)).toEqual([0.4, 0.1]);
});

test("what cannot be is refused", () => {
  expect(() => aggregate(draws([0], [1]), 1, plain)).toThrow(
    "rows: expected an integer of at least 2, got 1",
  );
  expect(() => aggregate(draws([0], [1]), 0, { ...plain, level: 1 })).toThrow("level: expected a share");
  expect(() => aggregate(draws([Number.NaN], [1]), 0, plain)).toThrow("means[0]: expected a finite number");
});
