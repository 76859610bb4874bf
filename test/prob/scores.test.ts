import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { momentsOf, totalVariances } from "../../lib/core/forecast.js";
import { fold, key, normals, uniforms } from "../../lib/core/random.js";
import { mean, standardDeviation } from "../../lib/core/stats.js";
import { brierScore, crpsNormal } from "../../lib/prob/calibration/calibration.js";
import {
  calibrationBand,
  calibrationError,
  classScores,
  classwiseCalibrationError,
} from "../../lib/prob/calibration/classCalibration.js";
import { calibrationByGroup, groupEdges, groupOf } from "../../lib/prob/calibration/groupCalibration.js";
import {
  intervalCalibration,
  quantileCalibration,
  transformCalibration,
} from "../../lib/prob/calibration/levelCalibration.js";
import {
  applyIsotonic,
  applyTemperature,
  fitQuantileMap,
  fitSpread,
  fitTemperature,
  inverseIsotonic,
  isotonicRegression,
} from "../../lib/prob/calibration/recalibration.js";
import { mixtureNll } from "../../lib/prob/distributions/drawMixture.js";
import { normalQuantile } from "../../lib/prob/distributions/gaussian.js";
import { classUncertainty } from "../../lib/prob/divergences/uncertainty.js";
import { binaryNll, brierSkill, murphyParts } from "../../lib/prob/scores/binaryScores.js";
import { crpsFair, crpsOfDraws } from "../../lib/prob/scores/crps.js";
import {
  normalCoverage,
  normalScores,
  pinballLoss,
  probabilityTransform,
} from "../../lib/prob/scores/normalForecasts.js";

const root = key("scores");
const N = 4000;

/** Rows of three probabilities and labels drawn from them at another temperature. */
function classes(temperature: number, rows = N, path = "rows") {
  const e = normals(fold(root, path), rows * 3);
  const u = uniforms(fold(root, path, "labels"), rows);
  const soft = applyTemperature(e.map(Math.exp), 3, 0.6);
  const truth = applyTemperature(soft, 3, temperature);
  const label = Float64Array.from(u, (v, n) =>
    v < truth[3 * n]! ? 0 : v < truth[3 * n]! + truth[3 * n + 1]! ? 1 : 2,
  );
  return { classes: 3, probability: soft, label };
}

describe("classes", () => {
  test("BN-80: calibrated forecasts have an error inside the band of chance, over-confident ones far outside", () => {
    const options = { key: fold(root, "band"), repeats: 200 };
    const good = calibrationBand(classes(1), options);
    expect(good.pValue).toBeGreaterThan(0.01);
    expect(good.expected).toBeGreaterThan(0.005); // the error of nothing wrong is not 0
    const bad = calibrationBand(classes(2), options);
    expect(bad.error).toBeGreaterThan(3 * bad.upper);
    expect(bad.pValue).toBeLessThan(0.01);
  });

  test("BN-80: the fewer the rows, the larger the error of calibrated forecasts", () => {
    const options = { key: root, repeats: 100 };
    const [few, many] = [100, N].map((rows) => calibrationBand(classes(1, rows), options).expected);
    expect(few).toBeGreaterThan(3 * many!);
  });

  test("where all bins err to one side the error is a difference of means, whatever the bins are", () => {
    const n = 400;
    const probability = Float64Array.from({ length: 2 * n }, (_, i) =>
      i % 2 === 0 ? 0.6 + (0.39 * i) / (2 * n) : 0,
    );
    for (let i = 0; i < n; i++) probability[2 * i + 1] = 1 - probability[2 * i]!;
    const forecasts = { classes: 2, probability, label: new Float64Array(n).fill(1) }; // always wrong
    const [five, thirty] = [5, 30].map((bins) => calibrationError(forecasts, bins).expected);
    expect(five).toBeCloseTo(thirty!, 12);
    expect(five).toBeCloseTo(mean(probability.filter((_, i) => i % 2 === 0)), 12);
  });

  test("the temperature is found back, and changes no ranking", () => {
    const forecasts = classes(1.7, 20_000);
    const temperature = fitTemperature(forecasts);
    expect(Math.abs(temperature / 1.7 - 1)).toBeLessThan(0.04);
    const probability = applyTemperature(forecasts.probability, 3, temperature);
    const [before, after] = [classScores(forecasts), classScores({ ...forecasts, probability })];
    expect(after.accuracy).toBe(before.accuracy);
    expect(after.nll).toBeLessThan(before.nll);
    expect(classwiseCalibrationError({ ...forecasts, probability })).toBeLessThan(
      0.5 * classwiseCalibrationError(forecasts),
    );
  });

  test("what is no distribution and what is no class is refused with its row", () => {
    expect(() => calibrationError({ classes: 2, probability: [0.5, 0.6], label: [0] })).toThrow(
      "row 0: expected a sum of 1",
    );
    expect(() => calibrationError({ classes: 2, probability: [0.4, 0.6], label: [2] })).toThrow("label[0]");
    expect(() => calibrationError({ classes: 2, probability: [1.4, -0.4], label: [1] })).toThrow(
      "row 0, class 1",
    );
  });
});

