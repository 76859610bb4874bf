import { expect, test } from "vitest";
import { fromRows, median } from "../../../lib/core/index.js";
import {
  averageTraits,
  effectiveNumber,
  frontier,
  latent,
  meanVariance,
  measureTraits,
  pathTable,
  persistence,
  riskReturn,
  setOf,
  traitsByRecipe,
  weightIn,
} from "../../../lib/portfolio/index.js";

const set = setOf([
  [0.5, 0.3, 0.2],
  [1, 0, 0],
  [0, 0.5, 0.5],
  [0.2, 0.2, 0.6],
]);
const traits = { inside: weightIn(["BTC", "ETH", "SOL"], ["ETH", "SOL", "ADA"]), held: effectiveNumber };

test("the weight in a group is the percentage held in its assets, whatever else the group names", () => {
  expect(traits.inside([0.5, 0.3, 0.2])).toBeCloseTo(50, 12);
  expect(traits.inside([1, 0, 0])).toBe(0);
});

test("traits of a set stand row by row, and their averages are those of the columns", () => {
  const { names, values, columns } = measureTraits(set, traits);
  expect(Array.from(columns.inside).map(Math.round)).toEqual([50, 0, 100, 80]);
  expect(names).toEqual(["inside", "held"]);
  expect(Array.from(values).map((v) => Math.round(100 * v) / 100)).toEqual([
    50, 2.63, 0, 1, 100, 2, 80, 2.27,
  ]);
  expect(averageTraits(set, traits).inside).toBeCloseTo(57.5, 12);
  expect(averageTraits(set, traits, median).inside).toBeCloseTo(65, 12);
});

test("recipes are counted in the order in which they occur, each with its own medians", () => {
  const origins = ["optimised", "random", "optimised", "random"].map((source) => ({ source }));
  const rows = traitsByRecipe({ ...set, origins }, traits);
  expect(rows.map(({ recipe, portfolios }) => [recipe, portfolios])).toEqual([
    ["optimised", 2],
    ["random", 2],
  ]);
  expect(rows[0]!.inside).toBeCloseTo(75, 12);
  expect(rows[1]!.inside).toBeCloseTo(40, 12);
});

test("a path names what it brings in and what it is paid with, largest change first and small ones left out", () => {
  const names = ["BTC", "ETH", "SOL", "ADA"];
  const portfolios = [
    [0.6, 0.3, 0.1, 0],
    [0.3, 0.3, 0.24, 0.16],
  ].map((w) => Float64Array.from(w));
  const still = [Float64Array.of(0.5, 0.5, 0, 0), Float64Array.of(0.5, 0.46, 0.04, 0)];
  const rows = pathTable(
    [
      { nats: 2, portfolios },
      { nats: 1, portfolios: still },
    ],
    names,
    (w) => w[0]!,
  );
  expect(rows[0]).toEqual({
    dimension: 1,
    nats: 2,
    grows: "ADA, SOL",
    shrinks: "BTC",
    first: 0.6,
    last: 0.3,
  });
  expect(rows[1]).toMatchObject({ dimension: 2, grows: "none", shrinks: "none" });
});

test("a frontier holds the best portfolio of each risk aversion, less volatile the larger it is", () => {
  const moments = {
    expected: [0.02, 0.01],
    covariance: fromRows([
      [0.09, 0],
      [0, 0.01],
    ]),
  };
  const rows = frontier(moments, [0.1, 1, 10]);
  expect(rows[1]).toEqual(meanVariance({ ...moments, riskAversion: 1 }));
  const variance = rows.map(([p, q]) => 0.09 * p! ** 2 + 0.01 * q! ** 2);
  expect(variance[0]!).toBeGreaterThan(variance[1]!);
  expect(variance[1]!).toBeGreaterThan(variance[2]!);
});

test("volatility and mean return are annual percentages, and persist where later returns are the earlier ones doubled", () => {
  const returns = fromRows([
    [0.01, 0],
    [-0.01, 0.02],
    [0.03, -0.01],
  ]);
  const sets = {
    all: [
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ],
  };
  const before = riskReturn(sets, returns, 100);
  expect(before[0]!.y[0]).toBeCloseTo(100, 10); // mean 1 % a bar, 100 bars a year
  expect(before[0]!.x[0]).toBeCloseTo(20, 10); // deviation 2 % a bar, root of 100 bars
  const [row] = persistence(before, riskReturn(sets, returns.clone().mul(2), 100));
  expect(row!.volatility).toBeCloseTo(1, 10);
  expect(row!["mean return"]).toBeCloseTo(1, 10);
  const [turned] = persistence(before, riskReturn(sets, returns.clone().mul(-1), 100));
  expect(turned!["mean return"]).toBeCloseTo(-1, 10);
});

test("a generator that averages weights differs half-way by nothing, one that returns the first portfolio by half the gap", () => {
  const pairs = { pairs: 2, traits };
  const blend = (share: number) => ({
    interpolate: (from: Float64Array, to: Float64Array) => ({
      ...setOf([from, from.map((w, a) => w + share * (to[a]! - w)), to]),
      codes: new Float64Array(0),
    }),
  });
  const [same] = latent.compareHalfway(blend(0.5), set, pairs);
  expect(same!.estimate).toBeCloseTo(0, 12);
  const [first] = latent.compareHalfway(blend(0), set, pairs);
  expect(first!.estimate).toBeCloseTo((50 - 25 + (100 - 90)) / 2, 10);
  expect(() => latent.compareHalfway(blend(0), set, { pairs: 3, traits })).toThrow(
    "expected 6 portfolios, got 4",
  );
});
