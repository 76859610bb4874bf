import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { correlation, mean } from "../../../lib/core/stats.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import { NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import { ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { sharpePerBar } from "../../../lib/trading/performance/returns.js";
import {
  compareSizing,
  shiftedSignal,
  shuffledUncertainty,
} from "../../../lib/trading/significance/placebo.js";
import { candles, weightsOn } from "../support/candles.js";

const root = key("placebo");
const bootstrap = { key: fold(root, "bootstrap"), replicates: 499, meanBlock: 5 };

test("shuffled uncertainties are the same ones within each block, in another order, and the seed decides which", () => {
  const u = uniforms(fold(root, "u"), 25);
  const shuffled = shuffledUncertainty(u, { key: root, block: 10 });
  for (const [from, to] of [
    [0, 10],
    [10, 20],
    [20, 25],
  ] as const)
    expect(Array.from(shuffled.slice(from, to)).sort()).toEqual(Array.from(u.slice(from, to)).sort());
  expect(shuffled).not.toEqual(u);
  expect(shuffledUncertainty(u, { key: root, block: 10 })).toEqual(shuffled);
  expect(shuffledUncertainty(u, { key: fold(root, 1), block: 10 })).not.toEqual(shuffled);
});

test("a block keeps the slow level of the uncertainty and destroys which signal had which", () => {
  const slow = Float64Array.from({ length: 4000 }, (_, t) => 2 + Math.sin(t / 300));
  const fast = uniforms(fold(root, "fast"), 4000);
  const shuffled = shuffledUncertainty(
    slow.map((s, t) => s + fast[t]!),
    { key: root, block: 24 },
  );
  expect(correlation(shuffled, slow)).toBeGreaterThan(0.9);
  expect(
    Math.abs(
      correlation(
        shuffled.map((s, t) => s - slow[t]!),
        fast,
      ),
    ),
  ).toBeLessThan(0.15);
});

test("a shifted signal has the same rows in turn, and shifting back gives the original", () => {
  const bars = [candles("A", { open: [1, 1, 1, 1], close: [1, 1, 1, 1] })];
  const weights = weightsOn(bars, (t) => t);
  expect(Array.from(shiftedSignal(weights, 1).values)).toEqual([3, 0, 1, 2]);
  expect(shiftedSignal(shiftedSignal(weights, 3), -3)).toEqual(weights);
  expect(shiftedSignal(weights, 0)).toEqual(weights);
  expect(() => shiftedSignal(weights, 0.5)).toThrow("rows to shift by");
});

/** Signals right on average, whose noise is `u` times the mean where `tells`, unrelated to it otherwise. */
function signals(name: string, tells: boolean) {
  const [count, k] = [3000, fold(root, name)];
  const u = uniforms(fold(k, "u"), count).map((v) => 0.5 + 3 * v);
  const other = uniforms(fold(k, "other"), count).map((v) => 0.5 + 3 * v);
  const e = normals(fold(k, "e"), count);
  const outcome = e.map((shock, t) => 0.0005 + 0.01 * (tells ? u[t]! : other[t]!) * shock);
  const sizedBy = (x: Float64Array) => outcome.map((r, t) => r / x[t]! ** 2);
  const placebos = Array.from({ length: 99 }, (_, p) =>
    sizedBy(shuffledUncertainty(u, { key: fold(k, "placebo", p), block: 100 })),
  );
  return { fixed: outcome, sized: sizedBy(u), placebos };
}

test("VI-85: sizing by an uncertainty that tells beats the fixed size and every placebo", () => {
  const { fixed, sized, placebos } = signals("tells", true);
  const found = compareSizing(fixed, sized, { bootstrap, level: 0.9, placebos });
  expect(found.difference).toBeCloseTo(sharpePerBar(sized) - sharpePerBar(fixed), 12);
  expect(found.lower).toBeGreaterThan(0);
  expect(found.memmelP).toBeLessThan(0.05);
  expect(found.bootstrapP).toBeLessThan(0.05);
  expect(found.placeboP).toBe(0.01);
  expect(found.placeboDifference).toBeLessThan(found.difference);
});

test("VI-85: an uncertainty that tells nothing is as good as its placebos, as often as chance has it", () => {
  const values = Array.from({ length: 40 }, (_, n) => {
    const { fixed, sized, placebos } = signals(`mute ${n}`, false);
    return compareSizing(fixed, sized, { bootstrap: { ...bootstrap, replicates: 2 }, level: 0.9, placebos })
      .placeboP;
  });
  expect(mean(values)).toBeGreaterThan(0.35);
  expect(mean(values)).toBeLessThan(0.65);
  expect(values.filter((p) => p <= 0.1).length).toBeLessThanOrEqual(9);
});

test("a signal shifted by a week earns nothing where the signal earns", () => {
  const z = normals(fold(root, "market"), 4000);
  let price = 100;
  const close = Array.from(z, (e) => {
    price *= 1 + 0.003 * e;
    return price;
  });
  const bars = [candles("A", { open: [100, ...close.slice(0, -1)], close })];
  const noise = normals(fold(root, "noise"), 4001);
  const weights = weightsOn(bars, (t) => Math.sign((z[t + 1] ?? 0) + 5 * noise[t]!));
  const of = (by: number) =>
    sharpePerBar(ledgerReturns(backtest(shiftedSignal(weights, by), bars, { costs: NO_COSTS })));
  expect(of(0)).toBeGreaterThan(0.1);
  expect(Math.abs(of(168))).toBeLessThan(0.05);
});

test("bad input is refused by name", () => {
  const { fixed, sized } = signals("bad", true);
  expect(() => shuffledUncertainty([1, 2], { key: root, block: 1 })).toThrow(
    "block: expected an integer of at least 2",
  );
  const options = { bootstrap, level: 0.9, placebos: [new Float64Array(3)] };
  expect(() => compareSizing(fixed, sized, options)).toThrow("placebos[0]: expected 3000 values, got 3");
});
