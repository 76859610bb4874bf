import fc from "fast-check";
import { expect, test } from "vitest";
import {
  forecastOf,
  forecastRow,
  momentSums,
  momentsOf,
  normalForecast,
  totalVariances,
  unscaleDraws,
} from "../../lib/core/forecast.js";
import { fold, key, normals } from "../../lib/core/random.js";

const at = { asset: [0], decidedAt: [0] };
const numbers = (moments: ReturnType<typeof momentsOf>, n = 0) =>
  [moments.mean, moments.aleatoric, moments.latent, moments.epistemic].map((values) => values[n]);

// VI-95, BN-71
test("two draws at ±1 of variances 2 and 4: mean 0, aleatoric 3, and 1 that is epistemic or latent by what was drawn", () => {
  const draws = { draws: 2, mean: [-1, 1], variance: [2, 4] };
  expect(numbers(momentsOf(draws))).toEqual([0, 3, 0, 1]);
  expect(numbers(momentsOf({ ...draws, parameterSets: 2 }))).toEqual([0, 3, 0, 1]);
  expect(numbers(momentsOf({ ...draws, parameterSets: 1 }))).toEqual([0, 3, 1, 0]);
});

test("two replicas with two draws each: the spread within is latent, that between their means epistemic", () => {
  // replica 0 says 0 and 2, replica 1 says 10 and 14
  const draws = { draws: 4, mean: [0, 10, 2, 14], variance: [1, 2, 3, 6], parameterSets: 2 };
  expect(numbers(momentsOf(draws))).toEqual([6.5, 3, (1 + 4) / 2, 5.5 ** 2]);
});

const drawn = fc.record({
  sets: fc.integer({ min: 1, max: 4 }),
  each: fc.integer({ min: 1, max: 5 }),
  rows: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
});

test("the three parts add up to the variance of the mixture, whichever draws share their parameters", () => {
  fc.assert(
    fc.property(drawn, ({ sets, each, rows, seed }) => {
      const draws = sets * each;
      const mean = normals(key(seed), draws * rows);
      const variance = normals(fold(key(seed), "variance"), draws * rows).map(Math.exp);
      const grouped = momentsOf({ draws, mean, variance, parameterSets: sets });
      const single = momentsOf({ draws, mean, variance });
      for (let n = 0; n < rows; n++) {
        const own = Array.from({ length: draws }, (_, s) => s * rows + n);
        const centre = own.reduce((sum, i) => sum + mean[i]! / draws, 0);
        const second = own.reduce((sum, i) => sum + (variance[i]! + mean[i]! ** 2) / draws, 0);
        for (const moments of [grouped, single]) {
          expect(moments.mean[n]).toBeCloseTo(centre, 12);
          expect(totalVariances(moments)[n]).toBeCloseTo(second - centre ** 2, 10);
        }
        expect(single.latent[n]).toBe(0);
      }
    }),
  );
});

test("draws one by one give the moments of the arrays, to the bit", () => {
  const [mean, variance] = [normals(key("m"), 12), normals(key("v"), 12).map(Math.exp)];
  const sums = momentSums(2, 3);
  for (let i = 0; i < 12; i++) sums.add(i % 2, Math.floor(i / 2) % 3, mean[i]!, variance[i]!);
  expect(sums.moments()).toEqual(momentsOf({ draws: 6, mean, variance, parameterSets: 3 }));
});

test("a small spread around a large mean is not lost", () => {
  const mean = Float64Array.from([-1, 1], (v) => 1e8 + v);
  expect(momentsOf({ draws: 2, mean, variance: [1, 1] }).epistemic[0]).toBeCloseTo(1, 6);
});

test("the probability of a rise is that of the mixture, and of one normal where the draws agree", () => {
  const draws = { draws: 3, mean: [0.01, -0.02, 0.03], variance: [1e-4, 4e-4, 9e-4] };
  const noise = normals(fold(key("forecast"), "noise"), 90_000);
  const up = noise.filter((e, i) => draws.mean[i % 3]! + Math.sqrt(draws.variance[i % 3]!) * e > 0).length;
  const { probabilityUp } = forecastOf(draws, at);
  expect(Math.abs(probabilityUp[0]! - up / noise.length)).toBeLessThan(3 * Math.sqrt(0.25 / noise.length));
  const one = forecastOf({ draws: 2, mean: [0.001, 0.001], variance: [1e-4, 1e-4] }, at);
  expect(one.probabilityUp[0]).toBeCloseTo(normalForecast(one, at).probabilityUp[0]!, 12);
});

test("a scaled target comes back in its unit: means moved, variances by the square", () => {
  const units = [
    { centre: 0.001, deviation: 0.02 },
    { centre: 0, deviation: 3 },
  ];
  const said = unscaleDraws({ draws: 1, mean: [0.5, 2], variance: [4, 0.5], parameterSets: 1 }, units);
  expect(Array.from(said.mean)).toEqual([0.011, 6]);
  expect(Array.from(said.variance)).toEqual([0.0016, 4.5]);
  expect(said.parameterSets).toBe(1);
});

test("each row has its own moments, drawn means and class draws by name", () => {
  const probability = [0.1, 0.2, 0.7, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6, 0.5, 0.4, 0.1];
  const forecast = forecastOf(
    { draws: 2, mean: [1, 2, 3, 4], variance: [1, 1, 1, 1] },
    { asset: [3, 5], decidedAt: [7, 8], classes: { draws: 2, classes: 3, probability } },
  );
  const row = forecastRow(forecast, 1);
  expect(row).toMatchObject({ asset: 5, decidedAt: 8, mean: 3, aleatoric: 1, latent: 0, epistemic: 1 });
  expect(Array.from(row.drawnMeans!)).toEqual([2, 4]);
  expect(Array.from(row.classes!.down)).toEqual([0.3, 0.5]);
  expect(Array.from(row.classes!.up)).toEqual([0.4, 0.1]);
  expect(() => forecastRow(forecast, 2)).toThrow("expected a row below 2, got 2");
});

test("what cannot be is refused by name", () => {
  const draws = { draws: 2, mean: [1, 2], variance: [1, 1] };
  expect(() => momentsOf({ ...draws, variance: [1] })).toThrow("variance: expected 2 values, got 1");
  expect(() => momentsOf({ ...draws, mean: [1, Number.NaN] })).toThrow("mean[1]: expected a finite number");
  expect(() => momentsOf({ ...draws, draws: 4 })).toThrow("rows: expected an integer");
  expect(() => momentsOf({ ...draws, parameterSets: 3 })).toThrow("draws of a parameter set");
  expect(() => forecastOf({ ...draws, variance: [1, 0] }, at)).toThrow("variance[1]: expected a positive");
  expect(() => forecastOf(draws, { ...at, asset: [0, 1] })).toThrow("asset: expected 1 values, got 2");
  const [one, none] = [Float64Array.of(1), Float64Array.of(0)];
  expect(() => normalForecast({ mean: one, aleatoric: none, latent: none, epistemic: none }, at)).toThrow(
    "variance[0]: expected a positive",
  );
});
