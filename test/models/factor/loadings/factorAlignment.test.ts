import { expect, test } from "vitest";
import { fromFlat, fromRows } from "../../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../../lib/core/random.js";
import { simulateLinearFactors } from "../../../../lib/models/factor/linear/factorAnalysis.js";
import {
  loadingStability,
  procrustes,
  reorderLoadings,
} from "../../../../lib/models/factor/loadings/factorAlignment.js";
import { loadingChanges } from "../../../../lib/models/factor/loadings/loadingChange.js";
import { spanning } from "../../../../lib/models/factor/risk/spanning.js";

const root = key("alignment");
const loadings = fromFlat(normals(root, 24), 8, 3);
const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
const turn = fromRows([
  [c, -s, 0],
  [s, c, 0],
  [0, 0, -1],
]);

test("a rotation and a reflection are undone exactly", () => {
  const back = procrustes(loadings, loadings.mmul(turn));
  expect(back.distance).toBeLessThan(1e-12);
  expect(
    back.rotation
      .transpose()
      .mmul(back.rotation)
      .sub(
        fromRows([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]),
      )
      .norm(),
  ).toBeLessThan(1e-12);
});

test("order and signs are undone exactly, and a rotation is not", () => {
  const shuffled = loadings.subMatrixColumn([2, 0, 1]).mulColumn(0, -1);
  const found = reorderLoadings(loadings, shuffled);
  expect([...found.column]).toEqual([1, 2, 0]);
  expect([...found.sign]).toEqual([1, 1, -1]);
  expect(found.loadings.clone().sub(loadings).norm()).toBeLessThan(1e-12);
  expect(Math.min(...reorderLoadings(loadings, loadings.mmul(turn)).congruence)).toBeLessThan(0.95);
});

test("stability is one for turned copies when they are turned back, and low for unrelated loadings", () => {
  const copies = loadingStability([loadings, loadings.mmul(turn)]);
  expect(Math.min(...copies.turned)).toBeCloseTo(1, 12);
  expect(copies.worstAngle).toBeLessThan(1e-6);
  const other = fromFlat(normals(fold(root, "other"), 24), 8, 3);
  expect(loadingStability([loadings, other]).worstAngle).toBeGreaterThan(20);
});

// VF-15
test("a change of loadings is flagged where it was planted, and what stays is not", () => {
  const before = {
    loadings: fromRows([[0.8], [0.8], [0.8], [0.8], [0.3], [0.3]]),
    ownVariance: new Float64Array(6).fill(0.36),
    centre: new Float64Array(6),
  };
  const after = { ...before, loadings: fromRows([[0.3], [0.8], [0.8], [0.8], [0.8], [0.3]]) };
  const [early, late] = [before, after].map(
    (m, i) => simulateLinearFactors(m, 2000, fold(root, "period", i)).x,
  );
  const x = Float64Array.from([...early!, ...late!]);
  const options = { window: 500, factors: 1, key: root, replicates: 199, block: 10, level: 0.005 };
  const changes = loadingChanges(x, 6, options);
  expect(changes.map(({ changed }) => changed)).toEqual([false, false, false, true, false, false, false]);
  expect(changes[3]!.row).toBe(2000);
  expect(changes[3]!.distance).toBeGreaterThan(changes[3]!.chance);
  expect(changes[0]!.distance).toBeLessThan(changes[0]!.chance);
});

test("where nothing changes, about the announced share of borders is flagged", () => {
  const model = {
    loadings,
    ownVariance: new Float64Array(8).fill(1),
    centre: new Float64Array(8),
  };
  const { x } = simulateLinearFactors(model, 8200, fold(root, "null"));
  const options = { window: 200, factors: 2, key: root, replicates: 19, block: 5, level: 0.1 };
  const flagged = loadingChanges(x, 8, options).filter(({ changed }) => changed).length;
  expect(flagged).toBeGreaterThan(0); // expected: 4 of 40
  expect(flagged).toBeLessThan(11);
});

test("changing the last window leaves the borders before it as they were", () => {
  const { x } = simulateLinearFactors(
    { loadings, ownVariance: new Float64Array(8).fill(1), centre: new Float64Array(8) },
    400,
    root,
  );
  const options = { window: 100, factors: 2, key: root, replicates: 19, block: 5, level: 0.05 };
  const poked = x.slice();
  for (let i = 300 * 8; i < poked.length; i++) poked[i]! *= -3;
  expect(loadingChanges(poked, 8, options).slice(0, 2)).toEqual(loadingChanges(x, 8, options).slice(0, 2));
});

// VF-11
test("coefficients of an exact sum are found, and a regressor of chance adds nothing when degrees of freedom count", () => {
  const [a, b, noise] = ["a", "b", "noise"].map((name) => normals(fold(root, name), 500)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const y = a.map((v, i) => 1 + 2 * v - b[i]!);
  const exact = spanning(y, [a, b]);
  expect(exact.rSquared).toBeCloseTo(1, 12);
  expect(exact.coefficients[0]!).toBeCloseTo(2, 12);
  expect(exact.intercept).toBeCloseTo(1, 12);
  const rough = y.map((v, i) => v + 3 * noise[i]!);
  const [two, three] = [spanning(rough, [a, b]), spanning(rough, [a, b, normals(fold(root, "chance"), 500)])];
  expect(three.rSquared).toBeGreaterThanOrEqual(two.rSquared);
  expect(three.adjusted - two.adjusted).toBeLessThan(0.005);
});