describe("yes or no", () => {
  const p = Float64Array.from(uniforms(root, 300), (u) => Math.round(u * 9) / 10 + 0.05);
  const y = Float64Array.from(uniforms(fold(root, "y"), 300), (u, n) => (u < p[n]! ** 2 ? 1 : 0));

  test("BN-84: reliability − resolution + uncertainty is the score where forecasts of a bin are equal (Murphy)", () => {
    const parts = murphyParts(p, y, 10);
    expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(brierScore(p, y), 12);
  });

  test("the base rate has no skill, the truth all of it", () => {
    const base = new Float64Array(300).fill(mean(y));
    expect(brierSkill(base, y)).toBeCloseTo(0, 12);
    expect(brierSkill(y, y)).toBe(1);
    expect(binaryNll(y, y)).toBe(0);
    expect(binaryNll([0], [1])).toBe(Number.POSITIVE_INFINITY);
  });

  test("isotonic regression is monotone, keeps means, and mends what is monotone", () => {
    const fit = isotonicRegression(p, y);
    fit.y.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThanOrEqual(fit.y[i - 1]!);
    });
    expect(mean(applyIsotonic(fit, p))).toBeCloseTo(mean(y), 12);
    const tied = isotonicRegression([0, 1, 1, 2], [2, 0, 8, 5]); // the two at 1 are one point of value 4, met by 5
    expect(Array.from(tied.y)).toEqual([2, 4, 5]);
    expect(brierScore(applyIsotonic(fit, p), y)).toBeLessThan(brierScore(p, y));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 }),
        (values) => {
          const sorted = [...values].sort((a, b) => a - b);
          expect(Array.from(isotonicRegression(sorted, sorted).y)).toEqual(sorted);
        },
      ),
    );
  });
});

describe("numbers", () => {
  const e = normals(fold(root, "numbers"), 3 * N);
  const centre = e.subarray(0, N);
  const sd = e.subarray(N, 2 * N).map((v) => Math.exp(0.5 * v));
  const value = centre.map((m, n) => m + sd[n]! * e[2 * N + n]!);
  const good = { mean: centre, sd, value };
  const bold = { ...good, sd: sd.map((s) => s / 2) };

  test("BN-82 BN-83: calibrated forecasts cover what they claim; bold ones are sharper and cover less", () => {
    for (const level of [0.5, 0.9]) {
      const error = Math.sqrt((level * (1 - level)) / N);
      expect(Math.abs(normalCoverage(good, level) - level)).toBeLessThan(4 * error);
      expect(normalCoverage(bold, level)).toBeLessThan(level - 10 * error);
    }
    const [a, b] = [normalScores(good), normalScores(bold)];
    expect(b.sharpness).toBeCloseTo(a.sharpness / 2, 12);
    for (const score of ["nll", "crps", "pinball", "interval"] as const)
      expect(a[score]).toBeLessThan(b[score]);
    expect(intervalCalibration(bold).area).toBeGreaterThan(5 * intervalCalibration(good).area);
    expect(quantileCalibration(bold).meanAbsolute).toBeGreaterThan(
      3 * quantileCalibration(good).meanAbsolute,
    );
  });

  test("the pinball loss over all levels is half the ranked probability score", () => {
    const levels = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const loss = mean(levels.map((level) => pinballLoss([0.7], [normalQuantile(level, 0, 1)], level)));
    expect(Math.abs(2 * loss - crpsNormal(0.7, 0, 1))).toBeLessThan(1e-3);
  });

  test("BN-85: of m draws of N(0, σ²) the plain score is too large by σ / (√π m), the fair one is not", () => {
    const [m, repeats] = [20, 4000];
    const all = normals(fold(root, "crps"), m * repeats);
    const parts = Array.from({ length: repeats }, (_, i) => all.subarray(i * m, (i + 1) * m));
    const exact = crpsNormal(0.7, 0, 1);
    const plain = parts.map((draws) => crpsOfDraws(draws, 0.7) - exact);
    const fair = parts.map((draws) => crpsFair(draws, 0.7) - exact);
    const error = standardDeviation(plain) / Math.sqrt(repeats);
    expect(Math.abs(mean(plain) - 1 / (Math.sqrt(Math.PI) * m))).toBeLessThan(4 * error);
    expect(Math.abs(mean(fair))).toBeLessThan(4 * error);
    expect(mean(plain)).toBeGreaterThan(8 * error); // so that the difference can be seen
  });

  test("a factor on the deviations, and a map of the quantiles, mend bold forecasts on rows they have not seen", () => {
    const half = (from: number) => ({
      mean: bold.mean.slice(from, from + N / 2),
      sd: bold.sd.slice(from, from + N / 2),
      value: bold.value.slice(from, from + N / 2),
    });
    const [past, later] = [half(0), half(N / 2)];
    const factor = fitSpread(past);
    expect(Math.abs(factor - 2)).toBeLessThan(0.1);
    const scaled = { ...later, sd: later.sd.map((s) => s * factor) };
    expect(intervalCalibration(scaled).area).toBeLessThan(0.2 * intervalCalibration(later).area);
    const map = fitQuantileMap(probabilityTransform(past));
    const mended = transformCalibration(applyIsotonic(map, probabilityTransform(later)));
    expect(mended.meanAbsolute).toBeLessThan(0.2 * quantileCalibration(later).meanAbsolute);
    expect(applyIsotonic(map, [inverseIsotonic(map, 0.3)])[0]).toBeCloseTo(0.3, 6);
    expect(() => fitQuantileMap([])).toThrow("transforms: expected an integer of at least 1, got 0");
    expect(() => fitQuantileMap([0.5, Number.NaN, 0.1])).toThrow("transform[1]: expected a finite number");
  });

  test("right on average and wrong in each regime: only the groups show it", () => {
    const level = e.subarray(N, 2 * N);
    const flat = { mean: centre, sd: new Float64Array(N).fill(Math.sqrt(mean(sd.map((s) => s * s)))), value };
    const edges = groupEdges(level.subarray(0, N / 2), 3); // the past decides
    const groups = calibrationByGroup(flat, groupOf(level, edges), {
      names: ["calm", "normal", "wild"],
      level: 0.9,
    });
    expect(groups.map((g) => g.group)).toEqual(["calm", "normal", "wild"]);
    expect(groups.reduce((sum, g) => sum + g.count, 0)).toBe(N);
    expect(groups[0]!.standardisedVariance).toBeLessThan(0.4);
    expect(groups[2]!.standardisedVariance).toBeGreaterThan(1.6);
    expect(groups[2]!.coverage).toBeLessThan(groups[0]!.coverage - 10 * groups[2]!.standardError);
    const known = calibrationByGroup(good, groupOf(level, edges), {
      names: ["calm", "normal", "wild"],
      level: 0.9,
    });
    for (const g of known) expect(Math.abs(g.coverage - 0.9)).toBeLessThan(4 * g.standardError);
  });
});

