import { expect, test } from "vitest";
import { purgedKFold } from "../../../lib/features/splits/purgedKFold.js";

test("the test blocks cover every bar once, in order", () => {
  const folds = purgedKFold(23, { folds: 4, labelHorizon: 2, embargo: 1 });
  expect(folds.flatMap(({ test }) => [...test])).toEqual(Array.from({ length: 23 }, (_, t) => t));
  expect(folds.map(({ test }) => test.length)).toEqual([6, 6, 6, 5]);
});

test("no label of a training bar shares a bar with one of the test block, and the embargo follows it", () => {
  for (const { train, test } of purgedKFold(60, { folds: 5, labelHorizon: 4, embargo: 3 })) {
    const [first, last] = [test[0]!, test[test.length - 1]!];
    for (const t of train) expect(t + 4 < first || t > last + 4 + 3).toBe(true);
    expect(train.length).toBe(Math.max(0, first - 4) + Math.max(0, 60 - (last + 8)));
  }
});

test("labels of the bar itself and no embargo leave plain cross-validation", () => {
  const [, second] = purgedKFold(6, { folds: 3, labelHorizon: 0, embargo: 0 });
  expect([...second!.train]).toEqual([0, 1, 4, 5]);
});

test("bad input is named with what was expected and what came", () => {
  const options = { folds: 2, labelHorizon: 0, embargo: 0 };
  expect(() => purgedKFold(10, { ...options, folds: 1 })).toThrow(
    "folds: expected an integer of at least 2, got 1",
  );
  expect(() => purgedKFold(1, options)).toThrow("count: expected an integer of at least 2, got 1");
  expect(() => purgedKFold(10, { ...options, embargo: 0.05 })).toThrow(
    "embargo: expected an integer of at least 0, got 0.05",
  );
  expect(() => purgedKFold(10, { ...options, labelHorizon: 9 })).toThrow(
    "fold 0: expected training bars outside 0 to 4",
  );
});
