import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { dickeyFuller } from "../../../lib/features/facts/stationarity.js";
import { rollingMinMax } from "../../../lib/features/indicators/minMax.js";
import { makePanel } from "../../../lib/features/panel.js";
import { panelCovariance, returnMatrix } from "../../../lib/features/returnMatrix.js";
import { logReturns } from "../../../lib/features/returns.js";
import { splitByTime } from "../../../lib/features/splits/split.js";
import { walkForward } from "../../../lib/features/splits/walkForward.js";
import { applyScaler, fitScaler, invertScaler } from "../../../lib/features/windows/scaler.js";
import {
  takeWindows,
  type WindowSource,
  windowStarts,
  windows,
  withoutStraddlers,
} from "../../../lib/features/windows/windows.js";
import { alignBars } from "../../../lib/market/bars.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";

const HOUR = 3_600_000;
const root = key("windows");
const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 400, key: root });
const sourceOf = (b: (typeof bars)[number]): WindowSource => ({
  bars: b,
  panel: makePanel(
    b.openTime.map((t) => t + b.stepMs),
    { r: logReturns(b), volume: b.volume },
  ),
});
const sources = bars.map(sourceOf);
const spec = { length: 24, horizon: 5 };
const all = windows(sources, spec);

test("a window holds the rows up to its decision, its target the cumulative return that follows", () => {
  // VI-66, BN-13, BV-58
  expect(all.y.length).toBe(2 * (400 - 24 - 5)); // the first return is NaN
  const n = 100;
  const t = 24 + n;
  expect(all.decidedAt[n]).toBe(bars[0]!.openTime[t]! + HOUR);
  expect(all.resolvedAt[n]! - all.decidedAt[n]!).toBe(5 * HOUR);
  expect(all.x[n * 48 + 46]).toBe(Math.fround(logReturns(bars[0]!)[t]!));
  expect(all.y[n]).toBe(Math.fround(Math.log(bars[0]!.close[t + 5]! / bars[0]!.close[t]!)));
  expect(new Set(all.asset)).toEqual(new Set([0, 1]));
});

test("changing tomorrow moves nothing known today, and moves today's target alone", () => {
  const poked = bars.map((b) => ({
    ...b,
    close: b.close.map((c, t) => (t > 200 ? c * 1.1 : c)),
    volume: b.volume.map((v, t) => (t > 200 ? 2 * v : v)),
  }));
  const after = windows(poked.map(sourceOf), spec);
  const cut = bars[0]!.openTime[200]! + HOUR;
  for (let n = 0; n < all.y.length; n++) {
    if (all.decidedAt[n]! > cut) continue;
    expect(after.x.subarray(n * 48, (n + 1) * 48)).toEqual(all.x.subarray(n * 48, (n + 1) * 48));
    if (all.resolvedAt[n]! <= cut) expect(after.y[n]).toBe(all.y[n]);
    else expect(after.y[n]).not.toBe(all.y[n]);
  }
});

test("no window and no target spans a hole, whether bars are absent or NaN", () => {
  const [btc] = bars;
  const nan = { ...btc!, close: btc!.close.map((c, t) => (t === 250 ? Number.NaN : c)) };
  const left = windows([sourceOf(nan)], spec);
  const spans = (n: number) =>
    left.decidedAt[n]! - 24 * HOUR < btc!.openTime[251]! + HOUR && left.resolvedAt[n]! > btc!.openTime[250]!;
  expect(left.y.some((_, n) => spans(n))).toBe(false);
  const keep = Array.from({ length: 400 }, (_, t) => t).filter((t) => t !== 250);
  const column = (x: Float64Array) => Float64Array.from(keep, (t) => x[t]!);
  const absent = {
    ...btc!,
    openTime: column(btc!.openTime),
    close: column(btc!.close),
    volume: column(btc!.volume),
  };
  const jumping = windows([sourceOf(absent)], spec);
  expect(jumping.y.length).toBe(left.y.length); // no return over the hole either
  expect(
    jumping.decidedAt.every(
      (time, n) =>
        time - 23 * HOUR > btc!.openTime[250]! || jumping.resolvedAt[n]! <= btc!.openTime[250]! + 0,
    ),
  ).toBe(true);
});

