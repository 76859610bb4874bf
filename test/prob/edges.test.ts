/** Values at the edges of float64, and of tied rows. */
import { expect, test } from "vitest";
import { fold, key, normals, permutation } from "../../lib/core/random.js";
import { equalCountGroups, unitBin } from "../../lib/prob/calibration/bins.js";
import { crpsNormal, reliabilityTable } from "../../lib/prob/calibration/calibration.js";
import { adaptiveCalibrationError, calibrationError } from "../../lib/prob/calibration/classCalibration.js";
import {
  adaptiveConformal,
  conformalQuantile,
  coverageDistribution,
} from "../../lib/prob/calibration/conformal.js";
import { fitSpread } from "../../lib/prob/calibration/recalibration.js";
import { mcmcDiagnostics } from "../../lib/prob/diagnostics/mcmc.js";
import { sbcTest } from "../../lib/prob/diagnostics/sbc.js";
import { againstNull } from "../../lib/prob/diagnostics/shiftNull.js";
import { klNormal, klToStandardNormal } from "../../lib/prob/distributions/gaussian.js";
import { klNormalToMixture, klNormalToStudentT } from "../../lib/prob/distributions/mixture.js";
import { hierarchicalLogMarginal } from "../../lib/prob/distributions/priors.js";
import { studentLogDensity } from "../../lib/prob/distributions/student.js";
import { gaussianTotalCorrelationOf } from "../../lib/prob/divergences/decompose.js";
import { gaussianLogLikelihood } from "../../lib/prob/divergences/elbo.js";
import { neighbourMutualInformation } from "../../lib/prob/divergences/mutualInformation.js";
import { binaryNll, murphyParts } from "../../lib/prob/scores/binaryScores.js";
import { crpsFair, crpsOfDraws } from "../../lib/prob/scores/crps.js";
import { energyDistance } from "../../lib/prob/scores/energyDistance.js";
import { normalScores } from "../../lib/prob/scores/normalForecasts.js";

const root = key("edges");
const x = normals(fold(root, "x"), 300);
const y = x.map((value, i) => 0.6 * value + normals(fold(root, "y"), 300)[i]!);
const times = (values: ArrayLike<number>, unit: number) => Float64Array.from(values, (v) => v * unit);
const near = (found: number, wanted: number, relative = 1e-13) =>
  expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(relative);

test.each([
  // loggamma and log1p of mpmath 1.4 at 50 digits
  [0, 1e15, 0, 1, -0.918938533204673],
  [1.5, 1e15, 0, 1, -2.043938533204673],
  [1e200, 3, 0, 1, -1840.871738667524],
  [1e200, 3, 0, 1e-200, -3222.422794463951],
  [0.3, 1e6, 0.1, 2, -1.617085968739618],
  [1e-3, 1e-5, 0, 1, -6.497272410928804],
])("the t density at %d with %d degrees of freedom about %d, scale %d, has the logarithm %d", (...all) => {
  const [at, degreesOfFreedom, location, scale, value] = all;
  near(studentLogDensity(at, degreesOfFreedom, location, scale), value);
});

test("the hierarchical prior of weights of 1e200, and with a shape of 1e15, has the closed form's value", () => {
  // loggamma of mpmath 1.4 at 60 digits
  near(hierarchicalLogMarginal([1e200, -2e200], { shape: 3, rate: 2 }), -3686.461134954031);
  near(hierarchicalLogMarginal([0.5, -1.25], { shape: 1e15, rate: 1e15 }), -2.744127066409346);
  near(hierarchicalLogMarginal([0.5, -1.25], { shape: 3, rate: 2 }), -2.927277597475517);
});

test("divergences of normals whose deviations are 400 orders of magnitude apart, or hardly, keep their digits", () => {
  // closed form in mpmath 1.4 at 50 digits, at the float64 nearest to each argument
  near(klNormal(0, 1e-200, 0, 1e200), 920.5340371976183);
  near(klToStandardNormal([0], [1e-10])[0]!, 2.5000000000833336e-21);
  near(klToStandardNormal([0], [-1e-7])[0]!, 2.4999999166666687e-15);
});

