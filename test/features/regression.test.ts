import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Matrix, solve } from "ml-matrix";
import { expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { correlation, mean, standardDeviation } from "../../lib/core/stats.js";
import type { Bars } from "../../lib/core/types.js";
import { stylisedFacts } from "../../lib/features/facts/stylisedFacts.js";
import { type ReturnRegression, returnRegression } from "../../lib/features/regression.js";
import { sliceBars } from "../../lib/market/bars.js";
import { type Market, openMarket } from "../../lib/market/open.js";
import { DEFAULT_SYMBOLS } from "../../lib/market/simulate/assets.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

function simulated(bars: number, seed = 2024): Market {
  const made = simulate({ symbols: DEFAULT_SYMBOLS, bars, key: key(seed) });
  return { source: "simulated", simulated: true, stepMs: 3_600_000, symbols: DEFAULT_SYMBOLS, ...made };
}

const market = simulated(700);
const design = returnRegression(market);

const columnOf = (d: ReturnRegression, name: string) =>
  d.y.map((_, n) => d.x[n * d.shape[1] + d.names.indexOf(name)]!);
const withBars = (m: Market, bars: readonly Bars[]): Market => ({ ...m, bars });
const without = (bars: Bars, u: number): Bars => {
  const keep = (column: Float64Array) => column.filter((_, t) => t !== u);
  const { symbol, stepMs, openTime, open, high, low, close, volume } = bars;
  const [o, h, l] = [keep(open), keep(high), keep(low)];
  return {
    symbol,
    stepMs,
    openTime: keep(openTime),
    open: o,
    high: h,
    low: l,
    close: keep(close),
    volume: keep(volume),
  };
};

test("rows are sorted by time, then asset, and hold no NaN", () => {
  expect(design.names).toEqual([
    "return1h",
    "momentum6h",
    "momentum24h",
    "momentum48h",
    "volumeSurprise",
    "rangeSurprise",
    "signedVolume",
  ]);
  expect(design.shape).toEqual([3 * (700 - 168 - 1), 7]);
  expect(design.x.length).toBe(design.shape[0] * 7);
  expect([...design.x, ...design.y, ...design.scale].every(Number.isFinite)).toBe(true);
  design.decidedAt.forEach((time, n) => {
    expect(design.asset[n]).toBe(n % 3);
    expect(time).toBe(market.bars[0]!.openTime[168 + Math.floor(n / 3)]! + 3_600_000);
    expect(design.resolvedAt[n]).toBe(time + 3_600_000);
  });
});

test("a row is what its definition gives, computed by hand", () => {
  const t = 300;
  const n = 3 * (t - 168) + 1;
  const { close, high, low, volume } = market.bars[1]!;
  const r = (i: number) => Math.log(close[i]! / close[i - 1]!);
  const last = (count: number, of: (i: number) => number) =>
    Array.from({ length: count }, (_, k) => of(t - k));
  const scale = Math.sqrt(mean(last(168, (i) => r(i) ** 2)));
  const momentum = (h: number) => last(h, r).reduce((a, b) => a + b, 0) / (scale * Math.sqrt(h));
  const logVolume = last(168, (i) => Math.log(volume[i]!));
  const surprise = (logVolume[0]! - mean(logVolume)) / standardDeviation(logVolume);
  const range = last(168, (i) => Math.log(high[i]! / low[i]!));
  const expected = [
    ...[1, 6, 24, 48].map(momentum),
    surprise,
    (range[0]! - mean(range)) / scale,
    Math.sign(r(t)) * surprise,
  ];
  expected.forEach((value, f) => {
    expect(design.x[n * 7 + f]).toBeCloseTo(value, 10);
  });
  expect(design.scale[n]).toBeCloseTo(scale, 14);
  expect(design.y[n]! * design.scale[n]!).toBeCloseTo(r(t + 1), 14);
});

test.each(["open", "high", "low", "close", "volume"] as const)(
  "changing tomorrow's %s leaves today's features as they were",
  (name) => {
    const tomorrow = 400;
    const poked = market.bars.map((bars) => {
      const column = bars[name].slice();
      column[tomorrow]! *= name === "low" ? 0.9 : 1.1;
      return { ...bars, [name]: column };
    });
    const after = returnRegression(withBars(market, poked));
    const known = 3 * (tomorrow - 168);
    expect(after.x.slice(0, known * 7)).toEqual(design.x.slice(0, known * 7));
    expect(after.scale.slice(0, known)).toEqual(design.scale.slice(0, known));
    expect(after.y.slice(0, known - 3)).toEqual(design.y.slice(0, known - 3));
    const targets = after.y.slice(known - 3, known);
    if (name === "close") expect(targets).not.toEqual(design.y.slice(known - 3, known));
    const touched = { open: [], high: [5], low: [5], volume: [4, 6], close: [0, 1, 2, 3, 5] }[name];
    for (const f of touched) expect(after.x[known * 7 + f]).not.toBe(design.x[known * 7 + f]);
  },
);

test("features reach no further back than the window: a later start gives the same bits", () => {
  const late = withBars(
    market,
    market.bars.map((bars) => sliceBars(bars, 200)),
  );
  const tail = returnRegression(late);
  expect(tail.x).toEqual(design.x.slice(200 * 3 * 7));
  expect(tail.y).toEqual(design.y.slice(200 * 3));
});

test("rows that straddle a gap are dropped, and no other row changes", () => {
  const gapped = returnRegression(withBars(market, [without(market.bars[0]!, 400), ...market.bars.slice(1)]));
  expect(gapped.shape[0]).toBe(design.shape[0] - 170); // t = 399 … 568
  const left = new Map(Array.from(gapped.y, (y, n) => [`${gapped.decidedAt[n]} ${gapped.asset[n]}`, y]));
  design.y.forEach((y, n) => {
    const other = left.get(`${design.decidedAt[n]} ${design.asset[n]}`);
    const t = 168 + Math.floor(n / 3);
    expect(other).toBe(design.asset[n] === 0 && t >= 399 && t <= 568 ? undefined : y);
  });
});

test("an hour without trade takes the rows that need its logarithm", () => {
  const volume = market.bars[0]!.volume.slice();
  volume[400] = 0;
  const quiet = returnRegression(withBars(market, [{ ...market.bars[0]!, volume }]));
  expect(quiet.shape[0]).toBe(700 - 169 - 168);
});

test("the true mean of the simulated market is linear in the columns that the truth names", () => {
  const { edge, flow, forecast } = market.truth!;
  expect(edge.window).toBe(168);
  design.y.forEach((_, n) => {
    const score = edge.names.reduce(
      (sum, name, k) => sum + edge.coefficients[k]! * design.x[n * 7 + design.names.indexOf(name)]!,
      0,
    );
    const [t, a] = [168 + Math.floor(n / 3), n % 3];
    const { flow: tape, volume } = market.bars[a]!;
    const imbalance = (2 * tape!.buyVolume[t]!) / volume[t]! - 1;
    const last = design.x[n * 7 + design.names.indexOf("return1h")]!;
    const surprise = (imbalance - flow.response * last) / flow.deviation;
    const whole = design.scale[n]! * (score + flow.coefficient * surprise);
    expect(whole).toBeCloseTo(forecast[n + 3 * 169]!, 12);
  });
});

/** Least squares with errors that hold under any dependence within an hour (cluster-robust). */
function leastSquares(d: ReturnRegression): { beta: number[]; error: number[] } {
  const [count, columns] = d.shape;
  const gram = Matrix.zeros(columns, columns);
  const moment = Matrix.zeros(columns, 1);
  const row = (n: number) => d.x.subarray(n * columns, (n + 1) * columns);
  const add = (into: Matrix, u: ArrayLike<number>, v: ArrayLike<number>) => {
    for (let i = 0; i < u.length; i++) {
      for (let j = 0; j < v.length; j++) into.set(i, j, into.get(i, j) + u[i]! * v[j]!);
    }
  };
  for (let n = 0; n < count; n++) {
    add(gram, row(n), row(n));
    add(moment, row(n), [d.y[n]!]);
  }
  const beta = solve(gram, moment).to1DArray();
  const meat = Matrix.zeros(columns, columns);
  let hour = new Float64Array(columns);
  for (let n = 0; n < count; n++) {
    const residual = d.y[n]! - row(n).reduce((sum, x, f) => sum + x * beta[f]!, 0);
    hour = hour.map((s, f) => s + row(n)[f]! * residual);
    if (d.decidedAt[n] === d.decidedAt[n + 1]) continue;
    add(meat, hour, hour);
    hour = new Float64Array(columns);
  }
  const bread = solve(gram, Matrix.eye(columns));
  return { beta, error: bread.mmul(meat).mmul(bread).diagonal().map(Math.sqrt) };
}

test("over 200,000 bars least squares finds the true coefficients, and zero for the columns that do nothing", () => {
  const long = simulated(200_000, 11);
  const d = returnRegression(long);
  const { edge } = long.truth!;
  const { beta, error } = leastSquares(d);
  d.names.forEach((name, f) => {
    const truth = edge.coefficients[edge.names.indexOf(name)] ?? 0;
    expect(error[f]).toBeLessThan(0.006);
    expect(Math.abs(beta[f]! - truth), name).toBeLessThan(4 * error[f]!);
  });
  const score = d.y.map((_, n) =>
    edge.names.reduce((sum, name, k) => sum + edge.coefficients[k]! * d.x[n * 7 + d.names.indexOf(name)]!, 0),
  );
  expect(Math.abs(correlation(score, d.y) - edge.ic)).toBeLessThan(4 * 0.0026); // 1 / √200,000, and assets correlate
  expect(edge.ic).toBeGreaterThan(0.03);
  expect(edge.ic).toBeLessThan(0.05);
}, 300_000);

test("momenta are strongly correlated with one another", () => {
  expect(correlation(columnOf(design, "momentum24h"), columnOf(design, "momentum48h"))).toBeGreaterThan(0.6);
  expect(correlation(columnOf(design, "momentum6h"), columnOf(design, "momentum24h"))).toBeGreaterThan(0.4);
});

test("a market that is not hourly, or a window too short for the momenta, is refused", () => {
  expect(() => returnRegression({ ...market, stepMs: 300_000 })).toThrow(
    "expected bars of an hour (3600000 ms), got 300000",
  );
  expect(() => returnRegression(market, { window: 24 })).toThrow(
    "window: expected an integer of at least 48, got 24",
  );
});

const shared = process.env.VITRADE_SHARED_DATA ?? resolve("..", "shared", "data");
const realBars = `${shared}/bybit_perp_1h`;
const present = existsSync(realBars);

test.skipIf(!present)(
  "real hourly bars give a sound design (needs real bars: set VITRADE_SHARED_DATA)",
  async () => {
    const real = await openMarket({ folder: realBars });
    const d = returnRegression(real);
    expect(real.source).toBe("bybit_perp_1h");
    expect(d.shape[0]).toBeGreaterThan(40_000);
    expect(standardDeviation(d.y)).toBeGreaterThan(0.9);
    expect(standardDeviation(d.y)).toBeLessThan(1.2);
    expect(d.x.every(Number.isFinite)).toBe(true);
  },
);

test.skipIf(!present)(
  "real hourly bars have the reference facts (needs real bars: set VITRADE_SHARED_DATA)",
  async () => {
    const [btc] = (await openMarket({ folder: realBars })).bars;
    const facts = stylisedFacts(btc!);
    expect(facts.annualVolatility).toBeCloseTo(0.489, 2);
    expect(facts.excessKurtosis).toBeCloseTo(9.81, 1);
    expect(facts.sizeAutocorrelation24).toBeCloseTo(0.139, 2);
    expect(facts.rangeVolumeCorrelation).toBeCloseTo(0.887, 2);
  },
);

test("other momentum horizons can be asked for, and equal the default ones where they agree", () => {
  const other = returnRegression(market, { momentumHours: [12, 24] });
  expect(other.names).toEqual([
    "return1h",
    "momentum12h",
    "momentum24h",
    "volumeSurprise",
    "rangeSurprise",
    "signedVolume",
  ]);
  expect(columnOf(other, "momentum24h")).toEqual(columnOf(design, "momentum24h"));
  expect(() => returnRegression(market, { momentumHours: [200] })).toThrow(
    "window: expected an integer of at least 200",
  );
});