test("a target of one's own is paired with the window so many bars before, and its holes drop the window", () => {
  const target = Float64Array.from(bars[0]!.close.keys(), (t) => (t === 300 ? Number.NaN : 10 * t));
  const own = windows([{ ...sources[0]!, target }], spec);
  expect(own.y.length).toBe(371 - 1);
  own.y.forEach((y, n) => {
    const t = (own.decidedAt[n]! - HOUR - bars[0]!.openTime[0]!) / HOUR;
    expect(y).toBe(10 * (t + 5));
  });
  expect(Array.from(own.resolvedAt)).not.toContain(bars[0]!.openTime[300]! + HOUR);
  expect(() => windows([{ ...sources[0]!, target: target.slice(1) }], spec)).toThrow(
    "BTCUSDT: target: expected 400 values, got 399",
  );
});

test("strides thin the windows out, rows are copied, unequal columns are refused", () => {
  expect(windows(sources, { ...spec, stride: 7 }).y.length).toBeLessThan(all.y.length / 6);
  const two = takeWindows(all, [3, 5]);
  expect([two.y[0], two.y[1], two.x.length]).toEqual([all.y[3], all.y[5], 96]);
  const other = { ...sources[1]!, panel: makePanel(sources[1]!.panel.time, { r: logReturns(bars[1]!) }) };
  expect(() => windows([sources[0]!, other], spec)).toThrow("ETHUSDT: expected the columns r, volume, got r");
  const late = {
    ...sources[0]!,
    panel: { ...sources[0]!.panel, time: sources[0]!.panel.time.map((t) => t + 1) },
  };
  expect(() => windows([late], spec)).toThrow("row 0: expected the panel's time");
});

test("70, 15, 15: parts in order, every target known before the next part, no window across a border", () => {
  // VI-67
  const { purged, ...parts } = splitByTime(all, { train: 0.7, validation: 0.15, test: 0.15 });
  const clean = withoutStraddlers(all, windowStarts(all, 24, HOUR), parts);
  expect(purged.length).toBe(2 * 2 * 4);
  expect(parts.validation.length - clean.validation.length).toBe(2 * 24);
  expect(clean.train).toEqual(parts.train);
  const last = Math.max(...Array.from(clean.train, (n) => all.resolvedAt[n]!));
  const first = Math.min(...Array.from(clean.validation, (n) => all.decidedAt[n]! - 24 * HOUR));
  expect(first).toBeGreaterThanOrEqual(last - 5 * HOUR);
  const borders = [clean.train, clean.validation, clean.test].map((part) => [
    Math.min(...Array.from(part, (n) => all.decidedAt[n]! - 24 * HOUR)),
    Math.max(...Array.from(part, (n) => all.decidedAt[n]!)),
  ]);
  expect(borders[1]![0]!).toBeGreaterThanOrEqual(borders[0]![1]!);
  expect(borders[2]![0]!).toBeGreaterThanOrEqual(borders[1]![1]!);
});

test("walking forward, all that is trained on was known before the test, and each row is tested once", () => {
  for (const train of [100 * HOUR, "all"] as const) {
    const folds = walkForward(all, {
      train,
      least: 100 * HOUR,
      test: 50 * HOUR,
      purge: 3 * HOUR,
      embargo: 10 * HOUR,
    });
    const tested = folds.flatMap((f) => Array.from(f.test));
    expect(new Set(tested).size).toBe(tested.length);
    expect(folds.length).toBe(Math.ceil((371 - 100) / 50));
    folds.forEach(({ train: rows, test: later, from }) => {
      const known = Math.max(...Array.from(rows, (n) => all.resolvedAt[n]!));
      expect(known + 3 * HOUR).toBeLessThanOrEqual(from);
      expect(Math.min(...Array.from(later, (n) => all.decidedAt[n]!))).toBe(from);
    });
  }
  expect(() => walkForward(all, { train: 1e13, test: HOUR, purge: 0, embargo: 0 })).toThrow("got none");
});

