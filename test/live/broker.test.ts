/** The paper broker is the backtest, one bar at a time. */
import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../lib/core/random.js";
import type { Bars, Panel } from "../../lib/core/types.js";
import {
  type BrokerState,
  type Fill,
  openPaperBroker,
  type PaperBroker,
} from "../../lib/live/broker/paperBroker.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import type { BacktestOptions, Rebalance } from "../../lib/trading/backtest/backtestInput.js";
import { type Costs, constantFunding, NO_COSTS } from "../../lib/trading/backtest/costs.js";
import type { BacktestLedger } from "../../lib/trading/backtest/ledger.js";
import type { RoundTrip } from "../../lib/trading/backtest/runs.js";
import { candles, HOUR, randomCandles, START, weightsOn } from "../trading/support/candles.js";

const root = key("paper broker");
const SYMBOLS = ["BTC", "ETH", "SOL"];
const costs: Costs = { makerBps: 2, takerBps: 5.5, makerShare: 0.25, halfSpreadBps: 1, latencyBars: 0 };

/** Random bars with holes, and weights that are NaN where there is no close. */
function market(seed: number, count: number): { bars: Bars[]; weights: Panel } {
  const k = fold(root, seed);
  const hours = Array.from({ length: count }, (_, t) => (t > count / 3 ? t + 30 : t));
  const bars = SYMBOLS.map((symbol) => randomCandles(k, symbol, { bars: count, holes: 0.1, hours }));
  const z = normals(fold(k, "weights"), count * 3);
  const weights = weightsOn(bars, (t, a) =>
    Number.isNaN(bars[a]!.close[t]!) ? Number.NaN : 0.4 * Math.round(2 * z[(t - (t % 4)) * 3 + a]!),
  );
  return { bars, weights };
}

interface Lived {
  readonly fills: readonly Fill[];
  readonly trips: readonly RoundTrip[];
  readonly equity: readonly number[];
  /** [T,A] flat. */
  readonly positions: readonly number[];
  readonly state: BrokerState;
}

/** Goes through the bars one by one; `between` may put another broker in place of the one there is. */
function live(
  { bars, weights }: { bars: readonly Bars[]; weights: Panel },
  options: BacktestOptions,
  between: (broker: PaperBroker, bar: number) => PaperBroker = (broker) => broker,
): Lived {
  let broker = openPaperBroker({ symbols: bars.map((b) => b.symbol), ...options });
  const [fills, trips, equity, positions] = [[] as Fill[], [] as RoundTrip[], [] as number[], [] as number[]];
  weights.time.forEach((time, t) => {
    const row = (of: (b: Bars) => Float64Array) => Float64Array.from(bars, (b) => of(b)[t]!);
    const opened = broker.onOpen(
      bars[0]!.openTime[t]!,
      row((b) => b.open),
    );
    broker = between(broker, t);
    const closed = broker.onClose(time, {
      high: row((b) => b.high),
      low: row((b) => b.low),
      close: row((b) => b.close),
    });
    broker = between(broker, t);
    broker.submit({ decidedAt: time, targets: weights.values.slice(t * bars.length, (t + 1) * bars.length) });
    broker = between(broker, t);
    fills.push(...opened.fills, ...closed.fills);
    trips.push(...opened.trips, ...closed.trips);
    equity.push(broker.equity());
    positions.push(...broker.state().account.positions);
  });
  return { fills, trips, equity, positions, state: broker.state() };
}

function agree(lived: Lived, ledger: BacktestLedger): void {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
  expect(same(lived.equity, ledger.equity)).toBe(true);
  expect(same(lived.positions, ledger.positions)).toBe(true);
  const ended = lived.trips.length;
  const { asset, side, openedAt, closedAt, profit } = ledger.trades;
  expect(lived.trips).toEqual(
    Array.from({ length: ended }, (_, i) => ({
      ...{ asset: asset[i], side: side[i], openedAt: openedAt[i], closedAt: closedAt[i], profit: profit[i] },
    })),
  );
  const { trips } = lived.state.account;
  const open = trips.side.flatMap((towards, a) => (towards === 0 ? [] : [a]));
  expect(asset.length).toBe(ended + open.length);
  expect(Array.from(profit.slice(ended))).toEqual(open.map((a) => trips.profit[a]));
  expect(lived.fills.filter((fill) => fill.cause === "order").length).toBe(ledger.orders);
  expect(new Set(lived.fills.map((fill) => fill.id)).size).toBe(lived.fills.length);
  expect(lived.state.account.counts).toEqual({
    ...{ orders: ledger.orders, scaledRows: ledger.scaledRows, missedOrders: ledger.missedOrders },
  });
}