describe("draws", () => {
  test("BN-28 to BN-30: the parts add up to the variance of the mixture, drawn for the comparison", () => {
    const [draws, each] = [30, 4000];
    const m = normals(fold(root, "means"), draws);
    const v = uniforms(fold(root, "vars"), draws);
    const parts = momentsOf({ draws, mean: m, variance: v });
    const e = normals(fold(root, "all"), draws * each);
    const sample = e.map((z, i) => m[i % draws]! + Math.sqrt(v[i % draws]!) * z);
    expect(Math.abs(standardDeviation(sample) ** 2 / totalVariances(parts)[0]! - 1)).toBeLessThan(0.02);
    expect(parts.epistemic[0]).toBeCloseTo(standardDeviation(m, 0) ** 2, 12);
  });

  test("BN-81: the score of a mixture is below the mean of its members' scores (Jensen), and theirs when they agree", () => {
    const of = { draws: 2, mean: [0, 1, 0.5, 0.5], variance: [1, 1, 2, 2] };
    const [one] = mixtureNll({ draws: 2, mean: [0.5, 0.5], variance: [2, 2] }, [0.3]);
    expect(one).toBeCloseTo(0.5 * Math.log(4 * Math.PI) + 0.04 / 4, 12);
    const two = mixtureNll({ draws: 2, mean: [0, 3], variance: [1, 1] }, [0]);
    expect(two[0]).toBeLessThan(0.5 * Math.log(2 * Math.PI) + 9 / 4);
    expect(() => mixtureNll(of, [1, 2, 3])).toThrow("value");
  });

  test("BN-46: entropy is all, its parts are never negative, and agreeing draws know no doubt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 12 }), (seed, draws) => {
        const probability = applyTemperature(uniforms(key(seed), draws * 6), 3, 0.5);
        const { total, aleatoric, epistemic, variance } = classUncertainty({
          draws,
          classes: 3,
          probability,
        });
        total.forEach((h, n) => {
          expect(h).toBeLessThanOrEqual(Math.log(3) + 1e-12);
          expect(h).toBeCloseTo(aleatoric[n]! + epistemic[n]!, 10);
          expect(variance[n]).toBeLessThanOrEqual(1 + 1e-12);
        });
      }),
    );
    const agreed = classUncertainty({ draws: 3, classes: 2, probability: [0.2, 0.8, 0.2, 0.8, 0.2, 0.8] });
    expect(agreed.epistemic[0]).toBeCloseTo(0, 12);
    const torn = classUncertainty({ draws: 2, classes: 2, probability: [1, 0, 0, 1] });
    expect(torn.epistemic[0]).toBeCloseTo(Math.log(2), 12);
    expect(torn.aleatoric[0]).toBe(0);
    expect(torn.variance[0]).toBeCloseTo(1, 12);
  });
});
