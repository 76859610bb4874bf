import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import {
  betaKelly,
  binaryGrowth,
  binaryKelly,
  sourceKelly,
  zeroGrowthFraction,
} from "../../../lib/trading/decisions/bet.js";
import {
  capped,
  cappedGross,
  estimationShrinkage,
  fractional,
  gaussianKelly,
  growthUnderEstimationError,
  multiKelly,
  pessimisticSize,
  shrunkKelly,
  volatilityTargetSize,
} from "../../../lib/trading/decisions/size.js";

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const amount = fc.double({ min: 0.05, max: 3, noNaN: true });
const bets = fc.record({ probability: share, win: amount, loss: amount });
const forecast = { mean: 0.001, aleatoric: 0.02 ** 2, latent: 0, epistemic: 0.0008 ** 2 };

test("BN-51: the book's Kelly shrinks by √uncertainty, stays within a quarter, and is nothing at uncertainty 1", () => {
  const bet = { probability: 0.55, win: 1.5, loss: 1 };
  expect(sourceKelly(bet, 0.25)).toEqual({
    raw: expect.closeTo(0.25, 12),
    fraction: expect.closeTo(0.125, 12),
  });
  expect(sourceKelly({ ...bet, probability: 0.95 }, 0).fraction).toBe(0.25);
  expect(sourceKelly(bet, 1).fraction).toBe(0);
  expect(sourceKelly({ ...bet, probability: 0.3 }, 0).fraction).toBe(0);
});

test("the book's fraction is at risk, not held: halving gain and loss doubles what Kelly holds", () => {
  const bet = { probability: 0.6, win: 1, loss: 1 };
  const half = { probability: 0.6, win: 0.5, loss: 0.5 };
  expect(sourceKelly(half, 0).raw).toBeCloseTo(sourceKelly(bet, 0).raw, 12);
  expect(binaryKelly(half)).toBeCloseTo(2 * binaryKelly(bet), 12);
});

test("no share of a bet grows faster than Kelly's, and growth ends at the share of no growth", () => {
  fc.assert(
    fc.property(bets, share, (bet, other) => {
      const best = binaryKelly(bet);
      expect(binaryGrowth(bet, best)).toBeGreaterThanOrEqual(binaryGrowth(bet, other / bet.loss) - 1e-12);
      const end = zeroGrowthFraction(bet);
      expect(end).toBeGreaterThanOrEqual(best);
      if (best < 1e-3) return;
      expect(binaryGrowth(bet, end * (1 - 1e-6))).toBeGreaterThan(0);
      expect(binaryGrowth(bet, end * (1 + 1e-6))).toBeLessThan(0);
    }),
  );
});

test("with a Beta posterior the stake depends on its mean alone", () => {
  const odds = { win: 1, loss: 1 };
  expect(betaKelly({ alpha: 14, beta: 11 }, odds)).toBeCloseTo(0.12, 12);
  expect(betaKelly({ alpha: 1400, beta: 1100 }, odds)).toBeCloseTo(0.12, 12);
});

test("a bet that may lose everything has growth −∞ at full stake, and a sure one has no loss to fear", () => {
  expect(binaryGrowth({ probability: 0.9, win: 1, loss: 1 }, 1)).toBe(Number.NEGATIVE_INFINITY);
  expect(binaryGrowth({ probability: 1, win: 1, loss: 1 }, 1)).toBeCloseTo(Math.LN2, 12);
  expect(zeroGrowthFraction({ probability: 1, win: 1, loss: 0.5 })).toBe(2);
});

test("Gaussian Kelly without estimation error is plug-in Kelly, with it less", () => {
  expect(gaussianKelly({ ...forecast, epistemic: 0 })).toBeCloseTo(2.5, 12);
  expect(gaussianKelly(forecast)).toBeCloseTo(0.001 / (0.0004 + 0.00000064), 12);
  expect(shrunkKelly(forecast)).toBeCloseTo(2.5 / 1.64, 12);
  expect(estimationShrinkage(0, 0.1)).toBe(0);
});