test("walking forward, rows that come later change no fold that was complete before them", () => {
  const options = {
    train: "all",
    least: 100 * HOUR,
    test: 50 * HOUR,
    purge: 3 * HOUR,
    embargo: 60 * HOUR,
  } as const;
  const whole = walkForward(all, options);
  const cut = whole[3]!.from;
  const before = Array.from(all.y.keys()).filter((n) => all.decidedAt[n]! < cut);
  const past = walkForward(takeWindows(all, before), options);
  expect(past.length).toBe(3);
  past.forEach(({ train, test: tested, from }, k) => {
    const named = (rows: Uint32Array) => Array.from(rows, (i) => before[i]);
    expect([named(train), named(tested), from]).toEqual([
      Array.from(whole[k]!.train),
      Array.from(whole[k]!.test),
      whole[k]!.from,
    ]);
  });
  const poked = { ...all, decidedAt: all.decidedAt.map((t, n) => (n === 7 ? Number.NaN : t)) };
  expect(() => walkForward(poked, options)).toThrow("decidedAt[7]: expected a finite number, got NaN");
});

test("walking forward, the folds are those of the definition, row by row", () => {
  const count = 600;
  const decidedAt = Float64Array.from(
    { length: count },
    (_, i) => Math.floor(((i * 7919) % count) / 3) * HOUR,
  );
  const rows = { decidedAt, resolvedAt: decidedAt.map((t, i) => t + (1 + (i % 9)) * HOUR) };
  for (const train of [40 * HOUR, "all"] as const)
    for (const embargo of [0, 5 * HOUR, 45 * HOUR]) {
      const folds = walkForward(rows, { train, least: 40 * HOUR, test: 20 * HOUR, purge: 2 * HOUR, embargo });
      folds.forEach(({ train: past, test: later, from }, k) => {
        const barred = (time: number) =>
          folds.slice(0, k).some((f) => time >= f.from + 20 * HOUR && time < f.from + 20 * HOUR + embargo);
        const inPast = (n: number) =>
          decidedAt[n]! < from &&
          (train === "all" || decidedAt[n]! >= from - train) &&
          rows.resolvedAt[n]! + 2 * HOUR <= from &&
          !barred(decidedAt[n]!);
        const inTest = (n: number) => decidedAt[n]! >= from && decidedAt[n]! < from + 20 * HOUR;
        const of = (keep: (n: number) => boolean) => Array.from(decidedAt.keys()).filter(keep);
        expect(Array.from(past).sort((a, b) => a - b)).toEqual(of(inPast));
        expect(Array.from(later).sort((a, b) => a - b)).toEqual(of(inTest));
      });
    }
});

test("rolling least and greatest: by hand, flat is a half, causal", () => {
  // VI-64, BV-57
  expect(Array.from(rollingMinMax([1, 3, 2, 2, 2, 5], 3))).toEqual([Number.NaN, Number.NaN, 0.5, 0, 0.5, 1]);
  const x = normals(root, 500);
  const scaled = rollingMinMax(x, 20);
  x.forEach((value, t) => {
    if (t < 19) return;
    const window = Array.from(x.subarray(t - 19, t + 1));
    const [low, high] = [Math.min(...window), Math.max(...window)];
    expect(scaled[t]).toBeCloseTo((value - low) / (high - low), 12);
  });
  expect(
    rollingMinMax(
      x.map((v, t) => (t > 300 ? 100 : v)),
      20,
    ).slice(0, 301),
  ).toEqual(scaled.slice(0, 301));
  const holed = rollingMinMax(
    x.map((v, t) => (t === 100 ? Number.NaN : v)),
    20,
  );
  expect(Array.from(holed.subarray(100, 120)).every(Number.isNaN)).toBe(true);
  expect(holed[125]).toBeCloseTo(scaled[125]!, 12);
});

