import fc from "fast-check";
import { expect, test } from "vitest";
import { forecastOf, forecastRow, normalForecast } from "../../../lib/core/forecast.js";
import { key, normals } from "../../../lib/core/random.js";
import type { Forecast } from "../../../lib/core/types.js";
import { decide, size } from "../../../lib/trading/decisions/decide.js";
import {
  edgeScreen,
  positionWeight,
  type SignalRule,
  type SizingRules,
  signalOf,
} from "../../../lib/trading/decisions/rules.js";
import { edgeSignal, sourceSignal } from "../../../lib/trading/decisions/signal.js";
import { gaussianKelly, pessimisticSize } from "../../../lib/trading/decisions/size.js";

/** Fifty draws whose mean has model uncertainty tau², of aleatoric deviation sigma. */
function rowOf(mean: number, tau: number, sigma: number) {
  const z = normals(key("rules"), 50);
  const centre = z.reduce((sum, v) => sum + v, 0) / 50;
  const spread = Math.sqrt(z.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 50);
  const means = z.map((v) => mean + (tau * (v - centre)) / spread);
  const draws = { draws: 50, mean: means, variance: means.map(() => sigma ** 2) };
  return forecastRow(forecastOf(draws, { asset: [0], decidedAt: [0] }), 0);
}

/** Rows of two assets at three times with these means. */
function rowsOf(means: readonly number[], variance = 1e-4): Forecast {
  const of = (value: number) => new Float64Array(means.length).fill(value);
  return normalForecast(
    { mean: Float64Array.from(means), aleatoric: of(variance), latent: of(0), epistemic: of(0) },
    { asset: means.map((_, n) => n % 2), decidedAt: means.map((_, n) => 10 * Math.floor(n / 2)) },
  );
}
const names = ["BTCUSDT", "ETHUSDT"];
const sign: SizingRules = {
  ...{ signal: { kind: "sign" }, position: { kind: "fixed", weight: 0.4 }, maxWeight: 1 },
};

// VI-30, VI-31, VI-32, VI-96
test("the threshold on drawn means is chapter 328's: LONG above 0.7, SHORT in the mirror, HOLD where they spread", () => {
  const rule = { kind: "threshold", of: "means", threshold: 0.7, sdThreshold: 0.01 } as const;
  for (const row of [rowOf(0.002, 0.001, 0.02), rowOf(-0.002, 0.001, 0.02), rowOf(0.02, 0.015, 0.02)]) {
    const { direction, probability, confidence, size: whole } = sourceSignal(row.drawnMeans!, rule);
    expect(signalOf(row, rule)).toMatchObject({ direction, probability, confidence, size: whole });
  }
  expect(signalOf(rowOf(0.002, 0.001, 0.02), rule)).toMatchObject({ direction: "LONG" });
  expect(signalOf(rowOf(0.02, 0.015, 0.02), rule)).toMatchObject({ direction: "HOLD", confidence: 0.5 });
});

test("read off the return, the same thresholds count its variance: what the draws agree on may be a coin's throw", () => {
  const rule = { kind: "threshold", of: "return", threshold: 0.7, sdThreshold: 0.1 } as const;
  expect(signalOf(rowOf(0.002, 0.001, 0.02), rule).direction).toBe("HOLD");
  expect(signalOf(rowOf(0.002, 0.0001, 0.001), rule)).toMatchObject({ direction: "LONG", size: 1 });
});

test("BN-72: an edge signal with a whole position, and a screen that passes what the rule would trade", () => {
  const costs = { costBps: 10, minEdgeMultiple: 1.5 };
  const rule = { kind: "edge", ...costs, epistemicPenalty: 0 } as const;
  for (const mean of [-0.004, -0.0014, 0, 0.0014, 0.0016, 0.004]) {
    const row = rowOf(mean, 0.001, 0.02);
    expect(signalOf(row, rule)).toEqual(edgeSignal(row, rule));
    const passes = (share: number) => Math.abs(row.mean) > edgeScreen(costs, share);
    expect(passes(1)).toBe(signalOf(row, rule).direction !== "HOLD");
    if (passes(1)) expect(passes(0.5)).toBe(true);
  }
  expect(() => edgeScreen(costs, 2)).toThrow("share");
});

test("rules that need draws say so of a forecast that keeps none", () => {
  const forecast = rowsOf([0.01]);
  const of = (signal: SignalRule) => () => decide(forecast, { ...sign, signal });
  expect(of({ kind: "threshold", of: "means", threshold: 0.7, sdThreshold: 1 })).toThrow(
    "threshold of means: expected a forecast that keeps its draws",
  );
  expect(of({ kind: "class threshold", threshold: 0.6, scaled: true })).toThrow(
    "draws of class probabilities",
  );
  expect(() => decide(forecast, { ...sign, screenAbove: 0 })).toThrow("atMean");
  const classes = { up: [0.7, 0.8], neutral: [0.2, 0.1], down: [0.1, 0.1] };
  const row = { ...forecastRow(forecast, 0), classes };
  expect(signalOf(row, { kind: "class threshold", threshold: 0.6, scaled: true }).direction).toBe("LONG");
});

