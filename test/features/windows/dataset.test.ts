/** The data set of a study: nothing of a later part is in an earlier one, and tomorrow does not move today. */
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { Bars, Panel } from "../../../lib/core/types.js";
import { dataset } from "../../../lib/features/windows/dataset.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";

const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 900, key: key(3) });
const options = { length: 20, horizon: 4 };
const data = dataset(bars, options);
const parts = [data.train, data.validation, data.test];

test("parts follow one another: no target of one is known only in the next, no window reaches back", () => {
  for (const [i, part] of parts.entries()) {
    expect(part.rows).toBeGreaterThan(0);
    const next = parts[i + 1];
    if (!next) continue;
    const firstWindow = Math.min(...next.decidedAt) - options.length * data.stepMs;
    expect(Math.max(...part.resolvedAt)).toBeLessThanOrEqual(firstWindow + data.stepMs);
  }
});

test("scaled features of the training part have mean 0 and variance 1 but for what is cut at five", () => {
  const { x } = data.train;
  for (let f = 0; f < data.columns.length; f++) {
    const own = Array.from(
      { length: x.length / data.columns.length },
      (_, i) => x[i * data.columns.length + f]!,
    );
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.max(...own.map(Math.abs))).toBeLessThanOrEqual(5);
  }
});

test("returns are the log returns over the horizon after the decision", () => {
  const { asset, decidedAt, returns } = data.test;
  const own = bars[asset[0]!]!;
  const t = own.openTime.indexOf(decidedAt[0]! - data.stepMs);
  expect(returns[0]).toBeCloseTo(Math.log(own.close[t + options.horizon]! / own.close[t]!), 6);
});

test("changing the last bars leaves the training part as it was, scalers too", () => {
  const changed = bars.map((own): Bars => {
    const close = own.close.slice();
    for (let t = 850; t < close.length; t++) close[t]! *= 1.01;
    return {
      ...own,
      close,
      high: own.high.map((h, t) => Math.max(h, close[t]!)),
      low: own.low.map((l, t) => Math.min(l, close[t]!)),
    };
  });
  const other = dataset(changed, options);
  expect(other.train).toEqual(data.train);
  expect(other.scaler).toEqual(data.scaler);
  expect(other.test.x).not.toEqual(data.test.x);
});

const withFeature =
  (of: (bars: Bars, t: number) => number) =>
  (own: Bars): Panel => ({
    time: own.openTime.map((open) => open + own.stepMs),
    names: ["own"],
    values: own.close.map((_, t) => of(own, t)),
  });

test("own features are taken; one that looks a bar ahead is refused by name, symbol and time", () => {
  const features = withFeature(({ close }, t) => (t > 0 ? Math.log(close[t]! / close[t - 1]!) : Number.NaN));
  expect(dataset(bars, { ...options, features }).columns).toEqual(["own"]);
  const ahead = withFeature(({ close }, t) => Math.log((close[t + 1] ?? close[t]!) / close[t]!));
  expect(() => dataset(bars, { ...options, features: ahead })).toThrow(
    /features: expected "own" of BTCUSDT at .* to depend on bars up to then alone/,
  );
});

test("too few bars are refused with the number that is needed", () => {
  expect(() =>
    dataset(
      bars.map((own) => ({ ...own, ...cut(own, 60) })),
      options,
    ),
  ).toThrow(/need at least \d+ bars/);
});

function cut({ openTime, open, high, low, close, volume }: Bars, count: number) {
  const part = (column: Float64Array) => column.slice(0, count);
  return {
    ...{ openTime: part(openTime), open: part(open), high: part(high), low: part(low) },
    ...{ close: part(close), volume: part(volume), flow: undefined as never },
  };
}
