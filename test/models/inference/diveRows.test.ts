/** Tables and curves of the deep dives on inference, each against a known answer. */
import { beforeAll, expect, test } from "vitest";
import { core, models, nn, prob, trading } from "../../../lib/index.js";

const { inference } = models;
const key = core.key(5);
const design = inference.toyDesign({ rows: 64, weights: [1, -0.5], correlation: 0.8, noiseVar: 0.25, key });
const exact = inference.bayesianLinearRegression(design, 0.25, 2);
const target = inference.linearRegressionTarget(design, 0.25, 2);

beforeAll(async () => {
  await nn.startBackend();
});

test("batches of equal size average to the whole", () => {
  const { all, batches } = inference.batchDensities(target, Float64Array.of(0.3, 0.1), 8);
  expect(batches.length).toBe(8);
  expect(core.mean(batches)).toBeCloseTo(all, 8);
  expect(core.standardDeviation(batches)).toBeGreaterThan(0);
  expect(() => inference.batchDensities(target, Float64Array.of(0, 0), 65)).toThrow("rows of a batch");
});

test("the gap of the best mean field is its closed form, and gaps of snapshots do not fall below the least", () => {
  const fit = inference.meanFieldFit(exact.mean, exact.precision.to1DArray());
  const { kl } = inference.meanFieldOptimum(exact.precision);
  expect(inference.boundGap(fit, exact)).toBeCloseTo(kl, 9);
  expect(inference.boundGaps({ snapshots: [fit] }, exact)[0]).toBeCloseTo(kl, 9);
  expect(inference.boundGaps({ snapshots: [fit] }, exact, 50)).toEqual([50]);
});

test("the factorised posterior has the exact means and the variances 1/Λ", () => {
  const { mean, covariance } = inference.factorised(exact);
  expect(mean).toEqual(exact.mean);
  expect(covariance.get(1, 1)).toBeCloseTo(1 / exact.precision.get(1, 1), 12);
  expect(covariance.get(0, 1)).toBe(0);
});

test("under the model's own truth exact intervals of the edge cover at their level, those of mean field less where it is narrowest", () => {
  const markets = Array.from({ length: 24 }, (_, i) => {
    const own = core.fold(key, "market", i);
    const weights = Array.from(core.normals(core.fold(own, "w"), 3));
    const part = (name: string, rows: number) =>
      inference.toyDesign({ rows, weights, correlation: 0.9, noiseVar: 1, key: core.fold(own, name) });
    const test = part("test", 200);
    const zeros = new Float64Array(200);
    const places = {
      asset: new Uint16Array(200),
      decidedAt: zeros,
      symbols: ["A"],
      scale: zeros.map(() => 1),
    };
    const trueMean = inference.linearPredictor(test, weights);
    return inference.widthCoverage({ train: part("train", 60), test: { ...test, ...places, trueMean } }, 1);
  });
  const [own, meanField] = inference.widthCoverageRows(markets);
  expect(Math.abs(own!["all hours"] - 90)).toBeLessThan(4 * own!["± se"]);
  expect(meanField!["narrowest tenth"]).toBeLessThan(own!["narrowest tenth"] - 10);
  expect(() => inference.widthCoverageRows(markets.slice(0, 1))).toThrow("at least two");
});

test("rows of bounds have the columns of the scores, and the squared error is recovered from the reconstruction", () => {
  const mse = 0.3;
  const reconstruction = -0.5 * (4 * Math.log(2 * Math.PI * 0.5) + (4 * mse) / 0.5);
  const score = { elbo: -5, reconstruction, kl: 2, klPerLatent: Float64Array.of(1.5, 0.5) };
  const rows = inference.amortisationRows({ known: -4 }, { encoder: score }, { noiseVar: 0.5, columns: 4 });
  expect(Object.keys(rows[0]!).sort()).toEqual(Object.keys(rows[1]!).sort());
  expect(rows[0]!.ELBO).toBe(-4);
  expect(rows[1]!.MSE).toBeCloseTo(mse, 12);
  expect(rows[1]!["KL 2"]).toBe(0.5);
});

