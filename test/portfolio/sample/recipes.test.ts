import { expect, test } from "vitest";
import { fold, fromFlat, key, normals } from "../../../lib/core/index.js";
import { recipePortfolios, rowsOf, splitSet } from "../../../lib/portfolio/index.js";

const returns = fromFlat(
  normals(key(1), 1600 * 3).map((v) => 0.01 * v),
  1600,
  3,
);

test("recipe portfolios are long-only, add to one, and know no row after the last", () => {
  const set = recipePortfolios(returns, { key: key(2), count: 5, every: 400 });
  for (const w of rowsOf(set)) {
    expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
    expect(Math.abs(w.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-9);
  }
  expect(Math.max(...set.origins.map(({ knownAt }) => knownAt))).toBeLessThanOrEqual(1600);
  expect(new Set(set.origins.map(({ source }) => source)).size).toBe(4);
});

test("two parts of a set hold every portfolio once", () => {
  const set = recipePortfolios(returns, { key: key(2), count: 5, every: 400 });
  const { first, second } = splitSet(set, { key: fold(key(3), "halves"), first: 0.7 });
  const sorted = (rows: Float64Array[]) => rows.map((w) => w.join()).sort();
  expect(sorted([...rowsOf(first), ...rowsOf(second)])).toEqual(sorted(rowsOf(set)));
  expect(first.origins.length).toBe(Math.round(0.7 * set.origins.length));
});
