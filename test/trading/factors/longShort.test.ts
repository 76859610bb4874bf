import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import { NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import { ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { constantPanel, longShortPanel, longShortWeights } from "../../../lib/trading/factors/longShort.js";
import { sharpeEstimate } from "../../../lib/trading/performance/returns.js";
import { candles, weightsOn } from "../support/candles.js";

const root = key("long short");

test("VF-33: the largest fifth is held long and the smallest short, each side adding to one", () => {
  const exposures = [5, 1, 9, 3, 7, 2, 8, 4, 6, 10];
  expect(Array.from(longShortWeights(exposures, 0.2))).toEqual([0, -0.5, 0.5, 0, 0, -0.5, 0, 0, 0, 0.5]);
  expect(Array.from(longShortWeights([3, Number.NaN, 1], 0.1))).toEqual([1, 0, -1]);
  expect(Array.from(longShortWeights([3, Number.NaN], 0.5))).toEqual([0, 0]);
});

test("VF-33: the portfolio is neutral, and monotone transforms of the exposures leave it as it is", () => {
  const exposures = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(exposures, fc.double({ min: 0.05, max: 0.5, noNaN: true }), (x, quantile) => {
      const weights = longShortWeights(x, quantile);
      expect(weights.reduce((s, w) => s + w, 0)).toBeCloseTo(0, 12);
      expect(weights.reduce((s, w) => s + Math.abs(w), 0)).toBeCloseTo(2, 12);
      expect(
        longShortWeights(
          x.map((v) => Math.exp(v / 10)),
          quantile,
        ),
      ).toEqual(weights);
    }),
  );
});

/** Ten assets whose returns are loading · factor + noise; the factor earns 0.1 deviations a bar, another nothing. */
function factorMarket(): { bars: Bars[]; priced: Float64Array; unpriced: Float64Array } {
  const [count, assets] = [3000, 10];
  const priced = normals(fold(root, "priced"), assets);
  const unpriced = normals(fold(root, "unpriced"), assets);
  const [f, g] = [normals(fold(root, "f"), count), normals(fold(root, "g"), count)];
  const bars = Array.from({ length: assets }, (_, a) => {
    const noise = normals(fold(root, "noise", a), count);
    let price = 100;
    const close = Array.from(noise, (e, t) => {
      price *= 1 + 0.002 * (priced[a]! * (0.1 + f[t]!) + unpriced[a]! * g[t]! + e);
      return price;
    });
    return candles(`A${a}`, { open: [100, ...close.slice(0, -1)], close });
  });
  return { bars, priced, unpriced };
}

test("VF-33: profiles differ: the priced factor earns its Sharpe ratio, the unpriced one nothing", () => {
  const { bars, priced, unpriced } = factorMarket();
  const sharpeOf = (loadings: Float64Array) => {
    const weights = longShortPanel(
      weightsOn(bars, (_, a) => loadings[a]!),
      0.3,
    );
    const returns = ledgerReturns(backtest(weights, bars, { costs: NO_COSTS }));
    const spread = longShortWeights(loadings, 0.3);
    const on = (x: Float64Array) => spread.reduce((s, w, a) => s + w * x[a]!, 0);
    const sd = Math.sqrt(on(priced) ** 2 + on(unpriced) ** 2 + spread.reduce((s, w) => s + w * w, 0));
    return { ...sharpeEstimate(returns, { barsPerYear: 1, horizon: 1 }), truth: (0.1 * on(priced)) / sd };
  };
  const [rewarded, other] = [sharpeOf(priced), sharpeOf(unpriced)];
  for (const { perBar, truth, standardErrorPerBar } of [rewarded, other])
    expect(Math.abs(perBar - truth)).toBeLessThan(3 * standardErrorPerBar);
  expect(rewarded.perBar / rewarded.standardErrorPerBar).toBeGreaterThan(3);
  expect(rewarded.perBar).toBeGreaterThan(other.perBar + 2 * rewarded.standardErrorPerBar);
});

test("bad input is refused by name", () => {
  expect(() => longShortWeights([1, 2], 0.6)).toThrow("quantile: expected a share in (0, 0.5], got 0.6");
  expect(() => longShortWeights([1, Number.POSITIVE_INFINITY], 0.5)).toThrow(
    "exposures[1]: expected a number or NaN",
  );
});

test("a portfolio that is kept has the same weights at every time", () => {
  const panel = constantPanel([0.5, -0.5], { time: [1, 2, 3], names: ["A", "B"] });
  expect(Array.from(panel.values)).toEqual([0.5, -0.5, 0.5, -0.5, 0.5, -0.5]);
  expect(Array.from(panel.time)).toEqual([1, 2, 3]);
  expect(() => constantPanel([1], { time: [1], names: ["A", "B"] })).toThrow(/weights/);
});