test("expected growth under estimation error agrees with a Monte-Carlo estimate, and plug-in loses once τ > μ", () => {
  const noise = normals(fold(key("size"), "mu"), 200_000);
  const tau = Math.sqrt(forecast.epistemic);
  for (const scale of [0.25, 0.61, 1, 2]) {
    let total = 0;
    for (const e of noise) {
      const f = (scale * (forecast.mean + tau * e)) / forecast.aleatoric;
      total += f * forecast.mean - (f * f * forecast.aleatoric) / 2;
    }
    const closed = growthUnderEstimationError(forecast, scale);
    expect(Math.abs(total / noise.length - closed)).toBeLessThan(2e-5 * scale ** 2 + 1e-5);
  }
  expect(growthUnderEstimationError({ ...forecast, epistemic: 1.01e-6 }, 1)).toBeLessThan(0);
  expect(growthUnderEstimationError({ ...forecast, epistemic: 0.99e-6 }, 1)).toBeGreaterThan(0);
});

test("the shrinkage maximises expected growth under estimation error", () => {
  const best = estimationShrinkage(forecast.mean, forecast.epistemic);
  expect(growthUnderEstimationError(forecast, best)).toBeCloseTo(0.000762195121951, 12);
  fc.assert(
    fc.property(fc.double({ min: -1, max: 3, noNaN: true }), (scale) => {
      expect(growthUnderEstimationError(forecast, scale)).toBeLessThanOrEqual(
        growthUnderEstimationError(forecast, best) + 1e-15,
      );
    }),
  );
});

test("the pessimistic size is odd in the mean, falls with uncertainty, and is flat within one error of zero", () => {
  expect(pessimisticSize(forecast)).toBeCloseTo(0.0002 / 0.00040064, 12);
  expect(pessimisticSize({ ...forecast, mean: 0.0008 })).toBeCloseTo(0, 12);
  fc.assert(
    fc.property(fc.double({ min: -0.01, max: 0.01, noNaN: true }), share, share, (mean, a, b) => {
      const at = (tau: number) =>
        pessimisticSize({ mean, aleatoric: 4e-4, latent: 0, epistemic: (tau / 100) ** 2 });
      expect(Math.abs(at(Math.max(a, b)))).toBeLessThanOrEqual(Math.abs(at(Math.min(a, b))));
      expect(pessimisticSize({ ...forecast, mean: -mean })).toBeCloseTo(
        -pessimisticSize({ ...forecast, mean }),
        12,
      );
    }),
  );
});

test("latent and epistemic variance of the same sum give the same sizes: both are model uncertainty", () => {
  const moved = { ...forecast, latent: 0.75 * forecast.epistemic, epistemic: 0.25 * forecast.epistemic };
  for (const size of [gaussianKelly, shrunkKelly, pessimisticSize])
    expect(size(moved)).toBeCloseTo(size(forecast), 12);
  expect(growthUnderEstimationError(moved, 0.7)).toBeCloseTo(growthUnderEstimationError(forecast, 0.7), 15);
});

test("the penalty of the pessimistic size is in standard deviations of model uncertainty; none is Kelly", () => {
  expect(pessimisticSize(forecast, 0)).toBeCloseTo(gaussianKelly(forecast), 12);
  expect(pessimisticSize(forecast, 0.5)).toBeCloseTo(0.0006 / 0.00040064, 12);
  expect(pessimisticSize(forecast, 1.25)).toBeCloseTo(0, 12);
  expect(() => pessimisticSize(forecast, -1)).toThrow("penalty: expected zero or more, got -1");
});

test("VI-97: over realistic uncertainties the size varies tenfold, where the book's confidence hardly does", () => {
  const hourlySd = 0.0046;
  const taus = [0.0001, 0.0002, 0.0003, 0.0004, 0.00048];
  const sizes = taus.map((tau) =>
    capped(pessimisticSize({ mean: 0.0005, aleatoric: hourlySd ** 2, latent: 0, epistemic: tau ** 2 }), 25),
  );
  for (let i = 1; i < sizes.length; i++) expect(sizes[i]).toBeLessThan(sizes[i - 1]!);
  expect(sizes[0]! / sizes.at(-1)!).toBeGreaterThan(10);
  const book = taus.map((tau) => 1 / (1 + tau ** 2));
  expect(book[0]! / book.at(-1)!).toBeLessThan(1.000001);
});

