/** Data sets that move forward through time, and the windows of other bars at the same places. */
import { expect, test } from "vitest";
import { core, features, market } from "../../../../lib/index.js";
import { simulatedMarket } from "../../../support/simulatedMarket.js";

const options = { length: 12, horizon: 4, stride: 4, folds: 3, first: 0.4 };
const { bars } = simulatedMarket({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 1200 });
const folds = features.forwardDatasets(bars, options);
const most = (values: ArrayLike<number>) => Math.max(...Array.from(values));
const least = (values: ArrayLike<number>) => Math.min(...Array.from(values));

test("test parts follow one another without a decision between them or twice", () => {
  const times = folds.map(({ test: part }) => [...new Set(part.decidedAt)]);
  expect(folds.length).toBe(3);
  const all = times.flat();
  expect(new Set(all).size).toBe(all.length);
  for (let i = 1; i < all.length; i++) expect(all[i]! - all[i - 1]!).toBe(options.stride * bars[0]!.stepMs);
});

test("no window of a part reaches into the one before, and no target is known only in the next", () => {
  for (const { train, validation, test: last, stepMs } of folds)
    for (const [before, after] of [
      [train, validation],
      [validation, last],
    ] as const) {
      expect(least(after.decidedAt) - options.length * stepMs).toBeGreaterThanOrEqual(
        most(before.resolvedAt),
      );
    }
});

test("changing bars after a test part leaves its data set as it was", () => {
  const end = most(folds[0]!.test.resolvedAt);
  const disturbed = bars.map((own) => ({
    ...own,
    close: own.close.map((price, t) => (own.openTime[t]! + own.stepMs > end ? price * 1.001 : price)),
    high: own.high.map((price, t) => (own.openTime[t]! + own.stepMs > end ? price * 1.01 : price)),
  }));
  const again = features.forwardDatasets(disturbed, options)[0]!;
  for (const part of ["train", "validation", "test"] as const) {
    expect(again[part].x).toEqual(folds[0]![part].x);
    expect(again[part].y).toEqual(folds[0]![part].y);
  }
});

test("every so many windows train, all are tested", () => {
  const thin = features.forwardDatasets(bars, { ...options, every: 2 })[2]!;
  expect(thin.train.rows).toBe(Math.ceil(folds[2]!.train.rows / 2));
  expect(thin.test.rows).toBe(folds[2]!.test.rows);
});

test("the windows of the same bars at the same places are the part's own", () => {
  const data = folds[1]!;
  const same = features.samePlaces(data, data.test, bars, options.stride);
  expect(same.rows).toEqual(Uint32Array.from({ length: data.test.rows }, (_, n) => n));
  expect(same.x).toEqual(data.test.x);
});

test("a feed stopped to the last digit has no window: its volatility has no logarithm", () => {
  const data = folds[1]!;
  const broken = (kind: market.simulate.BrokenFeed) =>
    bars.map((own) => market.simulate.brokenBars(own, kind, { key: core.key("broken"), block: 12 }));
  expect(features.samePlaces(data, data.test, broken("stopped"), options.stride).rows.length).toBe(0);
  expect(features.samePlaces(data, data.test, broken("frozen"), options.stride).rows.length).toBe(
    data.test.rows,
  );
});
