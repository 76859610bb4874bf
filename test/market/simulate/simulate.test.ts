import { expect, test } from "vitest";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import { correlation, mean, median, quantile, standardDeviation, variance } from "../../../lib/core/stats.js";
import type { Flow } from "../../../lib/core/types.js";
import { jointFacts } from "../../../lib/features/facts/jointFacts.js";
import { type StylisedFacts, stylisedFacts } from "../../../lib/features/facts/stylisedFacts.js";
import { logReturns, rollingMean } from "../../../lib/features/returns.js";
import { checkBars } from "../../../lib/market/bars.js";
import { autoregression, seasonal, studentShocks } from "../../../lib/market/simulate/hidden.js";
import { reach } from "../../../lib/market/simulate/intrabar.js";
import { bestPortfolio } from "../../../lib/market/simulate/optimal.js";
import { REGIMES, TAIL } from "../../../lib/market/simulate/parameters.js";
import { answer, meanAbsoluteStudent } from "../../../lib/market/simulate/shocks.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { expectedCorrelation } from "../../../lib/market/simulate/truth.js";

const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
const root = key(2026);

test("a longer simulation starts with the same bits, bars and truth", () => {
  const short = simulate({ symbols, bars: 900, key: root });
  const long = simulate({ symbols, bars: 1900, key: root });
  for (const name of ["openTime", "open", "high", "low", "close", "volume"] as const) {
    short.bars.forEach((bars, a) => {
      expect(bars[name]).toEqual(long.bars[a]![name].slice(0, 900));
    });
  }
  for (const name of ["mean", "forecast", "volatility", "volume", "jump"] as const) {
    expect(short.truth[name]).toEqual(long.truth[name].slice(0, 900 * 3));
  }
  for (const name of ["regime", "factor", "crash", "persistence", "range"] as const) {
    expect(short.truth[name]).toEqual(long.truth[name].slice(0, 900));
  }
  short.bars.forEach(({ flow }, a) => {
    for (const [name, column] of Object.entries(flow!)) {
      expect(column).toEqual(long.bars[a]!.flow![name as keyof Flow]!.slice(0, 900));
    }
  });
});

test("a market of other symbols holds the same bars of a symbol", () => {
  const alone = simulate({ symbols: ["SOLUSDT"], bars: 500, key: root });
  const among = simulate({ symbols: ["XYZUSDT", "SOLUSDT", "BTCUSDT"], bars: 500, key: root });
  expect(among.bars[1]).toEqual(alone.bars[0]);
  expect(alone.truth.volatility).toEqual(among.truth.volatility.filter((_, i) => i % 3 === 1));
});

test("bars are sound, of any symbol and step", () => {
  const { bars } = simulate({
    symbols: ["BTCUSDT", "DOGEUSDT"],
    bars: 3000,
    key: root,
    stepMs: 300_000,
    start: 0,
  });
  for (const b of bars) expect(() => checkBars(b)).not.toThrow();
  for (const b of bars) expect(b.open.slice(1)).toEqual(b.close.slice(0, -1));
  expect(bars[0]!.openTime[2999]).toBe(2999 * 300_000);
});

test("Student-t shocks have unit variance and the kurtosis of their tail", () => {
  const { shock, mixture } = studentShocks(fold(root, "shocks"), 400_000, 12);
  expect(Math.abs(variance(shock) - 1)).toBeLessThan(4 * Math.sqrt(2.75 / 400_000)); // kurtosis 3.75
  expect(Math.abs(mean(mixture) - 1)).toBeLessThan(4 * Math.sqrt(0.25 / 400_000));
  expect(Math.abs(mean(shock.map((x) => x ** 4)) - 3.75)).toBeLessThan(0.15);
});