test("the divergence of a spike of 1e-20 at 1 from a Student-t and from a mixture is that of the density there", () => {
  // −entropy − log p(1), mpmath 1.4
  near(klNormalToStudentT(1, 1e-20, 3, 1), 46.209016321203315, 1e-12);
  const prior = { weight: [0.5, 0.5], mean: [0, 0], sd: [1, 0.1] };
  near(klNormalToMixture(1, 1e-20, prior), 46.74484904044086, 1e-12);
});

test.each([2 ** -660, 2 ** 660])("statistics of draws are the same in units of %d", (unit) => {
  near(energyDistance(times(x, unit), times(y, unit), 1) / unit, energyDistance(x, y, 1), 1e-10);
  near(crpsOfDraws(times(x, unit), unit) / unit, crpsOfDraws(x, 1));
  near(gaussianTotalCorrelationOf([times(x, unit), y]), gaussianTotalCorrelationOf([x, y]), 1e-12);
  const [here, there] = [
    [x, y],
    [times(x, unit), times(y, unit)],
  ].map(mcmcDiagnostics);
  for (const name of ["rhat", "rhatSplit", "essMean", "essBulk", "essTail"] as const)
    near(there![name], here![name], 1e-11);
  near(there!.mcseMean / unit, here!.mcseMean, 1e-11);
  const of = (u: number) => ({ mean: times(y, u), sd: new Float64Array(300).fill(u), value: times(x, u) });
  const [plain, scaled] = [normalScores(of(1)), normalScores(of(unit))];
  for (const name of ["crps", "pinball", "interval", "sharpness", "rootMeanSquareError", "width90"] as const)
    near(scaled[name] / unit, plain[name], 1e-12);
});

test("mutual information by neighbours is the same whatever the unit of either side", () => {
  const value = neighbourMutualInformation(x, y, 3);
  expect(value).toBeGreaterThan(0.05);
  for (const unit of [1e-6, 1e-200, 1e9]) near(neighbourMutualInformation(times(x, unit), y, 3), value, 1e-9);
});

test("the score of draws about a large level is that of the draws about zero", () => {
  const level = 2 ** 40; // the draws are rounded to its last digits first, so that both are the same numbers
  const high = x.map((value) => value + level);
  const low = high.map((value) => value - level);
  near(crpsFair(high, level + 1), crpsFair(low, 1), 1e-12);
});

test.each([
  // closed form in mpmath 1.4 at 60 digits
  [1e200, 0, 1e-200, 1e200],
  [3, 1, 0.5, 1.7179123534845544],
  [0.2, 0.2, 2, 0.46738995451021814],
  [-50, 0, 1, 49.43581041645224],
])("the CRPS of %d under N(%d, %d²) is %d", (at, centre, sd, value) => {
  near(crpsNormal(at, centre, sd), value);
});

test("the likelihood of rows 1e160 apart at a variance of 1e300 is finite", () => {
  near(gaussianLogLikelihood([1e160], [0], 1e300), -0.5 * (Math.log(2 * Math.PI) + 300 * Math.LN10 + 1e20));
});

const rows = 1500;
/** One row in three comes true, as rows come; every second confidence is 0.8 where there are two. */
function forecasts(confidence: (row: number) => number, order: ArrayLike<number>) {
  const probability = Float64Array.from({ length: 2 * rows }, (_, i) => {
    const p = confidence(order[i >> 1]!);
    return i % 2 === 0 ? p : 1 - p;
  });
  return { classes: 2, probability, label: Uint8Array.from(order, (row) => (row < rows / 3 ? 0 : 1)) };
}
const sorted = Uint32Array.from({ length: rows }, (_, n) => n);
const shuffled = permutation(fold(root, "order"), rows);

test("1,500 rows of one confidence have one calibration error, whatever their order", () => {
  const [a, b] = [sorted, shuffled].map((order) => adaptiveCalibrationError(forecasts(() => 0.8, order)));
  expect(a!.expected).toBeCloseTo(0.8 - 1 / 3, 12); // they come true one time in three
  expect(a!.bins).toHaveLength(1);
  expect(b!.expected).toBeCloseTo(a!.expected, 12);
});

