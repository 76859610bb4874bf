/** Histograms on a logarithmic scale. */
import { expect, test } from "vitest";
import { doublingBins } from "../../../lib/plot/charts/estimates/doublingBins.js";

test("a value on a border is in the bin below it, and what is outside all bins is in none", () => {
  const { categories, series } = doublingBins(
    { times: [0.4, 1, 1.5, 2, 2.1, 9], few: [3] },
    { first: 1, count: 3 },
  );
  expect(categories).toEqual(["0.5–1", "1–2", "2–4"]);
  expect(series[0]!.values).toEqual([100 / 6, 200 / 6, 100 / 6]);
  expect(series[1]).toEqual({ name: "few", values: [0, 0, 100] });
});

test("an empty list is named", () => {
  expect(() => doublingBins({ none: [] }, { first: 1, count: 3 })).toThrow(/none/);
  expect(() => doublingBins({ one: [1] }, { first: 0, count: 3 })).toThrow(/first/);
});