test("on little data the prior raises the training error and lowers the test error", () => {
  const many = inference.toyDesign({ rows: 2000, weights: [0, 0, 0, 0.1], correlation: 0, noiseVar: 1, key });
  const options = { trials: 20, rows: 10, every: 100, noiseVar: 1, priorVar: 0.01 };
  const { leastSquares, posteriorMean } = inference.priorOnLittleData(many, options);
  leastSquares.training.forEach((error, i) => {
    expect(error).toBeLessThanOrEqual(posteriorMean.training[i]!);
  });
  expect(core.mean(posteriorMean.test)).toBeLessThan(core.mean(leastSquares.test));
  expect(() => inference.priorOnLittleData(many, { ...options, trials: 21 })).toThrow("rows");
});

test("the tail index of mean field is the correlation it leaves out", () => {
  const { khat, lower, upper } = inference.khatByCorrelation([0.2, 0.5], { draws: 4000, repeats: 4, key });
  expect(lower[1]!).toBeLessThan(0.5);
  expect(upper[1]!).toBeGreaterThan(0.5);
  expect(khat[0]!).toBeLessThan(khat[1]!);
});

test("chains meet the exact moments within their errors, and the families their gaps", () => {
  const chains = inference.hmc(target, { chains: 2, warmup: 300, draws: 500, key });
  const rows = inference.chainRows(chains, exact);
  expect(rows.map(({ weight }) => weight)).toEqual(["w1", "w2"]);
  for (const row of rows)
    expect(Math.abs(row["HMC mean"] - row["exact mean"])).toBeLessThan(5 * row["± error"]);
  const [fullRank, meanField] = inference.judgeFamilies(target, exact.logEvidence, {
    steps: 2000,
    repeats: 2,
    key,
  });
  expect(fullRank!.gap).toBeCloseTo(0, 1);
  expect(meanField!.gap).toBeCloseTo(inference.meanFieldOptimum(exact.precision).kl, 1);
});

test("labels are drawn with the probabilities of their predictors, and signs become labels", () => {
  const { x, y } = inference.toyLabels({ rows: 4000, weights: [0.5, 0], key });
  const expected = core.mean(Float64Array.from(y, (_, n) => inference.sigmoid(0.5 * x[2 * n]!)));
  expect(Math.abs(core.mean(y) - expected)).toBeLessThan(4 * 0.008);
  expect(
    core.correlation(
      y,
      Float64Array.from(y, (_, n) => x[2 * n]!),
    ),
  ).toBeGreaterThan(0.15);
  const signs = inference.asLabels({ x: new Float64Array(3), columns: 1, y: Float64Array.of(-2, 0, 3) });
  expect(Array.from(signs.y)).toEqual([0, 0, 1]);
});

test("coordinate ascent shrinks the distance by ρ² a sweep and turns a corner in each", () => {
  const { steps, sweeps, variance } = inference.caviPath(0.9, { start: [-2.2, 1.2], sweeps: 3 });
  expect(steps.x.length).toBe(7);
  expect(sweeps.x[0]).toBe(-2.2);
  expect(sweeps.y[2]! / sweeps.y[1]!).toBeCloseTo(0.81, 12);
  expect(steps.y[1]).toBe(1.2); // the first weight moves first
  expect(variance[0]).toBeCloseTo(0.19, 12);
});

test("rows of gradients name their parameters, means first, and agree with the slope", () => {
  const q = { mean: exact.mean, sd: Float64Array.of(0.1, 0.1) };
  const draws = inference.gradientDraws(target, q, 2000, key);
  const names = { "mean 1": 0, "mean 2": 0, "log sd 1": 0, "log sd 2": 0 };
  const rows = inference.gradientRows(draws, names, 2);
  expect(rows[0]!.reparameterised).toBeCloseTo(core.mean(inference.gradientColumn(draws.pathwise, 2, 0)), 12);
  expect(rows[2]!["variance of score"]).toBeGreaterThan(rows[2]!["variance of reparameterised"]);
  expect(() => inference.gradientRows(draws, { one: 0 }, 2)).toThrow("slopes");
});

