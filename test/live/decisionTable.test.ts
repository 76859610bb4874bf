/** One decision as a table. */
import { expect, test } from "vitest";
import { forecastOf, normalForecast } from "../../lib/core/index.js";
import { decisionTable } from "../../lib/live/decisionTable.js";

const rules = { position: { kind: "fixed", weight: 0.3 }, maxWeight: 0.25 } as const;
const places = { asset: [0, 1], decidedAt: [5, 5], names: ["A", "B"] };

test("basis points, standard deviations by source, and a weight within its limit on the side of the mean", () => {
  const mean = Float64Array.from([1e-4, -2e-4, 3e-4, -2e-4]); // [draws, rows]
  const variance = new Float64Array(4).fill(1e-4);
  const [a, b] = decisionTable(forecastOf({ draws: 2, mean, variance }, places), rules);
  expect(a).toMatchObject({ symbol: "A", weight: 25 });
  expect(a!.mean).toBeCloseTo(2, 9);
  expect(a!.aleatoric).toBeCloseTo(100, 9);
  expect(a!.epistemic).toBeCloseTo(1, 9);
  expect(a!["P(r > 0)"]).toBeGreaterThan(0.5);
  expect(b).toMatchObject({ symbol: "B", weight: -25 });
  expect(b!.epistemic).toBeCloseTo(0, 9);
  expect(b!["5 %"]).toBeCloseTo(-2 - 164.4854, 3); // a normal of 100 bp: its 5 % quantile
});

test("a forecast without draws has no quantile, and one of two times or without names is refused", () => {
  const moments = {
    ...{ mean: Float64Array.from([1e-4, 0]), aleatoric: Float64Array.from([1e-4, 1e-4]) },
    ...{ latent: new Float64Array(2), epistemic: new Float64Array(2) },
  };
  expect(decisionTable(normalForecast(moments, places), rules)[1]).toMatchObject({
    "5 %": Number.NaN,
    weight: 0,
  });
  expect(() => decisionTable(normalForecast(moments, { ...places, decidedAt: [5, 6] }), rules)).toThrow(
    /2 times/,
  );
  const { names: _, ...nameless } = places;
  expect(() => decisionTable(normalForecast(moments, nameless), rules)).toThrow(/names/);
});
