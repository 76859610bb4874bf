import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key } from "../../../../lib/core/random.js";
import type { Bars, Panel } from "../../../../lib/core/types.js";
import { emptyRow, readRow } from "../../../../lib/features/engine/featureStream.js";
import { column } from "../../../../lib/features/panel.js";
import { memoryFault } from "../../../../lib/features/windows/inputs/memoryFault.js";
import { panelStream } from "../../../../lib/features/windows/inputs/panelStream.js";
import { sliceBars } from "../../../../lib/market/bars.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";
import { BOUNDED, ENDLESS, FADING, panelOf, SLOWLY_FADING, sessionPrice } from "../../support/panels.js";
import { MINUTE, randomBars } from "../../support/randomBars.js";

const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 1100, key: key("whole arrays") });
const { flow: told, ...btc } = bars[0]!;
const REACH = 700;
const HOUR = btc.stepMs;

/** The rows of the stream, [T][F]. */
function streamed(of: (bars: Bars) => Panel, over: Bars, reach: number): Float64Array[] {
  const { names } = of(structuredClone(over));
  const live = panelStream(of, { symbol: over.symbol, stepMs: over.stepMs, names, reach });
  const row = emptyRow();
  return Array.from(over.openTime, (_, t) => {
    readRow(over, t, row);
    return live.push(row);
  });
}

test("features of the last bars are those of the whole array, to the bit, at every bar after the warm-up", () => {
  fc.assert(
    fc.property(
      fc.record({ seed: fc.integer(), reach: fc.integer({ min: 60, max: 90 }) }),
      ({ seed, reach }) => {
        const { flow: _, ...own } = randomBars(fold(key("stream"), seed), 160);
        const whole = panelOf(BOUNDED)(own);
        const width = whole.names.length;
        streamed(panelOf(BOUNDED), own, reach).forEach((row, t) => {
          expect(row).toEqual(whole.values.slice(t * width, (t + 1) * width));
        });
      },
    ),
    { numRuns: 6 },
  );
});

test("features of a fading memory are those of the whole array within the rounding of their sums", () => {
  const whole = panelOf(FADING)(btc);
  const rows = streamed(panelOf(FADING), btc, REACH);
  whole.names.forEach((name, f) => {
    const wanted = column(whole, name);
    for (let t = REACH; t < wanted.length; t++)
      expect(rows[t]![f]).toBeCloseTo(wanted[t]!, name === "ema50" ? 11 : 14);
  });
});

test("bars that have not come change nothing; what the function does to its bars changes no later row", () => {
  const cut = 90;
  const poke = (values: Float64Array) => values.map((value, t) => (t > cut ? value * 1.5 : value));
  const calm = sliceBars(btc, 0, 120);
  const wild = {
    ...calm,
    open: poke(calm.open),
    high: poke(calm.high),
    low: poke(calm.low),
    close: poke(calm.close),
  };
  const spoiling = (given: Bars): Panel => {
    const panel = panelOf(BOUNDED)(given);
    given.close.fill(1);
    given.openTime.fill(0);
    return panel;
  };
  const [a, b] = [streamed(panelOf(BOUNDED), calm, 80), streamed(spoiling, wild, 80)];
  expect(b.slice(0, cut + 1)).toEqual(a.slice(0, cut + 1));
  expect(b[cut + 1]).not.toEqual(a[cut + 1]);
});

test("the function is given the bars of the last hours alone, the latest of them last", () => {
  const seen: Bars[] = [];
  const of = (given: Bars): Panel => {
    seen.push(given);
    return panelOf({ hour: BOUNDED.hour! })(given);
  };
  const gappy = { ...btc, openTime: btc.openTime.map((time, t) => (t < 100 ? time : time + 3 * HOUR)) };
  const live = panelStream(of, { symbol: "BTCUSDT", stepMs: HOUR, names: ["hour"], reach: 24 });
  const row = emptyRow();
  for (let t = 0; t < 300; t++) {
    readRow(gappy, t, row);
    live.push(row);
    const { openTime, close, flow, symbol, stepMs } = seen[t]!;
    const first = Array.from(gappy.openTime).findIndex((time) => time > gappy.openTime[t]! - 24 * HOUR);
    expect(openTime).toEqual(gappy.openTime.slice(first, t + 1));
    expect(close).toEqual(gappy.close.slice(first, t + 1));
    expect({ flow, symbol, stepMs }).toEqual({ flow: undefined, symbol: "BTCUSDT", stepMs: HOUR });
  }
  expect(seen[99]!.close.length).toBe(24);
  expect(seen[100]!.close.length).toBe(21);
});

test("where training had rows of NaN for what is missing, the stream has them too", () => {
  const seen: Bars[] = [];
  const of = (given: Bars): Panel => {
    seen.push(given);
    return panelOf({ return: BOUNDED.return! })(given);
  };
  const options = { symbol: "BTCUSDT", stepMs: HOUR, names: ["return"], reach: 10, holes: "NaN" } as const;
  const live = panelStream(of, options);
  const row = emptyRow();
  for (const t of [0, 1, 2, 3, 6, 7, 900]) {
    readRow(btc, t, row);
    live.push(row);
  }
  const { openTime, close } = seen[5]!;
  expect(openTime).toEqual(btc.openTime.slice(0, 8));
  expect(Array.from(close, Number.isNaN)).toEqual([false, false, false, false, true, true, false, false]);
  expect(seen[6]!.openTime).toEqual(btc.openTime.slice(891, 901));
  expect(Array.from(seen[6]!.close.slice(0, 9)).every(Number.isNaN)).toBe(true);
});