test("moments stand side by side, means before standard deviations", () => {
  const [row] = inference.momentRows({ A: { mean: [1], covariance: core.Matrix.diag([4]) }, B: exact });
  expect(Object.keys(row!)).toEqual(["weight", "A mean", "B mean", "A sd", "B sd"]);
  expect(row!["A sd"]).toBe(2);
});

test("gradient descent learns what water-filling predicts", () => {
  const rows = models.factor.waterFillingRows(Float64Array.of(4, 0.1), 0.2, [1, 40]);
  expect(rows.map((row) => row["learnt active"])).toEqual([1, 0]);
  expect(rows[0]!["learnt KL"]).toBeCloseTo(0.5 * Math.log(20), 2);
  expect(rows[0]!["predicted KL"]).toBeCloseTo(0.5 * Math.log(20), 12);
});

test("ranks of the right posterior are uniform, those of one with 0.6 of its width fill the edges as theory says", () => {
  const options = { simulations: 2000, draws: 19, key };
  const right = prob.diagnostics.sbcNormal(1, options);
  const narrow = prob.diagnostics.sbcNormal(0.6, options);
  expect(right.pValue).toBeGreaterThan(0.001);
  const edge = prob.diagnostics.expectedRankPmf(19, 0.6)[0]!;
  expect(Math.abs(narrow.fraction[0]! - edge)).toBeLessThan(4 * Math.sqrt((edge * (1 - edge)) / 2000));
  expect(core.sum(narrow.fraction)).toBeCloseTo(1, 12);
});

test("the closest normal to a normal is itself, and the moments of a mixture are those of its draws", () => {
  const logP = (x: number) => prob.normalLogDensity(x, 0.5, 2);
  const grid = [0, 0.5, 1];
  const best = prob.closestNormal(logP, grid, [1, 2, 3]);
  expect([best.mean, best.sd]).toEqual([0.5, 2]);
  expect(best.kl).toBeCloseTo(0, 9);
  const { mean, sd } = prob.mixtureMoments({ weight: [0.75, 0.25], mean: [1, -2], sd: [2, 8] });
  expect(mean).toBeCloseTo(0.25, 12);
  expect(sd).toBeCloseTo(Math.sqrt(0.75 * 5 + 0.25 * 68 - 0.0625), 12);
});

test("a constant probability of one half has the Brier score 1/4 and no bin outside", () => {
  const outcome = Array.from({ length: 400 }, (_, n) => n % 2);
  const half = new Float64Array(400).fill(0.5);
  const sure = Float64Array.from(outcome, (own) => (own === 1 ? 0.1 : 0.9));
  const tables = {
    half: prob.calibration.reliabilityTable(half, outcome, 4),
    sure: prob.calibration.reliabilityTable(sure, outcome, 2),
  };
  const [own, wrong] = prob.calibration.probabilityRows({ half, sure }, outcome, tables);
  expect(own).toMatchObject({ least: 0.5, greatest: 0.5, "bins outside": 0, Brier: 0.25 });
  expect(wrong!["bins outside"]).toBe(2);
  expect(() => prob.calibration.probabilityRows({ other: half }, outcome, tables)).toThrow("other");
});

test("groups hold equal numbers of the rows that are traded, in ascending order", () => {
  const values = (...own: number[]) => ({ values: Float64Array.from(own) });
  const weights = { a: values(1, 0, -2, 3, 0), b: values(1, 0, 0, 0, 4) };
  expect(trading.sizesByGroup(weights, [5, 1, 2, 3, 4], 2)).toEqual({ a: [2.5, 0.5], b: [0, 2.5] });
});

test("seconds that grow with the square have the exponent two, and a clock tells how long work took", () => {
  const sizes = [10, 100, 1000];
  const [row] = core.growthRows({ square: { sizes, seconds: sizes.map((n) => 3e-4 * n ** 2) } });
  expect(row!.exponent).toBeCloseTo(2, 9);
  expect(row!["± se"]).toBeCloseTo(0, 9);
  let time = 0;
  const work = () => {
    time += 1500;
    return "done";
  };
  expect(core.timed(work, () => time)).toEqual({ value: "done", seconds: 1.5 });
  expect(core.secondsOf(work, () => time)).toBe(1.5);
});