const rules: readonly [Rebalance, Rebalance, Rebalance] = ["every bar", "when changed", { band: 0.1 }];

test.each(rules)(
  "BN-73: over 2,000 bars of three symbols the paper run is the backtest to the bit, %j",
  (rebalance) => {
    const data = market(1, 2000);
    const funding = Object.fromEntries(
      SYMBOLS.map((symbol, i) => [symbol, constantFunding(1e-4 * (i - 0.5), START, START + 2100 * HOUR)]),
    );
    for (const latencyBars of [0, 2]) {
      const options = {
        costs: { ...costs, funding, latencyBars },
        capital: 10_000,
        rebalance,
        leverageLimit: 1.5,
      };
      const ledger = backtest(data.weights, data.bars, options);
      const lived = live(data, options);
      expect(ledger.liquidation).toBeUndefined();
      expect(lived.fills.length).toBeGreaterThan(400);
      expect(ledger.missedOrders).toBeGreaterThan(20);
      agree(lived, ledger);
    }
  },
);

test("whatever is traded at whatever leverage, latency and margin, bar by bar is the same as all at once", () => {
  let liquidations = 0;
  for (let seed = 0; seed < 150; seed++) {
    const [scale, latency, margin, rule, limit] = Array.from(uniforms(fold(root, "options", seed), 5));
    const { bars, weights } = market(100 + seed, 60);
    const scaled = { ...weights, values: weights.values.map((w) => w * 30 * scale! ** 2) };
    const options = {
      costs: { ...costs, takerBps: 50, latencyBars: Math.floor(3 * latency!) },
      ...{
        capital: 100,
        maintenanceMargin: margin! < 0.5 ? 0 : 0.04,
        rebalance: rules[Math.floor(3 * rule!)]!,
      },
      ...(limit! < 0.5 ? { leverageLimit: 8 } : {}),
    };
    const ledger = backtest(scaled, bars, options);
    const lived = live({ bars, weights: scaled }, options);
    agree(lived, ledger);
    expect(lived.state.account.liquidation ?? undefined).toEqual(ledger.liquidation);
    if (ledger.liquidation) liquidations++;
  }
  expect(liquidations).toBeGreaterThan(15);
  expect(liquidations).toBeLessThan(135);
});

test("each fill is what the ledger's columns say: units, price, fees and spread of its bar", () => {
  const data = market(2, 300);
  const options = { costs, capital: 10_000 };
  const ledger = backtest(data.weights, data.bars, options);
  const { fills } = live(data, options);
  const before = new Float64Array(3);
  data.bars[0]!.openTime.forEach((openTime, t) => {
    const here = fills.filter((fill) => fill.filledAt === openTime);
    for (const { symbol, side, units, price, decidedAt } of here) {
      const a = SYMBOLS.indexOf(symbol);
      before[a]! += side === "buy" ? units : -units;
      expect(price).toBe(data.bars[a]!.open[t]);
      expect(decidedAt).toBe(ledger.time[t - 1]);
    }
    before.forEach((units, a) => {
      expect(units).toBeCloseTo(ledger.positions[3 * t + a]!, 9);
    });
    expect(here.reduce((sum, fill) => sum + fill.fee, 0)).toBeCloseTo(ledger.fees[t]!, 9);
    expect(here.reduce((sum, fill) => sum + fill.spread, 0)).toBeCloseTo(ledger.spread[t]!, 9);
  });
});

test("a state that went through JSON, at any moment of any bar, changes no bit of what follows", () => {
  const data = market(3, 300);
  const funding = { BTC: constantFunding(1e-3, START, START + 400 * HOUR) };
  const options = { costs: { ...costs, funding, latencyBars: 1 }, capital: 10_000, rebalance: { band: 0.1 } };
  const coins = uniforms(fold(root, "coins"), 1000);
  let [calls, reopened] = [0, 0];
  const lived = live(data, options, (broker) => {
    if (coins[calls++]! < 0.5) return broker;
    reopened++;
    return openPaperBroker({ ...broker.options }, JSON.parse(JSON.stringify(broker.state())));
  });
  expect(reopened).toBeGreaterThan(300);
  agree(lived, backtest(data.weights, data.bars, options));
});

