import { expect, test } from "vitest";
import { columnsOf, covariance, fold, key, mean } from "../../../../lib/core/index.js";
import { standardFactors } from "../../../../lib/models/factor/risk/standardFactors.js";

const root = key(56);

test("the draws have mean 0 and covariance I, where plain draws miss them by a standard error", () => {
  const columns = columnsOf(standardFactors(fold(root, "z"), 500, 3), 3);
  columns.forEach((x, j) => {
    expect(mean(x)).toBeCloseTo(0, 12);
    columns.forEach((y, k) => {
      expect(covariance(x, y)).toBeCloseTo(j === k ? 1 : 0, 12);
    });
  });
});

test("the same key draws the same, another key other numbers", () => {
  const [one, again, other] = [root, root, fold(root, "other")].map((own) => standardFactors(own, 20, 2));
  expect(again).toEqual(one);
  expect(other![0]).not.toBeCloseTo(one![0]!, 3);
});

test("as many draws as factors are refused: their covariance is singular", () => {
  expect(() => standardFactors(root, 3, 3)).toThrow("draws");
});