test("an autoregression is stationary with its deviation and memory", () => {
  const x = autoregression(fold(root, "autoregression"), 400_000, { deviation: 0.3, memory: 5 });
  expect(standardDeviation(x)).toBeCloseTo(0.3, 2);
  expect(correlation(x.slice(5), x.slice(0, -5))).toBeCloseTo(Math.exp(-1), 1.5);
});

test("the season has mean square 1 over a week and is idle at the weekend", () => {
  const monday = Date.UTC(2024, 0, 1);
  const week = Float64Array.from({ length: 168 }, (_, t) => monday + t * 3_600_000);
  const size = seasonal({ openTime: week, hours: 1 }, [...Array(12).fill(1), ...Array(12).fill(3)], 0.5);
  expect(mean(size.map((x) => x * x))).toBeCloseTo(1, 12);
  expect(size[12]! / size[0]!).toBeCloseTo(3, 12);
  expect(Array.from({ length: 7 }, (_, d) => size[24 * d]! / size[0]!)).toEqual([1, 1, 1, 1, 1, 0.5, 0.5]);
});

test("the high of a bar follows the distribution of a Brownian bridge's maximum", () => {
  const count = 200_000;
  const v = 0.02 ** 2;
  const high = uniforms(fold(root, "up"), count).map((u) => reach(0.01, v, u));
  const low = uniforms(fold(root, "down"), count).map((u) => reach(-0.01, v, u));
  for (const m of [0.012, 0.02, 0.04]) {
    const above = Math.exp((-2 * m * (m - 0.01)) / v);
    const error = 4 * Math.sqrt((above * (1 - above)) / count);
    expect(Math.abs(mean(high.map((x) => (x > m ? 1 : 0))) - above)).toBeLessThan(error);
    expect(Math.abs(mean(low.map((x) => (0.01 + x > m ? 1 : 0))) - above)).toBeLessThan(error);
  }
});

const long = simulate({ symbols, bars: 200_000, key: fold(root, "long") });
const returns = long.bars.map(logReturns);
const realised = long.truth.mean.map((_, i) =>
  Math.log(long.bars[i % 3]!.close[Math.floor(i / 3)]! / long.bars[i % 3]!.open[Math.floor(i / 3)]!),
);

test("regimes last as long and come as often as their parameters say", () => {
  const { regime, regimeNames } = long.truth;
  expect(regimeNames).toEqual(["bear", "sideways", "bull"]);
  const total = REGIMES.reduce((sum, r) => sum + r.duration, 0);
  REGIMES.forEach(({ duration }, state) => {
    const visits = regime.filter((s, t) => s === state && regime[t - 1] !== state).length;
    const hours = regime.filter((s) => s === state).length;
    expect(Math.abs(hours / visits / duration - 1)).toBeLessThan(4 / Math.sqrt(visits));
    expect(Math.abs(hours / regime.length - duration / total)).toBeLessThan(0.06);
  });
});

test("shocks over their true volatility are white, of unit variance, correlated as the truth says", () => {
  const { mean: means, volatility, correlation: rho } = long.truth;
  const z = realised.map((r, i) => (r - means[i]!) / volatility[i]!);
  const of = (a: number) => z.filter((_, i) => i % 3 === a);
  expect(Math.abs(variance(z) - 1)).toBeLessThan(0.02);
  expect(Math.abs(correlation(of(0).slice(1), of(0).slice(0, -1)))).toBeLessThan(4 / Math.sqrt(200_000));
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    expect(Math.abs(correlation(of(a), of(b)) - rho[a * 3 + b]!)).toBeLessThan(0.01);
  }
});

