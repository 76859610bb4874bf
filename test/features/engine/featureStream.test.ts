import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, uniforms } from "../../../lib/core/random.js";
import type { Bars, Flow, Panel } from "../../../lib/core/types.js";
import type { BarRow } from "../../../lib/features/engine/featureSpec.js";
import { emptyRow, featureStream, features, readRow } from "../../../lib/features/engine/featureStream.js";
import { bookImbalance, tradeImbalance } from "../../../lib/features/indicators/flow.js";
import { rsi, sma, trueRange } from "../../../lib/features/indicators/indicators.js";
import { standardFeatures } from "../../../lib/features/indicators/standardFeatures.js";
import { historicalVolatility } from "../../../lib/features/indicators/volatility.js";
import { volumeRatio, vwap } from "../../../lib/features/indicators/volume.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { barsOfCloses, columnsOf, copyOf, MINUTE, randomBars } from "../support/randomBars.js";

type FlowBars = Bars & { flow: Flow };

const STEP = 15 * MINUTE;
const specs = [...standardFeatures(STEP, { flow: true }), ...[trueRange(), vwap("start")]];
const names = specs.flatMap((spec) => spec.names);

test("the standard features are all there, under names of their own", () => {
  expect(new Set(names).size).toBe(names.length);
  const wanted = [
    "logReturn15m",
    "logReturn60m",
    "logReturn240m",
    "logReturn1440m",
    "simpleReturn15m", // BN-13
    "sma20",
    "ema20",
    "rsi14",
    "macd12_26_9",
    "macdSignal12_26_9",
    "macdHistogram12_26_9", // VI-51, 52, 54, 55
    "bollingerPosition20",
    "bollingerWidth20",
    "atr14",
    "obv",
    "volatility20", // VI-53, 56, 57
    "profileDeviation60",
    "profilePosition60",
    "profileShare60",
    "buySellRatio20", // VI-58, 59
    "vwap24",
    "vwapDeviation24",
    "vwapDeviationDay",
    "bookImbalance",
    "tradeImbalance1",
    "signedVolume20", // VI-60, 61, 62
    "volumeRatio20",
    "spreadBps",
    "depth", // BN-14, 15, 16
    "meanReturn5",
    "meanReturn20",
    "meanReturn60",
    "volatility5",
    "volatility60", // VP-41, 42
    "momentum20",
    "drawdown60",
    "valueAtRisk60_0.05",
    "expectedShortfall60_0.05",
    "trend20_60", // VP-44, 46, 47, 48, 50
    "parkinson20",
    "garmanKlass20",
    "rogersSatchell20",
  ];
  expect(names).toEqual(expect.arrayContaining(wanted));
  expect(standardFeatures(60 * MINUTE, { flow: false }).flatMap((s) => s.names)).not.toContain(
    "logReturn15m",
  );
});

test("every feature is NaN for its warm-up and a number from then on", () => {
  const panel = features(randomBars(key("warm-up"), 150, { stepMs: STEP }), specs);
  expect(panel.time[0]).toBe(STEP);
  for (const spec of specs) {
    for (const name of spec.names) {
      const first = Array.from({ length: 150 }, (_, t) => t).filter((t) =>
        Number.isFinite(at(panel, t, name)),
      );
      expect(first, name).toEqual(Array.from({ length: 150 - spec.warmUp }, (_, i) => spec.warmUp + i));
    }
  }
});