test("an account that is liquidated on paper ends as the backtest's does, and each asset's end is a fill", () => {
  const bars = [
    candles("BTC", { open: [100, 100, 96, 80, 80], close: [100, 96, 80, 80, 200] }),
    candles("ETH", { open: [10, 10, 10, 10, 10], close: [10, 10, 10, 10, 10] }),
  ];
  const weights = weightsOn(bars, (_, a) => (a === 0 ? 5.5 : 0.5));
  const options = { costs, maintenanceMargin: 0.05, capital: 1000 };
  const ledger = backtest(weights, bars, options);
  const lived = live({ bars, weights }, options);
  agree(lived, ledger);
  expect(lived.state.account.liquidation).toEqual(ledger.liquidation);
  expect(lived.fills.filter((fill) => fill.cause === "liquidation").map((fill) => fill.symbol)).toEqual([
    "BTC",
    "ETH",
  ]);
});

const prices = (...values: number[]) => Float64Array.from(values);
const closing = (...values: number[]) => ({
  high: prices(...values),
  low: prices(...values),
  close: prices(...values),
});

test("the same order twice is one, before and after it was filled", () => {
  const broker = openPaperBroker({ symbols: ["BTC"], costs: NO_COSTS });
  broker.onOpen(0, prices(100));
  broker.onClose(HOUR, closing(100));
  const order = { decidedAt: HOUR, targets: prices(0.5) };
  expect(broker.submit(order)).toEqual([`${HOUR}-BTC`]);
  expect(broker.submit(order)).toEqual([`${HOUR}-BTC`]);
  expect(broker.onOpen(HOUR, prices(100)).fills).toEqual([
    {
      ...{ id: `${HOUR}-BTC`, symbol: "BTC", side: "buy", units: 0.005, price: 100, fee: 0, spread: 0 },
      ...{ decidedAt: HOUR, filledAt: HOUR, cause: "order" },
    },
  ]);
  broker.submit(order);
  broker.onClose(2 * HOUR, closing(110));
  broker.submit(order);
  expect(broker.onOpen(2 * HOUR, prices(110)).fills).toEqual([]);
  expect(broker.state().account.counts.orders).toBe(1);
});

test("an order to be flat replaces what waits, and is due at the next open whatever the latency", () => {
  const broker = openPaperBroker({ symbols: ["BTC"], costs: { ...NO_COSTS, latencyBars: 2 } });
  for (let t = 0; t < 4; t++) {
    broker.onOpen(t * HOUR, prices(100));
    broker.onClose((t + 1) * HOUR, closing(100));
    broker.submit({ decidedAt: (t + 1) * HOUR, targets: prices(0.5) });
  }
  broker.flatten();
  const [fill] = broker.onOpen(4 * HOUR, prices(100)).fills;
  expect(fill).toMatchObject({ id: `${4 * HOUR}-BTC-flat`, side: "sell", units: 0.005, cause: "flat" });
  expect(broker.state().pending).toEqual([]);
});

test("events out of turn and targets that make no sense are refused with what was expected", () => {
  const broker = openPaperBroker({ symbols: ["BTC", "ETH"], costs: NO_COSTS });
  expect(() => broker.onClose(HOUR, closing(1, 1))).toThrow(
    "expected the next open, got the close of 1970-01-01T01:00:00.000Z",
  );
  broker.onOpen(0, prices(100, 100));
  expect(() => broker.onOpen(HOUR, prices(1, 1))).toThrow(
    "expected the next close after 1970-01-01T00:00:00.000Z, got the open of 1970-01-01T01:00:00.000Z",
  );
  broker.onClose(HOUR, closing(100, 100));
  expect(() => broker.onOpen(0, prices(1, 1))).toThrow(
    "expected the next open after 1970-01-01T01:00:00.000Z",
  );
  expect(() => broker.onOpen(HOUR, prices(1))).toThrow("opening prices: expected 2 values, got 1");
  expect(() => broker.submit({ decidedAt: 2 * HOUR, targets: prices(0, 0) })).toThrow(
    "expected targets between the last close, 1970-01-01T01:00:00.000Z, and the open after it, got those of 1970-01-01T02",
  );
  expect(() => broker.submit({ decidedAt: HOUR, targets: prices(0, Number.POSITIVE_INFINITY) })).toThrow(
    "target of ETH: expected a share or NaN, got Infinity",
  );
  const impact = { coefficient: 1, window: 5 };
  expect(() => openPaperBroker({ symbols: ["BTC"], costs: { ...NO_COSTS, impact }, capital: 1 })).toThrow(
    "costs: expected no impact",
  );
  expect(() => openPaperBroker({ symbols: [], costs: NO_COSTS })).toThrow("symbols: expected at least one");
});
