/** A forecast that fades. */
import { expect, test } from "vitest";
import { sum } from "../../../lib/core/index.js";
import { fadingChain } from "../../../lib/trading/decisions/fadingChain.js";

const grid = Array.from({ length: 41 }, (_, i) => (i - 20) / 10);

test("the next state is expected at a fraction of the present one, with the given spread", () => {
  const { transitions } = fadingChain(grid, { keeps: 0.5, spread: 0.2 });
  const row = Array.from(transitions).slice(30 * 41, 31 * 41); // from 1
  expect(sum(row)).toBeCloseTo(1, 12);
  const centre = sum(row.map((p, i) => p * grid[i]!));
  expect(centre).toBeCloseTo(0.5, 6);
  expect(Math.sqrt(sum(row.map((p, i) => p * (grid[i]! - centre) ** 2)))).toBeCloseTo(0.2, 4);
});

test("a spread of nothing is refused", () => {
  expect(() => fadingChain(grid, { keeps: 0.5, spread: 0 })).toThrow(/spread/);
});
