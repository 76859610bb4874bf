import { expect, test } from "vitest";
import { fold, integers, key, normals } from "../../../lib/core/random.js";
import { boostedClassifier } from "../../../lib/models/disentangle/boostedClassifier.js";
import { dciFromImportance, linearDci } from "../../../lib/models/disentangle/dci.js";
import { factorVaeOfRows, factorVaeScore } from "../../../lib/models/disentangle/factorVae.js";
import { type LabelledLatents, quantileClasses } from "../../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../../lib/models/disentangle/mig.js";
import { separatedPredictability } from "../../../lib/models/disentangle/sap.js";
import { treeDci } from "../../../lib/models/disentangle/treeDci.js";

const root = key("scores");
const rows = 1200;
const factors = [3, 4, 5].map((classes) =>
  Float64Array.from(integers(fold(root, "factor", classes), rows, classes)),
);
const noisy = (column: ArrayLike<number>, name: string, sd = 0.02) => {
  const e = normals(fold(root, name), rows);
  return Float64Array.from({ length: rows }, (_, i) => column[i]! + sd * e[i]!);
};
const spare = normals(fold(root, "spare"), rows);
const perfect: LabelledLatents = {
  codes: [...factors.map((f, i) => noisy(f, `code ${i}`)), spare],
  factors,
};
const noise: LabelledLatents = {
  codes: [0, 1, 2, 3].map((k) => normals(fold(root, "noise", k), rows)),
  factors,
};
/** Two of the perfect codes turned by 45 degrees. */
const turned: LabelledLatents = {
  codes: [
    perfect.codes[0]!.map((v, i) => (v + perfect.codes[1]![i]!) / Math.SQRT2),
    perfect.codes[0]!.map((v, i) => (v - perfect.codes[1]![i]!) / Math.SQRT2),
    ...perfect.codes.slice(2),
  ],
  factors,
};

test("BV-18, BV-19, BV-20: a perfect code scores near 1, noise near 0, a rotated code between", () => {
  const trees = (data: LabelledLatents) => treeDci(data, { trainRows: 800, rounds: 20 });
  expect(mutualInformationGap(perfect).mig).toBeGreaterThan(0.95);
  expect(mutualInformationGap(noise).mig).toBeLessThan(0.02);
  expect(mutualInformationGap(turned).mig).toBeLessThan(mutualInformationGap(perfect).mig - 0.3);
  expect(separatedPredictability(perfect).sap).toBeGreaterThan(0.97);
  expect(separatedPredictability(noise).sap).toBeLessThan(0.02);
  for (const dci of [linearDci, trees]) {
    expect(dci(perfect).disentanglement).toBeGreaterThan(0.95);
    expect(dci(perfect).completeness).toBeGreaterThan(0.95);
    expect(dci(turned).disentanglement).toBeLessThan(0.8);
  }
  expect(trees(noise).disentanglement).toBeLessThan(0.1);
  expect(trees(perfect).testError.every((error) => error === 0)).toBe(true);
  expect(trees(noise).testError.every((error) => error > 0.5)).toBe(true);
});

test("the scores do not depend on the order of the codes, nor MIG and SAP on their signs", () => {
  const back = { codes: [...turned.codes].reverse(), factors };
  const flipped = { codes: turned.codes.map((c) => c.map((v) => -v)), factors };
  const scores = (data: LabelledLatents) => [
    mutualInformationGap(data).mig,
    separatedPredictability(data).sap,
    linearDci(data).disentanglement,
  ];
  scores(turned).forEach((value, i) => {
    expect(scores(back)[i]).toBeCloseTo(value, 9);
  });
  expect(separatedPredictability(flipped).sap).toBeCloseTo(separatedPredictability(turned).sap, 12);
});

test("a factor held by two codes: no gap, though each code serves one factor", () => {
  const twice = { codes: [...perfect.codes, noisy(factors[0]!, "again")], factors };
  expect(mutualInformationGap(twice).perFactor[0]).toBeLessThan(0.01);
  const dci = treeDci(twice, { trainRows: 800, rounds: 10 });
  expect(dci.disentanglement).toBeGreaterThan(0.95);
  expect(dci.perFactor[0]).toBeLessThan(0.7);
  expect(dci.importance[0]![0]).toBeCloseTo(dci.importance[4]![0]!, 6); // tied columns share
});

test("a matrix of zeros scores 0; a dead code weighs nothing", () => {
  const zero = dciFromImportance([new Float64Array(2), new Float64Array(2)]);
  expect([zero.disentanglement, zero.completeness]).toEqual([0, 0]);
  const alive = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
  const dead = dciFromImportance([...alive, new Float64Array(2)]);
  expect(dead.disentanglement).toBeCloseTo(1, 8);
});

