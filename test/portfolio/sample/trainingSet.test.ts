import { expect, test } from "vitest";
import { fromFlat } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { checkWithin } from "../../../lib/portfolio/constraints/limits.js";
import { rowsOf } from "../../../lib/portfolio/evaluate/evaluator.js";
import {
  factorCovariance,
  sampleCovariance,
  shrunkToIdentity,
} from "../../../lib/portfolio/optimise/covariance.js";
import { evenAlpha, sectorAlpha } from "../../../lib/portfolio/sample/concentrations.js";
import { sampleDirichlet } from "../../../lib/portfolio/sample/dirichlet.js";
import {
  bootstrappedSet,
  dirichletSet,
  joinSets,
  optimisedSet,
  riskParitySet,
} from "../../../lib/portfolio/sample/trainingSet.js";
import { riskContributions } from "../../../lib/trading/performance/portfolioMoments.js";

const [BARS, ASSETS] = [120, 5];
const root = key("training set");
const draws = normals(root, BARS * ASSETS);
const returns = fromFlat(
  draws.map((z, at) => 0.001 + (0.01 + 0.003 * (at % ASSETS)) * z),
  BARS,
  ASSETS,
);
const capped = { cap: 0.4 };
const options = {
  ...{ lookBacks: [40, 80], every: 20, estimator: sampleCovariance },
  ...{ riskAversions: [1, 10], targets: [0, 0.5, 1], limits: { free: {}, capped } },
};

// VP-33, VP-34, VP-35, VP-36
test("every window gives a portfolio for each limit, risk aversion and target, within its limits", () => {
  const set = optimisedSet(returns, options);
  expect(set.origins).toHaveLength((5 + 3) * 2 * (2 + 3));
  rowsOf(set).forEach((w, n) => {
    checkWithin(w, set.origins[n]!.setting.endsWith("capped") ? capped : {});
  });
  expect(set.origins[1]).toEqual({
    source: "optimised",
    setting: "lambda 10, free",
    lookBack: 40,
    knownAt: 40,
  });
});

test("a portfolio does not know the rows from its own on", () => {
  const set = optimisedSet(returns, options);
  const poked = returns.clone();
  for (let t = 80; t < BARS; t++)
    poked.setRow(
      t,
      new Array<number>(ASSETS).fill(0).map((_, a) => ((t * (a + 2)) % 7) / 50),
    );
  const changed = rowsOf(optimisedSet(poked, options));
  rowsOf(set).forEach((w, n) => {
    if (set.origins[n]!.knownAt <= 80) expect(changed[n]).toEqual(w);
  });
  const late = set.origins.findIndex((origin) => origin.knownAt > 80);
  expect(changed[late]).not.toEqual(rowsOf(set)[late]);
});

// VP-37, VP-38, VP-39
test("portfolios of equal risk are so by the estimator and the look-back they were made with", () => {
  const estimators = {
    sample: sampleCovariance,
    shrunk: (window: typeof returns) => shrunkToIdentity(window).covariance,
    "one factor": (window: typeof returns) => factorCovariance(window, 1),
  };
  const set = riskParitySet(returns, { lookBacks: [30, 60], every: 30, estimators });
  expect(set.origins).toHaveLength((4 + 3) * 3);
  rowsOf(set).forEach((w, n) => {
    const { setting, lookBack, knownAt } = set.origins[n]!;
    const window = returns.subMatrix(knownAt - lookBack, knownAt - 1, 0, ASSETS - 1);
    const estimate = estimators[setting as keyof typeof estimators](window);
    for (const share of riskContributions(w, estimate))
      expect(Math.abs(share - 1 / ASSETS)).toBeLessThan(1e-9);
  });
});

// VP-02, VP-40
test("bootstrapped portfolios vary by luck alone, less when risk is feared more, and repeat by key", () => {
  const by = (riskAversion: number) =>
    bootstrappedSet(returns, {
      key: root,
      count: 60,
      meanBlock: 5,
      estimator: sampleCovariance,
      riskAversion,
    });
  const spread = (set: ReturnType<typeof by>) =>
    Math.max(...Array.from({ length: ASSETS }, (_, a) => standardDeviation(rowsOf(set).map((w) => w[a]!))));
  expect(spread(by(1))).toBeGreaterThan(0.1);
  expect(spread(by(1000))).toBeLessThan(spread(by(1)) / 2);
  expect(by(5)).toEqual(by(5));
  for (const w of rowsOf(by(5))) checkWithin(w);
});

// VP-32, VP-64
test("the modes of the sampler have the moments they promise", () => {
  const [count, sector] = [4000, [0, 1]];
  const alphas = {
    concentrated: evenAlpha(ASSETS, 0.1),
    balanced: evenAlpha(ASSETS, 20),
    tilted: sectorAlpha(ASSETS, 2, { sector, share: 0.7 }),
  };
  for (const [name, alpha] of Object.entries(alphas)) {
    const weights = sampleDirichlet(fold(root, name), count, alpha);
    const total = alpha.reduce((a, b) => a + b, 0);
    const held = rowsOf({ weights, assets: ASSETS });
    const squares = held.map((w) => w.reduce((s, x) => s + x * x, 0));
    const herfindahl = alpha.reduce((s, a) => s + (a * (a + 1)) / (total * (total + 1)), 0);
    expect(Math.abs(mean(squares) - herfindahl)).toBeLessThan(
      (4 * standardDeviation(squares)) / Math.sqrt(count),
    );
    const inSector = held.map((w) => w[0]! + w[1]!);
    const share = name === "tilted" ? 0.7 : 0.4;
    expect(Math.abs(mean(inSector) - share)).toBeLessThan(
      (4 * standardDeviation(inSector)) / Math.sqrt(count),
    );
  }
  expect(() => sectorAlpha(3, 1, { sector: [], share: 0.5 })).toThrow(
    "sector: expected from 1 to 2 of the assets, got 0",
  );
  expect(() => sectorAlpha(3, 1, { sector: [0], share: 1 })).toThrow(
    "share: expected a share in (0, 1), got 1",
  );
});

test("sets join in order, and only with the same assets", () => {
  const drawn = dirichletSet(root, 3, { alpha: evenAlpha(ASSETS, 1), name: "flat" });
  const parity = riskParitySet(returns, {
    lookBacks: [60],
    every: 60,
    estimators: { sample: sampleCovariance },
  });
  const joined = joinSets([drawn, parity]);
  expect(joined.origins.map((origin) => origin.source)).toEqual([
    "dirichlet",
    "dirichlet",
    "dirichlet",
    "risk parity",
    "risk parity",
  ]);
  expect(rowsOf(joined)[3]).toEqual(rowsOf(parity)[0]);
  const narrow = dirichletSet(root, 1, { alpha: evenAlpha(2, 1), name: "narrow" });
  expect(() => joinSets([drawn, narrow])).toThrow("sets: expected 5 assets, got 2");
  expect(() => riskParitySet(returns, { lookBacks: [500], every: 1, estimators: {} })).toThrow(
    "windows that fit",
  );
});