// VI-66
test("bar by bar equals batch bit for bit, whatever a live bar was revised to and wherever bars are missing", () => {
  const cases = fc.record({
    seed: fc.integer(),
    calm: fc.boolean(),
    missing: fc.uniqueArray(fc.integer({ min: 1, max: 249 }), { maxLength: 3 }),
    holes: fc.uniqueArray(fc.integer({ min: 0, max: 249 }), { maxLength: 3 }),
    unseen: fc.uniqueArray(fc.integer({ min: 0, max: 249 }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(cases, ({ seed, calm, missing, holes, unseen }) => {
      const root = fold(key("stream"), seed);
      const bars = withHoles(randomBars(root, 250, { stepMs: STEP, calm }), { missing, holes, unseen });
      const other = randomBars(fold(root, "other"), 250, { stepMs: STEP, calm });
      const batch = features(bars, specs);
      const live = featureStream(specs, STEP);
      const revisions = uniforms(fold(root, "revisions"), 250);
      const row = emptyRow();
      for (let t = 0; t < bars.openTime.length; t++) {
        for (let i = 0; i < Math.floor(3 * revisions[t]!); i++) {
          readRow(other, (t + 7 * i) % 250, row);
          row.openTime = bars.openTime[t]! + (i % 2) * 5 * STEP; // some belong to a bar after a gap
          live.preview(row);
        }
        readRow(bars, t, row);
        const expected = batch.values.slice(t * names.length, (t + 1) * names.length);
        expect(live.preview(row)).toEqual(expected);
        expect(live.push(row)).toEqual(expected);
        expect(expected.every((v) => Math.abs(v) !== Number.POSITIVE_INFINITY)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test("changing tomorrow moves nothing known today, and changing today moves every feature at some time", () => {
  const bars = randomBars(key("poke"), 320, { stepMs: STEP });
  const before = features(bars, specs);
  const moved = new Set<string>();
  for (let t = 100; t < 319; t += 6) {
    const after = features(shaken(bars, t, t % 4 < 2 ? 1.3 : 1 / 1.3), specs);
    const rows = t * names.length;
    expect(after.values.slice(0, rows), `bar ${t}`).toEqual(before.values.slice(0, rows));
    for (const name of names) if (at(after, t, name) !== at(before, t, name)) moved.add(name);
  }
  expect(names.filter((name) => !moved.has(name))).toEqual([]);
});

test("after a gap, and after a row of NaN, every feature starts as if nothing had been before", () => {
  const bars = randomBars(key("gap"), 300, { stepMs: STEP });
  const alone = features(cut(bars, 121, 300), specs).values;
  const gap = features(withHoles(bars, { missing: [120], holes: [], unseen: [] }), specs).values;
  const hole = features(withHoles(bars, { missing: [], holes: [120], unseen: [] }), specs).values;
  expect(gap.slice(120 * names.length)).toEqual(alone);
  expect(hole.slice(121 * names.length)).toEqual(alone);
  expect(hole.slice(120 * names.length, 121 * names.length).every(Number.isNaN)).toBe(true);
});

test("a live bar after a gap is shown to a feature that has seen nothing, and the kept bars stay kept", () => {
  const bars = randomBars(key("live gap"), 60, { stepMs: STEP });
  const live = featureStream([sma(2), volumeRatio(1)], STEP);
  const row = emptyRow();
  for (let t = 0; t < 50; t++) live.push(filled(bars, t, row));
  expect(Array.from(live.preview(filled(bars, 55, row)))).toEqual([Number.NaN, 1]);
  const mean = (bars.close[49]! + bars.close[50]!) / 2;
  expect(live.push(filled(bars, 50, row))[0]).toBeCloseTo(mean, 12);
});

test("a bar without tape is NaN for the features of the tape and nothing to the others", () => {
  const bars = copyOf(randomBars(key("no tape"), 30, { stepMs: STEP }));
  bars.flow.buyVolume[10] = Number.NaN;
  const panel = features(bars, [tradeImbalance(3), bookImbalance(), sma(3)]);
  const known = (name: string) => [9, 10, 11, 12, 13].map((t) => Number.isFinite(at(panel, t, name)));
  expect(known("tradeImbalance3")).toEqual([true, false, false, false, true]);
  expect(known("bookImbalance")).toEqual([true, true, true, true, true]);
  expect(known("sma3")).toEqual([true, true, true, true, true]);
});

test("prices that never move leave neutral values, exactly", () => {
  const bars = barsOfCloses(new Array(80).fill(0.1));
  const panel = features(bars, standardFeatures(bars.stepMs, { flow: false }));
  const last = (name: string) => at(panel, 79, name);
  expect(last("rsi14")).toBe(0); // TA-Lib
  expect([last("bollingerPosition20"), last("bollingerWidth20")]).toEqual([0.5, 0]);
  expect([last("pricePosition20"), last("zScore20"), last("trend20_60")]).toEqual([0.5, 0, 0]);
  expect([last("volatility20"), last("parkinson20"), last("momentum20")]).toEqual([0, 0, 0]);
  expect(last("drawdown60")).toBe(0);
  expect(last("vwapDeviation24")).toBeCloseTo(0, 15);
  expect([last("profilePosition60"), last("profileShare60")]).toEqual([0.5, 1]);
  expect(panel.values.slice(79 * panel.names.length).every(Number.isFinite)).toBe(true);
});

test("the simulated market has every feature from the longest warm-up on", () => {
  const { bars } = simulate({ symbols: ["BTC", "ETH"], bars: 200, key: key("simulated") });
  for (const one of bars) {
    const panel = features(one, standardFeatures(one.stepMs, { flow: true }));
    expect(panel.values.slice(60 * panel.names.length).every(Number.isFinite)).toBe(true);
  }
});

test("what cannot be is refused, with symbol and bar", () => {
  const bars = randomBars(key("refused"), 10, { stepMs: STEP });
  const { flow: _, ...plain } = bars;
  expect(() => features(plain, [sma(2), tradeImbalance(3)])).toThrow(
    "RND: tradeImbalance3 needs bars with flow (tape), got none",
  );
  expect(() => features(bars, [sma(2), rsi(3), sma(2)])).toThrow("expected different names, got sma2 twice");
  expect(() => features({ ...bars, close: bars.close.map((x, t) => (t === 4 ? -1 : x)) }, [sma(2)])).toThrow(
    "RND, bar 4: close: expected a positive number or NaN, got -1",
  );
  expect(() => features({ ...bars, high: bars.high.map((x, t) => (t === 4 ? 1 : x)) }, [sma(2)])).toThrow(
    "RND, bar 4: expected high",
  );
  const late = { ...bars, openTime: bars.openTime.map((x, t) => (t === 4 ? 2 * STEP : x)) };
  expect(() => features(late, [sma(2)])).toThrow(`expected a time after ${3 * STEP}`);
  const odd = { ...bars, openTime: bars.openTime.map((x, t) => (t === 4 ? 4 * STEP + 1 : x)) };
  expect(() => features(odd, [sma(2)])).toThrow(`by whole steps of ${STEP} ms, got ${4 * STEP + 1}`);
  const live = featureStream([historicalVolatility(5)], STEP);
  const row = filled(bars, 3, emptyRow());
  live.push(row);
  expect(() => live.push(row)).toThrow("expected a time after");
  expect(() => live.preview({ ...row, openTime: 4 * STEP, volume: -1 })).toThrow("volume: expected");
});

function at(panel: Panel, t: number, name: string): number {
  return panel.values[t * panel.names.length + panel.names.indexOf(name)]!;
}

function filled(bars: Bars, t: number, row: BarRow): BarRow {
  readRow(bars, t, row);
  return row;
}

function cut(bars: FlowBars, from: number, to: number): FlowBars {
  const flow = Object.fromEntries(Object.entries(bars.flow).map(([name, x]) => [name, x.slice(from, to)]));
  const part = (x: Float64Array) => x.slice(from, to);
  return {
    ...bars,
    ...{ openTime: part(bars.openTime), open: part(bars.open), high: part(bars.high), low: part(bars.low) },
    ...{ close: part(bars.close), volume: part(bars.volume), flow: flow as unknown as Flow },
  };
}

interface Holes {
  missing: readonly number[];
  holes: readonly number[];
  unseen: readonly number[];
}

/** Bars `missing` left out, `holes` NaN throughout, `unseen` without tape. */
function withHoles(bars: FlowBars, { missing, holes, unseen }: Holes): FlowBars {
  const copy = copyOf(bars);
  for (const t of holes)
    for (const x of [copy.open, copy.high, copy.low, copy.close, copy.volume]) x[t] = Number.NaN;
  for (const t of unseen) copy.flow.sellVolume[t] = Number.NaN;
  const keep = (x: Float64Array) => x.filter((_, t) => !missing.includes(t));
  const flow = Object.fromEntries(Object.entries(copy.flow).map(([name, x]) => [name, keep(x)]));
  return {
    ...copy,
    ...{ openTime: keep(copy.openTime), open: keep(copy.open), high: keep(copy.high), low: keep(copy.low) },
    ...{ close: keep(copy.close), volume: keep(copy.volume), flow: flow as unknown as Flow },
  };
}

/** From bar `t` on other prices, volumes and quotes; each bar stays sound. */
function shaken(bars: FlowBars, t: number, factor: number): FlowBars {
  const copy = copyOf(bars);
  for (const column of columnsOf(copy)) for (let i = t; i < column.length; i++) column[i]! *= factor;
  for (let i = t; i < copy.close.length; i++) {
    copy.open[i]! *= 1.01;
    copy.high[i]! *= 1.03;
    copy.low[i]! *= 0.96;
    copy.flow.ask[i]! *= 1.001;
    copy.flow.askSize[i]! *= 1.5;
    copy.flow.buyVolume[i]! *= 1.2;
    copy.volume[i]! *= 1.7;
  }
  return copy;
}
