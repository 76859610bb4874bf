import fc from "fast-check";
import { expect, test } from "vitest";
import {
  mixtureInterval,
  mixtureProbability,
  mixtureQuantile,
} from "../../../lib/prob/distributions/drawMixture.js";
import { normalQuantile } from "../../../lib/prob/distributions/gaussian.js";

test("one draw has the interval of its normal", () => {
  const { lower, upper } = mixtureInterval({ draws: 1, mean: [0.011], variance: [0.0016] }, 0.68);
  expect(lower[0]).toBeCloseTo(normalQuantile(0.16, 0.011, 0.04), 12);
  expect(upper[0]).toBeCloseTo(normalQuantile(0.84, 0.011, 0.04), 12);
});

test("the interval holds its share of the mixture, whatever the draws", () => {
  const numbers = (least: number, most: number) =>
    fc.array(fc.double({ min: least, max: most, noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      numbers(-50, 50),
      numbers(-3, 3),
      fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      (mean, logs, level) => {
        const draws = { draws: 12, mean, variance: logs.map((v) => Math.exp(v)) };
        const { lower, upper } = mixtureInterval(draws, level);
        expect(mixtureProbability(draws, lower[0]!)[0]).toBeCloseTo(0.5 - level / 2, 6);
        expect(mixtureProbability(draws, upper[0]!)[0]).toBeCloseTo(0.5 + level / 2, 6);
      },
    ),
    { numRuns: 300 },
  );
});

test("a mixture of two heaps has quantiles that are not those of a normal, and each row its own", () => {
  const heaps = { draws: 3, mean: [-3, 0, -3, 0, 3, 0], variance: [0.01, 1, 0.01, 1, 0.01, 1] };
  const high = mixtureQuantile(heaps, 0.95);
  const sd = Math.sqrt(8 + 0.01);
  expect(Math.abs(high[0]! - (-1 + 1.645 * sd))).toBeGreaterThan(0.5);
  expect(mixtureProbability(heaps, high[0]!)[0]).toBeCloseTo(0.95, 8);
  expect(high[1]).toBeCloseTo(normalQuantile(0.95, 0, 1), 10);
});

test("a level or a probability that is none is refused", () => {
  const one = { draws: 1, mean: [0], variance: [1] };
  expect(() => mixtureInterval(one, 1)).toThrow("level: expected a share in (0, 1), got 1");
  expect(() => mixtureQuantile(one, 0)).toThrow("probability: expected a number in (0, 1), got 0");
});
