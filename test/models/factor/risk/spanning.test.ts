import { expect, test } from "vitest";
import { fold, key, normals } from "../../../../lib/core/random.js";
import { independentColumns, spanning } from "../../../../lib/models/factor/risk/spanning.js";

const column = (name: string) => normals(fold(key(5), name), 200);
const [a, b] = [column("a"), column("b")];

test("columns that are linear in those before are left out, and so is one that stands still", () => {
  const mirrored = a.map((x) => 2 - 3 * x);
  const mixed = a.map((x, n) => x - 0.5 * b[n]!);
  const still = a.map(() => 7);
  expect(independentColumns([a, mirrored, b, mixed, still])).toEqual([0, 2]);
});

test("a column that is nearly, but not, a mirror image of another stays", () => {
  expect(independentColumns([a, a.map((x, n) => -x + 1e-3 * b[n]!)])).toEqual([0, 1]);
});

test("what is left spans the same: a regression refuses the dependent columns and takes the others", () => {
  const y = a.map((x, n) => x + 2 * b[n]!);
  const columns = [a, a.map((x) => -x), b];
  expect(() => spanning(y, columns)).toThrow(/covariance of the regressors/);
  const kept = independentColumns(columns).map((f) => columns[f]!);
  expect(spanning(y, kept).rSquared).toBeCloseTo(1, 12);
});

test("a NaN or a column of another length is refused by its place", () => {
  expect(() => independentColumns([a, a.map(() => Number.NaN)])).toThrow(/column 1\[0\]/);
  expect(() => independentColumns([a, b.slice(1)])).toThrow(/column 1/);
});