// VI-97
test("every position rule but the fixed one gives less for more model uncertainty, by a factor over what a market shows", () => {
  const taus = Array.from({ length: 25 }, (_, i) => 1e-4 * 10 ** (i / 12)); // 1 bp to 100 bp
  const positions = {
    shrunk: { kind: "shrunk", weight: 0.2, meanSquare: 0.001 ** 2 },
    kelly: { kind: "kelly", fraction: 1, epistemicPenalty: 0 },
    pessimistic: { kind: "kelly", fraction: 1, epistemicPenalty: 1 },
    volatility: { kind: "volatility target", annualTarget: 0.2, barsPerYear: 8760 },
  } as const;
  for (const [name, rule] of Object.entries(positions)) {
    const sizes = taus.map((tau) => positionWeight(rowOf(0.002, tau, 0.008), rule));
    for (let i = 1; i < sizes.length; i++) expect(sizes[i], name).toBeLessThanOrEqual(sizes[i - 1]!);
    expect(sizes[0]! / Math.max(sizes.at(-1)!, 1e-9), name).toBeGreaterThan(1.5);
  }
  const row = rowOf(0.002, 0.001, 0.008);
  expect(positionWeight(row, positions.shrunk)).toBeCloseTo(0.1, 10); // τ² is the mean square: one half
  expect(positionWeight(row, positions.kelly)).toBeCloseTo(gaussianKelly(row), 12);
  expect(positionWeight(row, positions.pessimistic)).toBeCloseTo(pessimisticSize(row), 12);
});

test("the position scales the signal's own size, keeps its side, and nothing is HOLD", () => {
  const forecast = rowsOf([-0.01]);
  const half = (row: Parameters<typeof signalOf>[0]) => ({ ...signalOf(row, { kind: "sign" }), size: -0.5 });
  expect(decide(forecast, { ...sign, signal: half }).weight[0]).toBe(-0.2);
  expect(decide(forecast, { ...sign, position: () => -0.3 }).weight[0]).toBe(-0.3);
  const nothing = decide(forecast, { ...sign, position: () => 0 });
  expect(nothing.signals[0]).toMatchObject({ direction: "HOLD", size: 0 });
  expect(() => decide(forecast, { ...sign, position: () => Number.NaN })).toThrow("size[0]");
});

test("a cap must be said: Kelly of a sharp forecast is many times the equity without one", () => {
  const forecast = rowsOf([0.003], 0.011 ** 2);
  const kelly: SizingRules = { ...sign, position: { kind: "kelly", fraction: 1, epistemicPenalty: 0 } };
  expect(gaussianKelly(forecastRow(forecast, 0))).toBeGreaterThan(20);
  expect(decide(forecast, kelly).weight[0]).toBe(1);
  const { maxWeight: _, ...uncapped } = kelly;
  expect(() => decide(forecast, uncapped as SizingRules)).toThrow("maxWeight: expected a cap on |weight|");
  for (const maxWeight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => decide(forecast, { ...kelly, maxWeight })).toThrow("maxWeight");
  expect(() => decide(forecast, { ...kelly, maxGross: 0 })).toThrow("maxGross");
});

test("limits: each asset first, then those of one time together; other times take no part", () => {
  const rules: SizingRules = {
    signal: { kind: "sign" },
    position: ({ mean }) => 100 * mean,
    ...{ maxWeight: 0.4, maxGross: 0.6 },
  };
  const { weight, signals } = decide(rowsOf([0.02, -0.004, 0.001, 0.002]), rules);
  expect(Array.from(weight)).toEqual(
    [0.4, -0.4, 0.1, 0.2].map((w, n) => expect.closeTo(n < 2 ? w * 0.75 : w, 12)),
  );
  expect(signals.map(({ size: own }) => own)).toEqual([2, -0.4, 0.1, 0.2].map((w) => expect.closeTo(w, 12)));
});

test("the order of the rows plays no part", () => {
  const rules: SizingRules = {
    ...sign,
    position: ({ mean }) => 60 * Math.abs(mean),
    maxWeight: 0.5,
    maxGross: 0.6,
  };
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 6, maxLength: 6 }),
      (means) => {
        const forecast = rowsOf(means);
        const turned = (values: Float64Array) => values.slice().reverse();
        const { mean, aleatoric, latent, epistemic } = forecast;
        const reversed = normalForecast(
          {
            mean: turned(mean),
            aleatoric: turned(aleatoric),
            latent: turned(latent),
            epistemic: turned(epistemic),
          },
          { asset: forecast.asset.slice().reverse(), decidedAt: turned(forecast.decidedAt) },
        );
        expect(size(reversed, rules, { names })).toEqual(size(forecast, rules, { names }));
      },
    ),
  );
});

test("weights by time and asset: flat without a forecast, unchanged where there is no trading", () => {
  const forecast = rowsOf([0.01, -0.01, 0.01]);
  const panel = size(forecast, sign, { names, times: [0, 5, 10], traded: (a, time) => a === 0 || time < 10 });
  expect(Array.from(panel.time)).toEqual([0, 5, 10]);
  expect(Array.from(panel.values)).toEqual([0.4, -0.4, 0, 0, 0.4, Number.NaN]);
  expect(Array.from(size(forecast, sign, { names }).values)).toEqual([0.4, -0.4, 0.4, 0]);
  expect(() => size(forecast, sign, { names: ["BTCUSDT"] })).toThrow("row 1: expected one of the 1 assets");
  expect(() => size(forecast, sign, { names, times: [0] })).toThrow(
    "row 2: expected one of the 2 assets and 1 times",
  );
  const twice = { ...forecast, asset: Uint16Array.of(0, 0, 0) };
  expect(() => size(twice, sign, { names })).toThrow("row 1: expected one for BTCUSDT at 0, got two");
});

test("a row that does not pass the screen is HOLD, whatever its draws say", () => {
  const forecast = { ...rowsOf([0.01, 0.01]), atMean: Float64Array.of(0.002, -0.0021) };
  const { signals, weight } = decide(forecast, { ...sign, screenAbove: 0.002 });
  expect(signals.map(({ direction }) => direction)).toEqual(["HOLD", "LONG"]);
  expect(Array.from(weight)).toEqual([0, 0.4]);
});
