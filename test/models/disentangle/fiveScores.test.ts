import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { correlation } from "../../../lib/core/stats.js";
import { fiveScores } from "../../../lib/models/disentangle/fiveScores.js";
import { knownLatents, linearCauses } from "../../../lib/models/disentangle/knownLatents.js";
import { quantileClasses } from "../../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../../lib/models/disentangle/mig.js";
import { separatedPredictability } from "../../../lib/models/disentangle/sap.js";
import { toyMarket } from "../../../lib/models/disentangle/toyMarket.js";

const root = key("five scores");
const { factors } = toyMarket(fold(root, "toy"), 900, [1, 1, 1, 1]);
const classes = factors.map((factor) => quantileClasses(factor, 5));
const made = knownLatents(root, factors);
const scoresOf = (codes: readonly Float64Array[]) =>
  fiveScores({ codes, factors: classes }, { key: root, treeRows: 500 });

test("the factors beside two idle dimensions reach the top of D, C and the FactorVAE score", () => {
  const scores = scoresOf(made.factors);
  expect(made.factors.length).toBe(6);
  for (const one of [scores.disentanglement, scores.completeness, scores.factorVae])
    expect(one).toBeGreaterThan(0.95);
});

test("the gaps are those of the single scores on the same rows", () => {
  const data = { codes: made.factors, factors: classes };
  const scores = scoresOf(made.factors);
  expect(scores.mig).toBe(mutualInformationGap(data).mig);
  expect(scores.sap).toBe(separatedPredictability(data).sap);
});

test("every factor twice is disentangled and has no gap", () => {
  const scores = scoresOf(made.twice);
  expect(scores.disentanglement).toBeGreaterThan(0.9);
  expect(scores.mig).toBeLessThan(0.15);
  expect(made.twice.length).toBe(8);
});

test("the rotated factors hold all four to equal parts, and each other's correlation stays zero", () => {
  for (const code of made.rotated)
    for (const factor of factors) expect(Math.abs(correlation(code, factor))).toBeCloseTo(0.5, 1);
  expect(Math.abs(correlation(made.rotated[0]!, made.rotated[1]!))).toBeLessThan(0.1);
});

test("noise is told from no factor: a vote is right one time in four", () => {
  const { factorVae } = scoresOf(made.noise);
  expect(Math.abs(factorVae - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 400));
});

test("known latents are made of four factors, of one length", () => {
  expect(() => knownLatents(root, factors.slice(0, 3))).toThrow(/factors.*4/);
  expect(() => fiveScores({ codes: made.noise, factors: classes }, { key: root, treeRows: 900 })).toThrow(
    /rows left for the test/,
  );
});

test("linear causes are read back from their rows by the loadings, which are orthonormal", () => {
  const { x, basis, factors: causes } = linearCauses(root, 400);
  const product = basis.transpose().mmul(basis).to2DArray();
  product.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(i === j ? 1 : 0, 12);
    });
  });
  causes.forEach((cause, k) => {
    const weights = basis.getColumn(k);
    const read = Float64Array.from(cause, (_, n) => weights.reduce((s, w, d) => s + w * x[6 * n + d]!, 0));
    expect(correlation(read, cause)).toBeGreaterThan(0.99);
    expect(new Set(cause).size).toBe(3 + k);
  });
});
