import { expect, test } from "vitest";
import { fromFlat, Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { effectiveBets } from "../../../lib/portfolio/evaluate/concentration.js";
import { evaluatePortfolios, portfolioReturns } from "../../../lib/portfolio/evaluate/evaluator.js";
import {
  compareSets,
  nearestPortfolios,
  neighbourDistances,
  pathSmoothness,
} from "../../../lib/portfolio/latent/coverage.js";
import { sampleDirichlet } from "../../../lib/portfolio/sample/dirichlet.js";
import { annualGrowth, maximumDrawdown } from "../../../lib/trading/performance/drawdown.js";
import { sharpeRatio, sortinoRatio } from "../../../lib/trading/performance/returns.js";

const [BARS, ASSETS, COUNT] = [500, 5, 19];
const root = key("evaluator");
const returns = fromFlat(
  normals(fold(root, "returns"), BARS * ASSETS).map((z) => 0.0005 + 0.02 * z),
  BARS,
  ASSETS,
);
const draw = (name: string, count: number, alpha = 1) => ({
  weights: sampleDirichlet(fold(root, name), count, new Float64Array(ASSETS).fill(alpha)),
  assets: ASSETS,
});
const set = draw("set", COUNT);

// VP-60, VP-61, VP-62
test("many portfolios at once have the metrics of each alone", () => {
  const all = evaluatePortfolios(set, returns, 8760);
  const earned = portfolioReturns(set, returns);
  for (let n = 0; n < COUNT; n++) {
    const own = earned.getColumn(n);
    expect(all.sharpe[n]).toBeCloseTo(sharpeRatio(own, 8760), 9);
    expect(all.sortino[n]).toBeCloseTo(sortinoRatio(own, 8760), 9);
    expect(all.maxDrawdown[n]).toBeCloseTo(maximumDrawdown(own).depth, 12);
    expect(all.annualGrowth[n]! / annualGrowth(own, 8760)).toBeCloseTo(1, 9);
    expect(all.annualReturn[n]).toBeCloseTo((own.reduce((a, b) => a + b, 0) / BARS) * 8760, 9);
  }
});

test("one asset has a diversification ratio and an effective number of one, equal weights their number", () => {
  const weights = Float64Array.of(0, 0, 1, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2);
  const all = evaluatePortfolios({ weights, assets: ASSETS }, returns, 365);
  expect(all.diversificationRatio[0]).toBeCloseTo(1, 12);
  expect(all.effectiveNumber[0]).toBe(1);
  expect(all.herfindahl[1]).toBeCloseTo(0.2, 12);
  expect(all.effectiveNumber[1]).toBeCloseTo(5, 12);
  expect(effectiveBets([0.5, 0.5], Matrix.eye(2, 2))).toBeCloseTo(2, 12);
});

test("a ruined portfolio has lost everything and stays there", () => {
  const fall = new Matrix([[0.1], [-1.5], [1]]);
  const { maxDrawdown, annualGrowth: growth } = evaluatePortfolios(
    { weights: Float64Array.of(1), assets: 1 },
    fall,
    365,
  );
  expect(maxDrawdown[0]).toBe(1);
  expect(growth[0]).toBe(-1);
});

test("metrics of the first bars do not know the later ones", () => {
  const early = evaluatePortfolios(set, returns.subMatrix(0, 199, 0, ASSETS - 1), 8760);
  const poked = returns.clone().setRow(BARS - 1, new Array<number>(ASSETS).fill(9));
  expect(evaluatePortfolios(set, poked.subMatrix(0, 199, 0, ASSETS - 1), 8760)).toEqual(early);
});

test("sets that do not fit are refused", () => {
  expect(() => evaluatePortfolios({ weights: new Float64Array(7), assets: 5 }, returns, 1)).toThrow(
    "weights: expected whole portfolios of 5 assets, got 7 numbers",
  );
  expect(() => evaluatePortfolios({ weights: new Float64Array(4), assets: 4 }, returns, 1)).toThrow(
    "returns: expected 4 assets, got 5",
  );
  const broken = returns.clone().set(3, 1, Number.NaN);
  expect(() => evaluatePortfolios(set, broken, 1)).toThrow("returns, row 3, asset 1");
});

// VP-04, VP-15
test("copies are precise and cover all but are not new", () => {
  const training = draw("training", 200);
  const copies = compareSets(training, training, { neighbours: 5, copyDistance: 1e-6 });
  expect(copies).toEqual({ precision: 1, coverage: 1, novelty: 0 });
});

test("a second sample is as precise as theory says, a corner of it covers little, strangers are imprecise", () => {
  const training = draw("training", 400);
  const options = { neighbours: 5, copyDistance: 1e-6 };
  const again = compareSets(draw("again", 400), training, options);
  expect(again.novelty).toBe(1);
  expect(again.precision).toBeGreaterThan(0.9);
  // among the nearest five and more of both samples, all five are training portfolios with probability 2⁻⁵
  expect(Math.abs(again.coverage - (1 - 2 ** -5))).toBeLessThan(4 * Math.sqrt(0.03 / 400));
  const even = compareSets(draw("even", 400, 50), training, options);
  expect(even.coverage).toBeLessThan(0.2);
  const short = draw("short", 400).weights.map((w, at) => (at % ASSETS === 0 ? w - 1 : w + 1 / (ASSETS - 1)));
  expect(compareSets({ weights: short, assets: ASSETS }, training, options).precision).toBeLessThan(0.05);
});

test("nearest portfolios and neighbour distances are those on paper", () => {
  const line = { weights: Float64Array.of(0, 1, 0.25, 0.75, 1, 0), assets: 2 };
  const found = nearestPortfolios({ weights: Float64Array.of(0.3, 0.7), assets: 2 }, line);
  expect(found.index[0]).toBe(1);
  expect(found.distance[0]).toBeCloseTo(0.05 * Math.SQRT2, 12);
  expect(neighbourDistances(line, 1)[2]).toBeCloseTo(0.75 * Math.SQRT2, 12);
  expect(() => neighbourDistances(line, 3)).toThrow("nth: expected less than 3 portfolios, got 3");
});

// VP-13
test("a straight path has no detour and a slope everywhere the same; a bend has both", () => {
  const codes = { weights: Float64Array.of(0, 1, 2), assets: 1 };
  const straight = pathSmoothness({ weights: Float64Array.of(0, 1, 0.5, 0.5, 1, 0), assets: 2 }, codes);
  expect(straight.detour).toBeCloseTo(1, 12);
  expect(straight.steepest).toBeCloseTo(straight.mean, 12);
  const bent = pathSmoothness({ weights: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), assets: 3 }, codes);
  expect(bent.detour).toBeCloseTo(2, 12);
  expect(() => pathSmoothness(set, codes)).toThrow(/codes: expected one for each of 19 portfolios/);
});