test("several uncorrelated assets are sized one by one, and the pair of growth and size is consistent", () => {
  const diagonal = multiKelly(
    [0.001, -0.002],
    fromRows([
      [1e-4, 0],
      [0, 4e-4],
    ]),
  );
  expect(diagonal.sizes[0]).toBeCloseTo(10, 10);
  expect(diagonal.sizes[1]).toBeCloseTo(-5, 10);
  expect(diagonal.growth).toBeCloseTo(0.01, 12);
});

test("a volatility target doubles the size when the deviation halves", () => {
  const calm = { annualTarget: 0.2, sd: 0.01, barsPerYear: 400 };
  expect(volatilityTargetSize(calm)).toBeCloseTo(1, 12);
  expect(volatilityTargetSize({ ...calm, sd: 0.005 })).toBeCloseTo(2, 12);
});

test("fractions and caps keep the side", () => {
  expect(fractional(-3, 0.5)).toBe(-1.5);
  expect([capped(3, 2), capped(-3, 2), capped(1, 2)]).toEqual([2, -2, 1]);
});

test("a gross cap binds exactly and keeps proportions; below it nothing moves", () => {
  expect(Array.from(cappedGross([3, -1], 2))).toEqual([1.5, -0.5]);
  expect(Array.from(cappedGross([1, -1], 2))).toEqual([1, -1]);
});

test("half Kelly keeps three quarters of the growth", () => {
  const known = { ...forecast, epistemic: 0 };
  expect(growthUnderEstimationError(known, 0.5) / growthUnderEstimationError(known, 1)).toBeCloseTo(0.75, 12);
});

test("bad input is refused by name, with what was expected and what came", () => {
  const bet = { probability: 0.6, win: 1, loss: 1 };
  expect(() => sourceKelly({ ...bet, probability: 1.1 }, 0)).toThrow(
    "probability: expected a number in [0, 1], got 1.1",
  );
  expect(() => sourceKelly(bet, -0.1)).toThrow("uncertainty: expected a number in [0, 1], got -0.1");
  expect(() => binaryKelly({ ...bet, loss: 0 })).toThrow("loss: expected a positive number, got 0");
  expect(() => betaKelly({ alpha: 0, beta: 1 }, bet)).toThrow("alpha: expected a positive number, got 0");
  expect(() => gaussianKelly({ ...forecast, aleatoric: -1 })).toThrow(
    "aleatoric: expected a variance of zero or more, got -1",
  );
  expect(() => pessimisticSize({ mean: 1, aleatoric: 0, latent: 0, epistemic: 0 })).toThrow(
    "aleatoric + latent + epistemic",
  );
  expect(() => pessimisticSize({ ...forecast, mean: Number.NaN })).toThrow(
    "expected a finite number, got NaN",
  );
  expect(() => growthUnderEstimationError({ ...forecast, aleatoric: 0 }, 1)).toThrow(
    "aleatoric: expected a positive",
  );
  expect(() =>
    multiKelly(
      [1],
      fromRows([
        [1, 0],
        [0, 1],
      ]),
    ),
  ).toThrow("mean: expected 2 values, got 1");
  expect(() =>
    multiKelly(
      [1, 1],
      fromRows([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toThrow("covariance: expected a positive definite");
  expect(() => volatilityTargetSize({ annualTarget: 0.2, sd: 0, barsPerYear: 1 })).toThrow(
    "sd: expected a positive",
  );
  expect(() => capped(Number.NaN, 1)).toThrow("size[0]: expected a finite number, got NaN");
  expect(() => cappedGross([1], 0)).toThrow("limit: expected a positive number, got 0");
});
