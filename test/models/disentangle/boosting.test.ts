import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { boostedClassifier } from "../../../lib/models/disentangle/boostedClassifier.js";
import { growTree, sortColumns, valueAt } from "../../../lib/models/disentangle/regressionTree.js";

const root = key("boosting");
const x = Float64Array.from({ length: 10 }, (_, i) => i + 1);
const fresh = [Float64Array.of(1, 3.2, 6, 9)];
const options = { rounds: 3, depth: 2 };

/** Scores of scikit-learn 1.9, GradientBoostingClassifier(n_estimators=3, max_depth=2), which centres its first scores. */
test("with three classes the scores are those of the reference", () => {
  const labels = [0, 0, 1, 0, 1, 1, 1, 2, 2, 2];
  const scores = boostedClassifier([x], labels, options).scores(fresh);
  const centre = (2 * Math.log(0.3) + Math.log(0.4)) / 3;
  const wanted = [
    [0.4644667927, 0.0080610413, -0.3693297279],
    [0.0696870914, 0.2134964474, -0.371093863],
    [-0.370401834, 0.5879829122, -0.371093863],
    [-0.3708138846, -0.1203862721, 0.4569422874],
  ];
  wanted.forEach((row, i) => {
    row.forEach((value, m) => {
      expect(scores[m]![i]! - centre).toBeCloseTo(value, 8);
    });
  });
});

test("with two classes the log odds are those of the reference", () => {
  const labels = [0, 0, 1, 0, 0, 1, 1, 0, 1, 1];
  const [odds] = boostedClassifier([x], labels, options).scores(fresh);
  [-0.4292785012, -0.1642316614, 0.4292785012, 0.3062659265].forEach((value, i) => {
    expect(odds![i]).toBeCloseTo(value, 8);
  });
});

const meanOf = (target: Float64Array) => (rows: readonly number[]) =>
  rows.reduce((total, i) => total + target[i]!, 0) / rows.length;

test("importances add up to the fall of the squared error, ties or not", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (seed, depth) => {
      const columns = [0, 1].map((k) => normals(fold(root, seed, k), 40).map((v) => Math.round(3 * v)));
      columns.push(columns[0]!.slice()); // a column twice: every split on it is a tie
      const target = normals(fold(root, seed, "y"), 40).map((v, i) => v + columns[0]![i]!);
      const tree = growTree(sortColumns(columns), target, { depth, leaf: meanOf(target) });
      const centre = meanOf(target)(Array.from(target.keys()));
      const error = (of: (i: number) => number) =>
        target.reduce((total, v, i) => total + (v - of(i)) ** 2, 0);
      const fall = error(() => centre) - error((i) => valueAt(tree.root, (k) => columns[k]![i]!));
      expect(tree.importance.reduce((a, b) => a + b)).toBeCloseTo(fall, 8);
      expect(tree.importance[2]).toBeCloseTo(tree.importance[0]!, 12);
    }),
    { numRuns: 60 },
  );
});

test("a tree deep enough reproduces any target, and a constant target is not split", () => {
  const target = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
  const column = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  const grow = (values: Float64Array) =>
    growTree(sortColumns([column]), values, { depth: 7, leaf: meanOf(values) });
  target.forEach((value, i) => {
    expect(valueAt(grow(target).root, () => column[i]!)).toBe(value);
  });
  const still = grow(new Float64Array(8).fill(2));
  expect(still.root).toEqual({ value: 2 });
  expect(still.importance[0]).toBe(0);
});
