import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, permutation } from "../../lib/core/random.js";
import { clean, type RawBars } from "../../lib/market/clean.js";
import { barsFrame, marketFrame, panelFrame } from "../../lib/market/frame.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

const root = key("clean");
const HOUR = 3_600_000;
const [made] = simulate({ symbols: ["BTCUSDT"], bars: 300, key: root }).bars;
const { flow, ...btc } = made!;
const names = ["openTime", "open", "high", "low", "close", "volume"] as const;

const rows = (bars: RawBars, at: readonly number[]): RawBars => ({
  ...{ symbol: bars.symbol, stepMs: bars.stepMs },
  ...(Object.fromEntries(
    names.map((n) => [n, Float64Array.from(at, (t) => bars[n][t]!)]),
  ) as unknown as RawBars),
});
const found = (report: readonly { found: string; bars: number }[]) =>
  Object.fromEntries(report.filter((r) => r.bars > 0).map((r) => [r.found, r.bars]));

test("sound bars come back exactly, however they are shuffled and repeated", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 50 }), (seed, twice) => {
      const order = Array.from(permutation(fold(root, seed), 300));
      const { bars, report } = clean(rows(btc, [...order, ...order.slice(0, twice)]));
      for (const name of names) expect(bars[name]).toEqual(btc[name]);
      expect(report.find((r) => r.found === "repeated")!.bars).toBe(twice);
    }),
    { numRuns: 40 },
  );
});

test("holes become rows of NaN and are counted; nothing is filled", () => {
  // BV-60
  const keep = Array.from(btc.openTime.keys()).filter((t) => t < 100 || t >= 107);
  const { bars, report } = clean(rows(btc, keep));
  expect(bars.openTime).toEqual(btc.openTime);
  expect(Array.from(bars.close.subarray(100, 107)).every(Number.isNaN)).toBe(true);
  expect(bars.close[107]).toBe(btc.close[107]);
  expect(found(report)).toEqual({ missing: 7 });
});

test.each([
  ["high", 10, 1, "bad row"],
  ["low", 10, 1e9, "bad row"],
  ["close", 10, Number.POSITIVE_INFINITY, "bad row"],
  ["open", 10, -1, "bad row"],
  ["volume", 10, Number.NaN, "bad row"],
  ["openTime", 10, btc.openTime[10]! + 60_000, "off the grid"],
] as const)("a row whose %s is wrong is rejected and told", (name, t, value, kind) => {
  const broken = rows(btc, Array.from(btc.openTime.keys()));
  broken[name][t] = value;
  const { bars, report } = clean(broken);
  expect(found(report)).toEqual({ [kind]: 1, missing: 1 });
  expect(bars.close[10]).toBeNaN();
  expect(report.find((r) => r.found === kind)!.example).toMatch(/^2024-01-01T10:/);
});

test("two different rows of one time are both rejected", () => {
  const twice = rows(btc, [...btc.openTime.keys(), 20]);
  twice.volume[300] = 1;
  const { bars, report } = clean(twice);
  expect(found(report)).toMatchObject({ contradicted: 1, missing: 1 });
  expect(bars.close[20]).toBeNaN();
});

