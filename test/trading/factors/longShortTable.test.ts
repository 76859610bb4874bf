/** Signals as long–short portfolios side by side, equity curves, and outcomes of moves. */
import { describe, expect, test } from "vitest";
import { core, trading } from "../../../lib/index.js";

const HOUR = 3_600_000;
const count = 200;
const openTime = Float64Array.from({ length: count }, (_, t) => t * HOUR);
const walk = (symbol: string, drift: number): core.Bars => {
  const steps = core.normals(core.key(symbol), count).map((e) => drift + 0.002 * e);
  let price = 100;
  const close = steps.map((step) => {
    price *= Math.exp(step);
    return price;
  });
  const open = close.map((_, t) => (t === 0 ? 100 : close[t - 1]!));
  const high = close.map((v, t) => Math.max(v, open[t]!));
  const low = close.map((v, t) => Math.min(v, open[t]!));
  return { symbol, stepMs: HOUR, openTime, open, high, low, close, volume: openTime.map(() => 1) };
};
const bars = [walk("A", 0.001), walk("B", 0), walk("C", -0.001), walk("D", 0)];
const names = ["A", "B", "C", "D"];
const time = Float64Array.from({ length: 40 }, (_, i) => (4 * i + 1) * HOUR);
const constant = (row: number[]): core.Panel => ({
  ...{ time, names, values: Float64Array.from({ length: 4 * time.length }, (_, i) => row[i % 4]!) },
});
const resampling = { key: core.key("resampling"), replicates: 199, meanBlock: 12 };
const signals = {
  right: constant([4, 2, 1, 3]),
  wrong: constant([1, 2, 4, 3]),
  same: constant([4, 2, 1, 3]),
};

describe("longShortTable", () => {
  const { rows, ledgers } = trading.factors.longShortTable(signals, bars, {
    ...{ costs: trading.BYBIT_COSTS, quantile: 0.25, resampling },
  });

  test("a row is the summary of the signal's ledger after costs, and costs lower the Sharpe ratio", () => {
    const { sharpe, sharpeError } = trading.summarise(ledgers.right!);
    expect(rows[0]).toMatchObject({ signal: "right", sharpe, error: sharpeError, lessFirst: 0, half: 0 });
    for (const row of rows) expect(row.sharpe).toBeLessThan(row.gross);
  });

  test("the opposite signal is worse by more than its interval, and the same signal by nothing", () => {
    expect(rows[1]!.lessFirst + rows[1]!.half).toBeLessThan(0);
    expect(rows[1]!.lessFirst).toBeCloseTo(rows[1]!.sharpe - rows[0]!.sharpe, 6);
    expect(rows[2]!.lessFirst).toBeCloseTo(0, 12);
  });

  test("equityCurves picks ledgers by name, in the order asked for", () => {
    const [wrong, right] = trading.equityCurves(ledgers, ["wrong", "right"]);
    expect([wrong!.name, right!.name]).toEqual(["wrong", "right"]);
    expect(wrong!.equity).toBe(ledgers.wrong!.equity);
    expect(trading.equityCurves(ledgers).map(({ name }) => name)).toEqual(["right", "wrong", "same"]);
    expect(() => trading.equityCurves(ledgers, ["none"])).toThrow(
      "expected one of right, wrong, same, got none",
    );
  });
});

test("a move counts in either direction, and only beyond the size", () => {
  const returns = Float64Array.of(0.02, -0.02, 0.01, -0.009);
  expect(Array.from(trading.moveOutcome(returns, 0.01))).toEqual([1, 1, 0, 0]);
  expect(() => trading.moveOutcome(returns, 0)).toThrow("size");
});

describe("expectedCoefficients", () => {
  const count = 20_000;
  const means = core.normals(core.key("means"), count).map((e) => 0.1 * e);
  const returns = core.normals(core.key("noise"), count).map((e, n) => means[n]! + e);

  test("a signal that is the mean itself has the correlation of mean and return, up to the luck of the returns", () => {
    const [own, none] = trading.factors.expectedCoefficients(
      { own: means, none: core.normals(core.key("none"), count) },
      { means, returns },
    );
    // 0.1 / √1.01, and three standard errors of a standard deviation of 20,000 rows
    expect(Math.abs(own!.coefficient - 0.1 / Math.sqrt(1.01))).toBeLessThan(0.1 * 3 * Math.sqrt(1 / count));
    expect(Math.abs(none!.coefficient)).toBeLessThan((0.1 * 4) / Math.sqrt(count));
    expect(Math.abs(core.correlation(means, returns) - own!.coefficient)).toBeLessThan(4 / Math.sqrt(count));
  });

  test("lengths must agree", () => {
    expect(() => trading.factors.expectedCoefficients({ short: [1] }, { means, returns })).toThrow(
      "signal short",
    );
  });
});