test("flow is there where training had it, in the columns that it had", () => {
  const given: Bars[] = [];
  const of = (own: Bars): Panel => {
    given.push(own);
    return panelOf({ bid: ({ flow }) => flow!.bid })(own);
  };
  const flow = ["buyVolume", "sellVolume", "bid", "ask", "bidSize", "askSize"] as const;
  const live = panelStream(of, { symbol: "BTCUSDT", stepMs: HOUR, names: ["bid"], reach: 10, flow });
  const row = emptyRow();
  for (let t = 0; t < 30; t++) {
    readRow(bars[0]!, t, row);
    expect(live.push(row)[0]).toBe(told!.bid[t]);
  }
  expect(Object.keys(given.at(-1)!.flow!)).toEqual(flow);
});

test("a panel of other features or of too few rows is refused", () => {
  const row = emptyRow();
  readRow(btc, 0, row);
  const options = { symbol: "BTCUSDT", stepMs: HOUR, reach: 10 };
  const other = panelStream(panelOf({ hour: BOUNDED.hour! }), { ...options, names: ["range"] });
  expect(() => other.push(row)).toThrow(
    `BTCUSDT at ${new Date(btc.openTime[0]! + HOUR).toISOString()}: expected the features range, got hour`,
  );
  const short = panelStream(
    (own) => ({ ...panelOf({ hour: BOUNDED.hour! })(own), values: new Float64Array(0) }),
    {
      ...{ ...options, names: ["hour"] },
    },
  );
  expect(() => short.push(row)).toThrow(/BTCUSDT at .*: expected 1 rows of 1 features, got 0 values/);
});

/** Deviations by which features are scaled: those over all bars. */
function deviationsOf({ names, values }: Panel): Float64Array {
  return Float64Array.from(names, (_, f) => {
    const own = values.filter((value, i) => i % names.length === f && Number.isFinite(value));
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length);
  });
}

/** The fault of features that a run of `reach` bars would forget. */
function faultOf(columns: Parameters<typeof panelOf>[0], rows: readonly number[], over = btc) {
  const whole = panelOf(columns)(over);
  return memoryFault(over, panelOf(columns), { whole, reach: REACH, rows, deviations: deviationsOf(whole) });
}

test.each(Object.keys(ENDLESS))(
  "%s, which rests on all bars, is found out by one row, with both values",
  (name) => {
    const rows = name === "fromTop" ? Array.from({ length: 16 }, (_, i) => 724 + 25 * i) : [1099];
    const over =
      name === "fromTop"
        ? { ...btc, close: btc.close.map((price, t) => (t === 5 ? 2 * price : price)) }
        : btc;
    const fault = faultOf({ range: BOUNDED.range!, [name]: ENDLESS[name]! }, rows, over);
    expect(fault).toMatchObject({ feature: name });
    const { time, whole, recent } = fault!;
    const t = over.openTime.indexOf(time - HOUR);
    expect(whole).toBe(ENDLESS[name]!(over)[t]);
    expect(recent).toBe(ENDLESS[name]!(sliceBars(over, t - REACH + 1, t + 1)).at(-1));
  },
);

test("features of the last bars, of a fading memory, and of a day are no fault at any row", () => {
  const rows = Array.from({ length: 1100 - REACH }, (_, i) => REACH + i);
  expect(faultOf({ ...BOUNDED, day: sessionPrice(24) }, rows)).toBeUndefined();
  expect(
    faultOf(
      { ...FADING, ...SLOWLY_FADING },
      rows.filter((t) => t % 10 === 0),
    ),
  ).toBeUndefined();
});

test("a session that is longer than the reach is found out by the rows at its end, and not by those at its beginning", () => {
  const columns = { session: sessionPrice(1000) };
  const begin = Array.from(btc.openTime).findIndex((time) => (time / HOUR) % 1000 === 0);
  const whole = panelOf(columns)(btc);
  const deviations = deviationsOf(whole);
  const at = (rows: readonly number[], reach: number) =>
    memoryFault(btc, panelOf(columns), { whole, reach, rows, deviations });
  expect(begin).toBeGreaterThanOrEqual(0);
  expect(at([begin + 50], 80)).toBeUndefined();
  expect(at([begin + 90], 80)).toMatchObject({ feature: "session" });
});

test("a price of more bars ago than the reach has a value in one and none in the other", () => {
  const { flow: _, ...own } = randomBars(key("ago"), 100);
  const of = panelOf({ ago: ({ close }) => close.map((_, t) => (t < 49 ? Number.NaN : close[t - 49]!)) });
  const options = { whole: of(own), rows: [99], deviations: [1] };
  expect(memoryFault(own, of, { ...options, reach: 50 })).toBeUndefined();
  const fault = memoryFault(own, of, { ...options, reach: 49 });
  expect(fault).toMatchObject({ feature: "ago", whole: own.close[50], recent: Number.NaN });
  expect(fault!.time).toBe(own.openTime[99]! + MINUTE);
});