test("an asset answers to the market factor by its loadings, more steeply in a fall", () => {
  const { factor, marketVolatility, volatility, mean: means, crash } = long.truth;
  const unit = factor.map((f, t) => f / marketVolatility[t]!);
  [0, 1, 2].forEach((a) => {
    const own = unit.map((_, t) => (realised[3 * t + a]! - means[3 * t + a]!) / volatility[3 * t + a]!);
    const longRun = [0.49, 0.68, 0.92][a]! / Math.sqrt(8760);
    const slope = (keep: (t: number) => boolean) => {
      const at = Uint32Array.from(unit.keys()).filter(keep);
      const [x, y] = [Float64Array.from(at, (t) => unit[t]!), Float64Array.from(at, (t) => own[t]!)];
      return (correlation(x, y) * standardDeviation(y)) / standardDeviation(x);
    };
    const near = (got: number, loadings: Float64Array) =>
      expect(Math.abs(got - loadings[a]! / longRun)).toBeLessThan(0.015);
    near(
      slope(() => true),
      long.truth.loadings,
    );
    near(
      slope((t) => unit[t]! < -0.05 && !crash[t]),
      long.truth.downLoadings,
    );
    near(
      slope((t) => unit[t]! > 0.05 && !crash[t]),
      long.truth.upLoadings,
    );
  });
});

test("the answer to the market has mean 0 and variance 1 whatever its asymmetry", () => {
  const { shock } = studentShocks(fold(root, "answer"), 400_000, TAIL.common);
  expect(Math.abs(mean(shock.map(Math.abs)) - meanAbsoluteStudent(TAIL.common))).toBeLessThan(0.004);
  const answers = shock.map((x) => answer(0.2, x));
  expect(Math.abs(mean(answers))).toBeLessThan(0.007);
  expect(Math.abs(variance(answers) - 1)).toBeLessThan(0.015);
});

test("crashes fall on all assets at once, as often as their rates say, and unsettle what follows", () => {
  const { crash, regime } = long.truth;
  const expected = regime.reduce((sum, r) => sum + 1 - Math.exp(-REGIMES[r]!.crashes), 0);
  const count = crash.reduce((sum, c) => sum + c, 0);
  expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  crash.forEach((c, t) => {
    if (c) expect(Math.min(...[0, 1, 2].map((a) => -realised[3 * t + a]!))).toBeGreaterThan(-0.03);
  });
  const size = (lag: number) =>
    mean(Array.from(crash.keys()).flatMap((t) => (crash[t - lag] ? [long.truth.volatility[3 * t]!] : [])));
  expect(size(1)).toBeGreaterThan(1.15 * size(0));
});

test("the tape: buys and sells make the volume, lean with the return, and the rest is white and foretells", () => {
  const { flow: edge } = long.truth;
  const { flow, volume } = long.bars[0]!;
  expect(volume.every((v, t) => Math.abs(flow!.buyVolume[t]! + flow!.sellVolume[t]! - v) <= 1e-12 * v)).toBe(
    true,
  );
  expect(flow!.ask.every((ask, t) => ask > flow!.bid[t]!)).toBe(true);
  const r = returns[0]!;
  const scale = rollingMean(
    r.map((x) => x * x),
    168,
  ).map(Math.sqrt);
  const surprise = volume.map(
    (v, t) => ((2 * flow!.buyVolume[t]!) / v - 1 - (edge.response * r[t]!) / scale[t]!) / edge.deviation,
  );
  const from = 400;
  const now = surprise.slice(from, -1);
  const next = r.map((x, t) => x / scale[t - 1]!).slice(from + 1);
  expect(Math.abs(mean(now))).toBeLessThan(0.02);
  expect(Math.abs(standardDeviation(now) - 1)).toBeLessThan(0.02);
  const slope = correlation(now, next) * standardDeviation(next);
  expect(Math.abs(slope - edge.coefficient)).toBeLessThan(
    (4 * standardDeviation(next)) / Math.sqrt(now.length),
  );
});

