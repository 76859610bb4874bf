/** The committed results of the study on real bars: their shape, their rules, and what they were computed from. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { jointFacts } from "../../lib/features/facts/index.js";
import { describeMarket, openMarket } from "../../lib/market/open.js";
import { readRealResults } from "../../lib/market/readRealResults.js";
import type { RealResults } from "../../lib/market/realResults.js";

type Tree = Readonly<Record<string, unknown>>;
type Rules = Pick<RealResults, "rules" | "variants">;

let real: RealResults;
let ruled: Rules;
let rounded: (value: unknown) => unknown;
let differences: (expected: unknown, came: unknown, tolerance: number) => Tree[];
let identify: (bars: readonly object[], described: readonly object[], funding: unknown) => Tree[];
let readFunding: (folder: string) => unknown;

const file = resolve("data/real-results.json");

beforeAll(async () => {
  const folder = "../../scripts/real";
  ruled = await import(`${folder}/rules.mjs`);
  ({ rounded, differences } = await import(`${folder}/compare.mjs`));
  real = readRealResults(file);
});

test("the file follows the rules that stand in the repository, word for word", () => {
  expect(real.rules).toEqual(ruled.rules);
  expect(real.variants).toEqual(ruled.variants);
});

test("every variant of the rules is traded at every level of costs, and charged for", () => {
  const named = Object.values(ruled.variants).flat().sort();
  for (const { rows } of real.costs.levels) expect(rows.map(({ variant }) => variant).sort()).toEqual(named);
  expect(real.costs.variants).toBe(named.length);
  expect(real.costs.survival.independent.trials).toBe(named.length);
});

test("fees and spread grow in proportion to their level, and funding is booked at all of them", () => {
  const at = (level: number) => real.costs.levels.find((one) => one.level === level)?.rows ?? [];
  at(1).forEach(({ variant, trading }, i) => {
    const less = at(0.5)[i]!;
    expect(less.variant).toBe(variant);
    expect(less.trading).toBeLessThanOrEqual(trading);
  });
  const long = real.costs.levels.map(({ rows }) => rows.find(({ variant }) => variant === "always long"));
  for (const row of long) expect(row!.funding).toBeGreaterThan(0);
});

test("the best after costs is the one whose Sharpe ratio is highest, and no fold begins before the one before it", () => {
  const after = real.costs.levels.find(({ level }) => level === 1)!.rows;
  const best = after.reduce((one, other) => (other.sharpe > one.sharpe ? other : one));
  expect(real.costs.survival.best).toBe(best.variant);
  expect(real.costs.survival.sharpe).toBeCloseTo(best.sharpe, 4);
  for (const { folds } of [real.beta, real.forecast, real.portfolios]) {
    const from: string[] = folds.map((fold) => fold.from);
    expect(from).toEqual([...from].sort());
  }
});

test("a file without a key is refused by the key's name", () => {
  const { costs, ...rest } = JSON.parse(readFileSync(file, "utf8")) as Tree;
  const cut = join(mkdtempSync(join(tmpdir(), "results-")), "cut.json");
  writeFileSync(cut, JSON.stringify(rest));
  expect(() => readRealResults(cut)).toThrow(/cut\.json: costs/);
});

test("two results differ where their numbers do by more than the tolerance, and are named by their path", () => {
  expect(differences({ a: [1, 2] }, { a: [1, 2.0001] }, 1e-3)).toEqual([]);
  expect(differences({ a: [1, 2] }, { a: [1, 2.1] }, 1e-3)).toEqual([
    { path: "a.1", expected: 2, came: 2.1 },
  ]);
  expect(differences({ a: 1 }, { a: 1, b: "new" }, 0)).toEqual([
    { path: "b", expected: undefined, came: "new" },
  ]);
  expect(rounded({ a: Float64Array.of(1.23456789), b: ["x", Number.NaN] })).toEqual({
    a: [1.23457],
    b: ["x", null],
  });
});

const folder = resolve("../../shared/data/bybit_perp_1h");
const beside = [folder, resolve("../shared/data/bybit_perp_1h")].find((one) => existsSync(one));

describe.skipIf(beside === undefined)(
  `real bars${beside === undefined ? " (skipped: no ../shared/data/bybit_perp_1h beside the project)" : ""}`,
  () => {
    test("the file's hashes and its first component are those of the bars", async () => {
      ({ identify, readFunding } = await import(`${"../../scripts/real"}/data.mjs`));
      const symbols = real.data.map(({ symbol }) => symbol);
      const market = await openMarket({ folder: beside!, symbols, say: () => {} });
      const funding = readFunding(join(beside!, "../bybit_funding"));
      expect(identify(market.bars, describeMarket(market), funding)).toEqual(real.data);
      const { component1, pairCorrelation } = jointFacts(market.bars);
      expect(component1).toBeCloseTo(real.simulator.joint.component1, 5);
      expect(pairCorrelation).toBeCloseTo(real.simulator.joint.pairCorrelation, 5);
    });
  },
);