test("a print that leaves and comes back is an outlier; it is kept unless asked otherwise, and no other bar moves", () => {
  const spiked = rows(btc, Array.from(btc.openTime.keys()));
  for (const name of ["open", "high", "low", "close"] as const) spiked[name][200]! *= 1.4;
  const kept = clean(spiked);
  expect(Array.from(kept.outliers)).toEqual([200]);
  expect(kept.bars.close[200]).toBe(spiked.close[200]);
  const removed = clean(spiked, { removeOutliers: true });
  expect(removed.bars.close[200]).toBeNaN();
  expect(Array.from(clean(btc).outliers)).toEqual([]);
  // what comes later than the bar after it changes nothing of what was found
  const earlier = clean(
    rows(
      spiked,
      Array.from({ length: 202 }, (_, t) => t),
    ),
  );
  expect(Array.from(earlier.outliers)).toEqual([200]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5])(
  "a time of %d is rejected, and leaves the order of the others alone",
  (stray) => {
    const backwards = Array.from({ length: 300 }, (_, i) => 299 - i);
    const broken = rows(btc, backwards);
    for (const i of [50, 150, 250]) broken.openTime[i] = stray;
    const { bars, report } = clean(broken);
    expect(found(report)).toEqual({ "out of order": 296, "off the grid": 3, missing: 3 });
    expect(bars.openTime).toEqual(btc.openTime);
    bars.close.forEach((close, t) => {
      expect(close).toBe([49, 149, 249].includes(t) ? Number.NaN : btc.close[t]);
    });
  },
);

test("a stray time centuries away is refused with its symbol and times, not given a grid that fills the memory", () => {
  const far = rows(btc, Array.from(btc.openTime.keys()));
  far.openTime[150] = btc.openTime[0]! + 1e8 * HOUR;
  expect(() => clean(far)).toThrow(
    /^BTCUSDT: expected at most 10000000 bars, got times from 2024-01-01T00:00:00.000Z to \+/,
  );
});

test("where most bars stand still, a bounce of one tick is no outlier and a spike is", () => {
  const price = Float64Array.from({ length: 400 }, (_, t) => (t === 350 ? 110 : t % 10 === 5 ? 100.01 : 100));
  const columns = { open: price, high: price, low: price, close: price };
  const openTime = Float64Array.from(price.keys(), (t) => t * HOUR);
  const still = { symbol: "X", stepMs: HOUR, openTime, ...columns, volume: price };
  expect(Array.from(clean(still).outliers)).toEqual([350]);
});

test("tape and book go with their bars; a row that differs in them alone is contradicted", () => {
  const keep = Array.from({ length: 300 }, (_, t) => t).filter((t) => t !== 7);
  const flowOf = (at: readonly number[]) =>
    Object.fromEntries(
      Object.entries(made!.flow!).map(([name, column]) => [name, Float64Array.from(at, (t) => column[t])]),
    ) as unknown as NonNullable<typeof flow>;
  const { bars } = clean({ ...rows(btc, keep), flow: flowOf(keep) });
  for (const [name, column] of Object.entries(made!.flow!)) {
    const expected = Array.from(column as Float64Array, (v, t) => (t === 7 ? Number.NaN : v));
    expect(Array.from(bars.flow![name as keyof typeof bars.flow])).toEqual(expected);
  }
  const twice = { ...rows(btc, [...keep, 20]), flow: flowOf([...keep, 20]) };
  twice.flow.bid[299] = 1;
  expect(found(clean(twice).report)).toMatchObject({ contradicted: 1 });
  expect(() => clean({ ...btc, flow: { ...flow!, ask: flow!.ask.slice(1) } })).toThrow(
    "BTCUSDT: ask: expected 300 values, got 299",
  );
});

test("what was cleaned and flagged up to a bar does not move when wilder bars come", () => {
  const keep = Array.from(btc.openTime.keys()).filter((t) => t % 41 !== 40);
  const spiked = rows(btc, keep);
  for (const name of ["open", "high", "low", "close"] as const)
    spiked[name] = spiked[name].map((price, i) => (i === 115 || (i > 119 && i % 2) ? 1.4 * price : price));
  const whole = clean(spiked);
  expect(Array.from(whole.outliers)).toContain(keep[115]); // a measure of the whole history would call it usual
  for (const count of [100, 115, 116, 117, 119, 250]) {
    const first = Array.from({ length: count }, (_, i) => i);
    const { bars, outliers } = clean(rows(spiked, first));
    for (const name of names) expect(bars[name]).toEqual(whole.bars[name].slice(0, bars.openTime.length));
    // the last bar cannot be judged before the one after it
    const judged = Array.from(whole.outliers).filter((t) => t < bars.openTime.length - 1);
    expect(Array.from(outliers)).toEqual(judged);
  }
});

test("nothing sound, or columns of different lengths, is an error with the symbol", () => {
  const none = rows(btc, [1, 2]);
  none.close.fill(-1);
  expect(() => clean(none)).toThrow("BTCUSDT: expected a sound row, got none of 2");
  expect(() => clean({ ...btc, low: btc.low.slice(1) })).toThrow(
    "BTCUSDT: low: expected 300 values, got 299",
  );
});

test("a data frame holds the bars as a table", async () => {
  const frame = await barsFrame(btc);
  expect(frame.shape).toEqual([300, 6]);
  expect(frame.columns).toEqual(["time", "open", "high", "low", "close", "volume"]);
  expect(frame.at(1, "time")).toBe(new Date(btc.openTime[0]! + HOUR).toISOString());
});

test("a panel's data frame begins with the time and keeps order, names and holes", async () => {
  const panel = {
    time: Float64Array.of(0, HOUR),
    names: ["b", "24"],
    values: Float64Array.of(1.5, 2, 3, Number.NaN),
  };
  const frame = await panelFrame(panel);
  expect(frame.columns).toEqual(["time", "b", "24"]);
  expect(frame.values).toEqual([
    ["1970-01-01T00:00:00.000Z", 1.5, 2],
    ["1970-01-01T01:00:00.000Z", 3, Number.NaN],
  ]);
  await expect(panelFrame({ ...panel, names: ["time", "b"] })).rejects.toThrow("got time twice");
  await expect(panelFrame({ ...panel, names: ["b", "b"] })).rejects.toThrow("got b twice");
});

test("a market's frame has a row a bar and symbol, and groups by symbol", async () => {
  const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 5, key: key("frame") });
  const frame = await marketFrame({ bars });
  expect(frame.shape).toEqual([10, 7]);
  expect(frame.at(7, "close")).toBe(bars[1]!.close[2]);
  expect(frame.at(7, "symbol")).toBe("ETHUSDT");
  const counted = frame.groupby(["symbol"]).agg({ close: "count" });
  expect(counted.values).toEqual([
    ["BTCUSDT", 5],
    ["ETHUSDT", 5],
  ]);
});