test("the best portfolio earns the Sharpe ratio that the truth says, and knowing more earns more", () => {
  const simple = realised.map((r) => r);
  for (const forecast of [long.truth.mean, long.truth.forecast]) {
    const best = bestPortfolio(long.truth, forecast);
    const earned = Float64Array.from({ length: 200_000 }, (_, t) =>
      [0, 1, 2].reduce((sum, a) => sum + best.weights[3 * t + a]! * simple[3 * t + a]!, 0),
    );
    const sharpe = mean(earned) / standardDeviation(earned);
    expect(Math.abs(sharpe - best.sharpePerBar)).toBeLessThan(4 / Math.sqrt(200_000));
  }
  const [most, past] = [long.truth.mean, long.truth.forecast].map((f) => bestPortfolio(long.truth, f));
  expect(most!.sharpePerBar).toBeGreaterThan(past!.sharpePerBar);
  const open = simulate({ symbols, bars: 2000, key: root, hidden: 0 });
  expect(open.truth.mean).toEqual(open.truth.forecast);
});

test("the claimed information coefficient is the correlation of the true mean with realised returns", () => {
  const { mean: forecast, ic } = long.truth;
  const surplus = Float64Array.from({ length: 200_000 }, (_, t) =>
    [0, 1, 2].reduce(
      (sum, a) => sum + forecast[3 * t + a]! * (realised[3 * t + a]! - forecast[3 * t + a]!),
      0,
    ),
  );
  const error =
    (standardDeviation(surplus) * Math.sqrt(200_000)) /
    (realised.length * standardDeviation(forecast) * standardDeviation(realised));
  expect(error).toBeLessThan(0.15 * ic);
  expect(Math.abs(correlation(forecast, realised) - ic)).toBeLessThan(4 * error + 0.02 * ic); // and 2% for the variances
  expect(ic).toBeGreaterThan(0.03);
  expect(ic).toBeLessThan(0.06);
});

test("the expected correlation of a forecast is that of its closed form", () => {
  expect(expectedCorrelation([1, -1], [1, -1], [3, 3])).toBeCloseTo(0.5, 12);
  expect(expectedCorrelation([2, -2], [1, -1], [3, 3])).toBeCloseTo(0.5, 12);
  expect(expectedCorrelation([1, -1], [-1, 1], [0, 0])).toBeCloseTo(-1, 12);
  expect(expectedCorrelation([1, 1], [1, -1], [3, 3])).toBe(0);
});

test("edge 0 gives a market whose mean is zero in every bar", () => {
  const { truth } = simulate({ symbols, bars: 400, key: root, edge: 0 });
  expect(truth.mean.every((m) => m === 0)).toBe(true);
  expect(truth.edge.coefficients.every((c) => c === 0)).toBe(true);
  expect([truth.ic, truth.edge.ic]).toEqual([0, 0]);
});

/**
 * What Bybit's hourly perpetuals on BTC, ETH and SOL show from 2023-12-18 to 2025-10-22 (16,198 returns each), and the band in
 * which the simulation must lie on average over paths: about the range of the three, widened by what one path's luck moves.
 */
