import fc from "fast-check";
import { expect, test } from "vitest";
import { bestAssignment, confusionTable, matchClusters } from "../../../lib/models/regimes/matching.js";

/** The greatest sum over all ways to give rows different columns. */
function bestByTrial(score: readonly number[][], row = 0, taken: readonly number[] = []): number {
  if (row === score.length) return 0;
  const left = bestByTrial(score, row + 1, taken); // this row gets none
  const given = score[row]!.map((value, j) =>
    taken.includes(j) ? Number.NEGATIVE_INFINITY : value + bestByTrial(score, row + 1, [...taken, j]),
  );
  return Math.max(left, ...given);
}

test("the assignment is as good as the best of all", () => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }));
  const matrices = shape.chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(matrices, (score) => {
      const column = bestAssignment(score);
      const given = Array.from(column).filter((j) => j >= 0);
      expect(new Set(given).size).toBe(given.length);
      expect(given.length).toBe(Math.min(score.length, score[0]!.length));
      const total = Array.from(column).reduce((sum, j, i) => sum + (score[i]![j] ?? 0), 0);
      expect(total).toBe(bestByTrial(score));
    }),
    { numRuns: 150 },
  );
});

test("a greedy pairing would do worse than the best one", () => {
  // The greatest entry, 9, leaves 1: the others make 8 + 7.
  expect(
    Array.from(
      bestAssignment([
        [9, 8],
        [7, 1],
      ]),
    ),
  ).toEqual([1, 0]);
});

test("clusters are matched one to one, and the rest is counted by hand", () => {
  const label = [0, 0, 0, 1, 1, 2, 2, 3];
  const truth = [1, 1, 0, 0, 0, 2, 1, 1];
  const { classOf, accuracy, purity, confusion } = matchClusters(label, truth);
  expect(Array.from(classOf)).toEqual([1, 0, 2, -1]);
  expect(accuracy).toBe(5 / 8);
  expect(purity).toBe(6 / 8);
  expect(confusion.map((row) => Array.from(row))).toEqual([
    [1, 2, 0],
    [2, 0, 0],
    [0, 1, 1],
    [0, 1, 0],
  ]);
});

test("fewer clusters than classes leave classes without one", () => {
  expect(matchClusters([0, 0, 1, 1], [2, 2, 1, 0])).toMatchObject({
    accuracy: 0.75,
    classOf: Int32Array.of(2, 0),
  });
});

test("labels that are no indices are refused where they stand", () => {
  expect(() => confusionTable([0, 1.5], [0, 0])).toThrow(
    "label[1]: expected an integer of at least 0, got 1.5",
  );
  expect(() => confusionTable([], [])).toThrow("label: expected labels, got none");
});