test("a scaler undone gives back what it was given", () => {
  // VF-43, VI-63
  const matrix = { x: normals(root, 60).map((v, i) => 3 * v + (i % 2) * 7), shape: [30, 2] as const };
  const scaler = fitScaler(matrix, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  invertScaler(scaler, applyScaler(scaler, matrix)).x.forEach((v, i) => {
    expect(v).toBeCloseTo(matrix.x[i]!, 12);
  });
});

test("the return matrix has times by rows and symbols by columns, and no return over a gap", () => {
  // VF-41, VF-42, VP-67
  const keep = (b: (typeof bars)[number]) => ({
    ...b,
    openTime: b.openTime.filter((_, t) => t !== 50),
    close: b.close.filter((_, t) => t !== 50),
  });
  const panel = returnMatrix(bars.map(keep), "log");
  expect([panel.time.length, panel.names]).toEqual([398, ["BTCUSDT", "ETHUSDT"]]);
  expect(panel.values[2 * 10 + 1]).toBe(Math.log(bars[1]!.close[11]! / bars[1]!.close[10]!));
  expect([panel.values[2 * 49], panel.values[2 * 49 + 1]]).toEqual([Number.NaN, Number.NaN]);
  const simple = returnMatrix(bars, "simple");
  expect(simple.values[0]).toBeCloseTo(bars[0]!.close[1]! / bars[0]!.close[0]! - 1, 14);
  const rho = panelCovariance(panel, "correlation");
  expect(rho.get(0, 0)).toBeCloseTo(1, 12);
  expect(rho.get(0, 1)).toBeGreaterThan(0.6);
  const late = { ...bars[1]!, openTime: bars[1]!.openTime.map((t) => t + HOUR) };
  expect(() => returnMatrix([bars[0]!, late], "log")).toThrow("ETHUSDT: expected the times of BTCUSDT");
  expect(alignBars([bars[0]!, late]).bars[0]!.openTime.length).toBe(399);
});

test("the unit-root test is that of statsmodels 0.14: adfuller(x, maxlag, regression, autolag)", () => {
  // VI-65; x = cumsum(sin(1.7 t) + cos(t ** 1.5)), t = 0 … 199, and its differences
  let level = 0;
  const x = Float64Array.from({ length: 200 }, (_, t) => {
    level += Math.sin(1.7 * t) + Math.cos(t ** 1.5);
    return level;
  });
  const check = (got: ReturnType<typeof dickeyFuller>, statistic: number, pValue: number, rows: number) => {
    expect(got.statistic).toBeCloseTo(statistic, 8);
    expect(Math.abs(got.pValue / pValue - 1)).toBeLessThan(1e-6);
    expect(got.observations).toBe(rows);
  };
  check(dickeyFuller(x, { lags: 0, trend: "level" }), -3.3363191818500764, 0.013331034079551364, 199);
  check(dickeyFuller(x, { lags: 3, trend: "level" }), -2.2579486821986094, 0.18588907719194836, 196);
  check(dickeyFuller(x, { lags: 0, trend: "line" }), -3.7102083425683645, 0.02169374369584963, 199);
  check(dickeyFuller(x, { lags: 3, trend: "line" }), -2.146963699007272, 0.5197185184873092, 196);
  const y = x.map((v, t) => v - x[t - 1]!).subarray(1);
  check(dickeyFuller(y, { lags: 3, trend: "level" }), -6.73787672158058, 3.1733877249309255e-9, 195);
  const chosen = dickeyFuller(x, { lags: { most: 8 }, trend: "level" });
  check(chosen, -2.079410448223639, 0.2528739463768791, 192);
  expect([chosen.lags, chosen.critical5]).toEqual([7, expect.closeTo(-2.876714157488788, 10)]);
  expect(() => dickeyFuller(x.subarray(0, 10), { lags: 3, trend: "level" })).toThrow("series");
});
