/** Every feature of one symbol: a batch, one more bar, and a part that pandas computes too. */
import { describe } from "vitest";
import { fold, key, normals, uniforms } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import { emptyRow, featureStream, features, readRow } from "../../lib/features/engine/featureStream.js";
import { crossSectionStream } from "../../lib/features/indicators/crossSection.js";
import { atr, bollinger, ema, macd, rsi, sma } from "../../lib/features/indicators/indicators.js";
import { slidingTailRisk } from "../../lib/features/indicators/losses.js";
import { meanReturn } from "../../lib/features/indicators/momentum.js";
import { standardFeatures } from "../../lib/features/indicators/standardFeatures.js";
import { historicalVolatility, parkinson } from "../../lib/features/indicators/volatility.js";
import { vwap } from "../../lib/features/indicators/volume.js";
import { race } from "../support/interleaved.js";
import { pythonContestant } from "../support/python.js";

const COUNT = 100_000;
const MINUTE = 60_000;
const root = key("features benchmark");

const bars = marketOf(COUNT);
const all = standardFeatures(MINUTE, { flow: true });
const part = [
  ...[sma(20), ema(20), rsi(14), macd(12, 26, 9), bollinger(20, 2), atr(14)],
  ...[20, 60].flatMap((window) => [meanReturn(window), historicalVolatility(window)]),
  ...[parkinson(20), vwap(24), slidingTailRisk(60, 0.05)],
];

function marketOf(count: number): Bars {
  const [z, u] = [normals(fold(root, "close"), count), uniforms(fold(root, "rest"), 8 * count)];
  const close = new Float64Array(count);
  let level = Math.log(100);
  for (let t = 0; t < count; t++) {
    level += 0.001 * z[t]!;
    close[t] = Math.exp(level);
  }
  const part = (i: number, of: (u: number, t: number) => number) => close.map((_, t) => of(u[8 * t + i]!, t));
  const open = close.map((c, t) => close[t - 1] ?? c);
  const volume = part(0, (x) => 10 * x);
  const buyVolume = part(1, (x, t) => x * volume[t]!);
  return {
    ...{ symbol: "BTC", stepMs: MINUTE, openTime: close.map((_, t) => t * MINUTE), open, close, volume },
    high: part(2, (x, t) => Math.max(open[t]!, close[t]!) * (1 + 0.001 * x)),
    low: part(3, (x, t) => Math.min(open[t]!, close[t]!) * (1 - 0.001 * x)),
    flow: {
      ...{ buyVolume, sellVolume: volume.map((v, t) => v - buyVolume[t]!) },
      ...{
        bid: part(4, (x, t) => close[t]! * (1 - 1e-4 * x)),
        ask: part(5, (x, t) => close[t]! * (1 + 1e-4 * x)),
      },
      ...{ bidSize: part(6, (x) => x), askSize: part(7, (x) => x) },
    },
  };
}

/** The same part, with the same windows, as a fluent user of pandas writes it. */
const pandas = `
import numpy as np, pandas as pd
rng = np.random.default_rng(0)
n = ${COUNT}
close = pd.Series(100 * np.exp(np.cumsum(0.001 * rng.standard_normal(n))))
open_ = close.shift(1).fillna(close)
high = np.maximum(open_, close) * (1 + 0.001 * rng.random(n))
low = np.minimum(open_, close) * (1 - 0.001 * rng.random(n))
volume = pd.Series(10 * rng.random(n))
def work():
    out = {}
    out["sma"] = close.rolling(20).mean()
    out["ema"] = close.ewm(span=20, adjust=False).mean()
    change = close.diff()
    gain = change.clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    loss = (-change).clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    out["rsi"] = 100 * gain / (gain + loss)
    line = close.ewm(span=12, adjust=False).mean() - close.ewm(span=26, adjust=False).mean()
    signal = line.ewm(span=9, adjust=False).mean()
    out["macd"], out["signal"], out["histogram"] = line, signal, line - signal
    middle, half = close.rolling(20).mean(), 2 * close.rolling(20).std(ddof=0)
    out["position"], out["width"] = 0.5 + (close - middle) / (2 * half), 2 * half / middle
    before = close.shift(1)
    true_range = np.maximum(high - low, np.maximum((high - before).abs(), (low - before).abs()))
    out["atr"] = true_range.ewm(alpha=1 / 14, adjust=False).mean()
    log = np.log(close / before)
    for window in (20, 60):
        out[f"mean{window}"] = log.rolling(window).mean()
        out[f"volatility{window}"] = log.rolling(window).std()
    out["parkinson"] = np.sqrt((np.log(high / low) ** 2).rolling(20).mean() / (4 * np.log(2)))
    typical = (high + low + close) / 3
    out["vwap"] = (typical * volume).rolling(24).sum() / volume.rolling(24).sum()
    out["deviation"] = close / out["vwap"] - 1
    simple = (close / before - 1).to_numpy()
    windows = np.lib.stride_tricks.sliding_window_view(simple[1:], 60)
    worst = np.partition(windows, 2, axis=1)[:, :3]
    out["var"], out["shortfall"] = -worst.max(axis=1), -worst.mean(axis=1)
    return n
`;

const megabytes = (): string => `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB resident`;

describe("features", () => {
  const columns = features(bars, all).names.length;
  console.log(`${columns} columns of ${COUNT} bars: ${megabytes()}; the batch is to take 1 s, a bar 50 µs`);

  race(`features of ${COUNT} bars`, {
    unit: "bar",
    rounds: 8,
    against: "part",
    contestants: {
      [`all ${columns} columns`]: () => features(bars, all).time.length,
      part: () => features(bars, part).time.length,
      ...pythonContestant("the same part in pandas", { needs: ["numpy", "pandas"], program: pandas }),
    },
  });

  race("one more bar", {
    unit: "bar",
    rounds: 8,
    against: "push, all columns",
    contestants: { "push, all columns": () => live("push"), "preview, all columns": () => live("preview") },
  });

  race("one more bar of 50 symbols, their 1225 correlations among the columns", {
    unit: "bar",
    rounds: 8,
    against: "push",
    contestants: { push: crossed },
  });
});

/** Ten thousand bars come in one by one; a preview is timed with the push that it needs to move on. */
function live(what: "push" | "preview"): number {
  const stream = featureStream(all, MINUTE);
  const row = emptyRow();
  for (let t = 0; t < 10_000; t++) {
    readRow(bars, t, row);
    if (what === "preview") stream.preview(row);
    stream.push(row);
  }
  return what === "preview" ? 20_000 : 10_000;
}

function crossed(): number {
  const symbols = Array.from({ length: 50 }, (_, a) => `A${a}`);
  const stream = crossSectionStream(symbols, MINUTE, { window: 60 });
  const closes = new Float64Array(50);
  for (let t = 0; t < 2000; t++) {
    for (let a = 0; a < 50; a++) closes[a] = bars.close[t + 1000 * a]!;
    stream.push(t * MINUTE, closes);
  }
  return 2000;
}