test("tied confidences in several bins leave the calibration error and the reliability table independent of the order", () => {
  const confidence = (row: number) => 0.6 + 0.1 * (row % 4);
  const [a, b] = [sorted, shuffled].map((order) => adaptiveCalibrationError(forecasts(confidence, order), 7));
  expect(a!.expected).toBeCloseTo(b!.expected, 12);
  expect(a!.bins).toHaveLength(4);
  const tables = [sorted, shuffled].map((order) =>
    reliabilityTable(
      Float64Array.from(order, confidence),
      Float64Array.from(order, (row) => (row < rows / 3 ? 1 : 0)),
      7,
    ),
  );
  tables[0]!.forEach((bin, i) => {
    expect(tables[1]![i]!.count).toBe(bin.count);
    expect(tables[1]![i]!.observed).toBeCloseTo(bin.observed, 12);
  });
});

test("groups of equal count differ by one row at most where no values are equal, the larger first", () => {
  const groups = equalCountGroups([5, 3, 1, 2, 4, 0, 6], 3);
  expect(groups).toEqual([
    [5, 2, 3],
    [1, 4],
    [0, 6],
  ]);
  expect(equalCountGroups([2, 2, 2, 2, 1, 3], 3)).toEqual([[4], [0, 1, 2, 3], [5]]);
});

test("a probability on an edge is in the bin that begins there, as the edges are rounded", () => {
  for (const bins of [10, 15, 100]) {
    for (let b = 0; b < bins; b++) expect(unitBin(b / bins, bins)).toBe(b);
    expect(unitBin(1, bins)).toBe(bins - 1);
  }
  const uneven = { classes: 2, probability: [0.58, 0.42, 0.585, 0.415], label: [0, 1] };
  expect(calibrationError(uneven, 100).bins[58]!.count).toBe(2); // 0.58 · 100 is less than 58
  expect(murphyParts([0.29, 0.295], [1, 0], 100).resolution).toBe(0);
});

test("a sure forecast that comes true costs nothing", () => {
  expect(binaryNll([1, 0], [1, 0])).toBe(0);
});

test("the rank of a conformal score is exact however many scores there are", () => {
  const rank = (count: number, alpha: number) => coverageDistribution(count, alpha).rank;
  expect([rank(9, 0.1), rank(19, 1 - 0.95), rank(99, 0.1)]).toEqual([9, 19, 90]);
  expect(rank(99_999_999, 0.1)).toBe(90_000_000); // (n + 1)(1 − alpha), by hand
  expect(rank(10 ** 12 - 1, 0.3)).toBe(7 * 10 ** 11);
  expect(conformalQuantile([1, 2, 3], 0.25 - 1e-10).quantile).toBe(Number.POSITIVE_INFINITY); // rank 4 of 3
});

test("ranks that pile up at one end have the p-value of the chi-square's survival function", () => {
  const ranks = [
    ...new Array(60).fill(0),
    ...new Array(30).fill(1),
    ...Array.from({ length: 90 }, (_, i) => 2 + (i % 18)),
  ];
  const { chiSquare, pValue } = sbcTest(ranks, 19);
  expect(chiSquare).toBeCloseTo(370, 10);
  near(pValue, 7.41613207224243e-67); // upper incomplete gamma function of mpmath 1.4
});

test("a rearrangement whose statistic differs by the rounding of its sum alone has reached the value", () => {
  expect(againstNull(0.3, Float64Array.of(0.1 + 0.2 - 1e-16, 0.299999, 0.1, 0.3 * (1 - 1e-15))).p).toBe(
    3 / 5,
  );
});

test("of a window of two scores the latest two make the next interval, from the first row on", () => {
  // by hand: at alpha 1/3 the rank of two scores is ⌈3 · 2/3⌉ = 2, the larger of them
  const { quantile } = adaptiveConformal([9, 8, 2], [3, 0, 0], { alpha: 1 / 3, gamma: 0, window: 2 });
  expect(Array.from(quantile)).toEqual([8, 3, 3]);
});

test("the factor that fits deviations 1e200 too small is 1e200", () => {
  near(fitSpread({ mean: [0, 0], sd: [1, 1], value: [1e200, -1e200] }), 1e200);
});