const references: readonly [string, string, readonly [number, number, number], readonly [number, number]][] =
  [
    ["excessKurtosis", "of hourly log returns", [9.8, 18.2, 8.9], [7, 19]],
    ["winsorisedKurtosis", "the same, clipped at the 0.1% quantiles", [6.8, 6.4, 5.1], [4.5, 7.2]],
    [
      "deviationOverMad",
      "standard over normal-consistent median absolute deviation",
      [1.6, 1.56, 1.4],
      [1.38, 1.7],
    ],
    ["returnAutocorrelation1", "of returns, an hour apart", [-0.016, -0.003, -0.029], [-0.035, 0]],
    ["sizeAutocorrelation1", "of |return|, an hour apart", [0.272, 0.212, 0.233], [0.2, 0.29]],
    ["sizeAutocorrelation6", "six hours apart", [0.144, 0.13, 0.133], [0.1, 0.16]],
    ["sizeAutocorrelation24", "a day apart", [0.139, 0.11, 0.146], [0.085, 0.16]],
    ["sizeAutocorrelation48", "two days apart", [0.073, 0.055, 0.077], [0.05, 0.1]],
    ["sizeAutocorrelation168", "a week apart", [0.157, 0.098, 0.09], [0.06, 0.16]],
    [
      "rangeOverSize",
      "mean log high/low over mean |return|; 2 for a Brownian path",
      [2.12, 2.15, 2.1],
      [2.08, 2.17],
    ],
    ["parkinsonOverClose", "Parkinson's volatility over that of closes", [1.065, 1.074, 1.072], [1.05, 1.09]],
    ["bodyOverRange", "mean of |return| / range", [0.438, 0.427, 0.444], [0.42, 0.46]],
    ["rangeAutocorrelation1", "of range, an hour apart", [0.563, 0.504, 0.543], [0.45, 0.58]],
    ["volumeSizeCorrelation", "of volume and |return|", [0.659, 0.61, 0.573], [0.55, 0.71]],
    ["rangeVolumeCorrelation", "of range and volume", [0.887, 0.809, 0.802], [0.74, 0.89]],
    ["logVolumeDeviation", "of log volume", [0.861, 0.919, 0.723], [0.72, 0.95]],
    ["logVolumeAutocorrelation1", "of log volume, an hour apart", [0.729, 0.757, 0.71], [0.68, 0.78]],
    ["logVolumeAutocorrelation24", "a day apart", [0.354, 0.484, 0.379], [0.34, 0.49]],
    ["dailyKurtosis", "excess, of daily returns", [1.6, 3.5, 1.6], [1, 3.6]],
    ["dailyLogVolatilityDeviation", "of log realised daily volatility", [0.511, 0.453, 0.417], [0.41, 0.53]],
    ["dailyLogVolatilityAutocorrelation1", "the same, a day apart", [0.429, 0.406, 0.506], [0.38, 0.54]],
    ["dailyLogVolatilityAutocorrelation7", "a week apart", [0.496, 0.32, 0.335], [0.25, 0.5]],
    ["varianceRatio24", "of daily to 24 hourly variances", [0.94, 1.03, 0.87], [0.86, 1.08]],
  ];

const paths = [1, 2, 3, 4, 5, 6].map((i) => simulate({ symbols, bars: 16_199, key: fold(root, "path", i) }));
const facts = paths.map((path) => path.bars.map(stylisedFacts));

test.each(references)("%s (%s) is that of real hourly bars", (name, _, real, [low, high]) => {
  for (const value of real) expect(value).toBeGreaterThan(low);
  for (const value of real) expect(value).toBeLessThan(high);
  const simulated = median(facts.flat().map((fact) => fact[name as keyof StylisedFacts]));
  expect(simulated).toBeGreaterThan(low);
  expect(simulated).toBeLessThan(high);
});

test("annual volatility is each asset's own: 0.49, 0.68 and 0.92", () => {
  [0.49, 0.68, 0.92].forEach((real, a) => {
    const simulated = mean(facts.map((path) => path[a]!.annualVolatility));
    expect(Math.abs(simulated / real - 1)).toBeLessThan(0.1);
  });
});

test("assets move together as in life: returns correlate by 0.75 in the mean of pairs, their sizes by 0.67", () => {
  const pairs = paths.map((path) => jointFacts(path.bars));
  expect(Math.abs(mean(pairs.map((p) => p.pairCorrelation)) - 0.754)).toBeLessThan(0.05);
  expect(Math.abs(mean(pairs.map((p) => p.sizeCorrelation)) - 0.67)).toBeLessThan(0.07);
});

test("a bear market is the most turbulent and a sideways one the quietest", () => {
  const size = (state: number) =>
    quantile(returns[0]!.filter((_, t) => t > 0 && long.truth.regime[t] === state).map(Math.abs), 0.5);
  expect(size(0)).toBeGreaterThan(size(2));
  expect(size(2)).toBeGreaterThan(size(1));
});