test("a constant code has no weight in a linear reading and no correlation", () => {
  const still = { codes: [...perfect.codes, new Float64Array(rows).fill(3)], factors };
  const dci = linearDci(still);
  expect(Array.from(dci.importance[4]!)).toEqual([0, 0, 0]);
  expect(dci.disentanglement).toBeCloseTo(linearDci(perfect).disentanglement, 9);
  expect(dci.error[1]).toBeLessThan(0.01);
  expect(Array.from(separatedPredictability(still).rSquared[4]!)).toEqual([0, 0, 0]);
});

test("boosted trees learn what one split cannot: the exclusive or of two signs", () => {
  const [a, b] = [normals(fold(root, "a"), 600), normals(fold(root, "b"), 600)];
  const labels = a.map((v, i) => (v > 0 !== b[i]! > 0 ? 8 : 3));
  const model = boostedClassifier([a, b, spare.slice(0, 600)], labels);
  const wrong = model.predict([a, b, spare.slice(0, 600)]).filter((label, i) => label !== labels[i]).length;
  expect(model.classes).toEqual([3, 8]);
  expect(wrong / 600).toBeLessThan(0.02);
  expect(model.importance[2]).toBeLessThan(0.15);
  expect(model.importance.reduce((x, y) => x + y)).toBeCloseTo(1, 12);
});

test("one round with one split divides the classes where the error falls most", () => {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const labels = [0, 1, 0, 0, 1, 1, 0, 1];
  const weak = boostedClassifier([x], labels, { rounds: 1, depth: 1 });
  expect(Array.from(weak.predict([x]))).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(Array.from(weak.predict([Float64Array.of(4.4, 4.6)]))).toEqual([0, 1]); // halfway between the rows
});

test("BV-21: the score of FactorVAE is 1 for a perfect code and chance for noise, and the key decides the draws", () => {
  const options = {
    ...{ key: root, groupRows: 32, trainGroups: 300, testGroups: 300, leastSd: 0.05 },
  };
  const score = factorVaeOfRows(perfect, options);
  expect(score.accuracy).toBe(1);
  expect(factorVaeOfRows(noise, options).accuracy).toBeLessThan(0.5);
  expect(factorVaeOfRows(perfect, options)).toEqual(score);
  const votes = score.votes.reduce((total, row) => total + row.reduce((a, b) => a + b), 0);
  expect(votes).toBe(300);
});

test("a still code is left out of the vote, and codes keep their own numbers", () => {
  const groups = [
    [Float64Array.of(5, 5), Float64Array.of(0, 4), Float64Array.of(1, 1.1)],
    [Float64Array.of(5, 5), Float64Array.of(1, 1.1), Float64Array.of(0, 4)],
  ];
  const options = { globalVariance: [1e-6, 4, 4], leastSd: 0.05, trainGroups: 1 };
  const score = factorVaeScore({ groups, factor: [0, 1] }, options);
  expect(score.active).toEqual([false, true, true]);
  expect(Array.from(score.stillest)).toEqual([2, 1]);
  const dead = factorVaeScore({ groups, factor: [0, 1] }, { ...options, globalVariance: [0, 0, 0] });
  expect(Array.from(dead.stillest)).toEqual([-1, -1]);
  expect(dead.accuracy).toBe(0);
});

test("quantile classes hold equal numbers of rows and keep the order", () => {
  const values = normals(fold(root, "values"), 1000);
  const classes = quantileClasses(values, 4);
  for (const c of [0, 1, 2, 3]) expect(classes.filter((one) => one === c).length).toBe(250);
  for (let i = 1; i < 1000; i++)
    expect(Math.sign(values[i]! - values[i - 1]!) * (classes[i]! - classes[i - 1]!)).toBeGreaterThanOrEqual(
      0,
    );
  expect(Array.from(quantileClasses(Float64Array.of(1, 1, 1, 2), 2))).toEqual([0, 0, 0, 1]);
});

test("what cannot be is refused with what came and where", () => {
  expect(() => mutualInformationGap({ codes: [spare], factors })).toThrow(
    "codes: expected at least 2 columns, got 1",
  );
  expect(() => mutualInformationGap({ codes: perfect.codes, factors: [spare] })).toThrow(
    "factors[0][0]: expected an integer class",
  );
  expect(() => linearDci({ codes: [spare, spare.slice(1)], factors })).toThrow(
    "codes[1]: expected 1200 values, got 1199",
  );
  expect(() => dciFromImportance([Float64Array.of(1, -1), Float64Array.of(1, 1)])).toThrow(
    "importance[0][1]",
  );
  expect(() => boostedClassifier([spare], new Float64Array(rows))).toThrow(
    "labels: expected at least 2 classes, got 1",
  );
});
