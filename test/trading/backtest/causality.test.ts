import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { findLookAhead, type SignalOf } from "../../../lib/trading/backtest/causality.js";

const root = key("causality");
const length = 300;
const close = normals(fold(root, "close"), length);
for (let t = 0; t < length; t++) close[t] = (t > 0 ? close[t - 1]! : 100) * Math.exp(0.01 * close[t]!);
const high = close.map((price) => 1.01 * price);
const options = { key: fold(root, "cuts"), cuts: 8 };

/** log(close_t / close_{t − 10}), `shift` bars early. */
const momentum =
  (shift: number): SignalOf =>
  ([prices]) =>
    prices!.map((_, t) => Math.log(prices![t + shift]! / prices![t + shift - 10]!));

test("a signal of the past passes, with its NaN at the start", () => {
  expect(findLookAhead(momentum(0), [close, high], options)).toBeUndefined();
  expect(findLookAhead(momentum(-1), [close, high], options)).toBeUndefined();
});

test("a signal shifted one bar into the future is caught at the last bar before the change", () => {
  const found = findLookAhead(momentum(1), [close, high], options)!;
  expect(found.bar).toBe(found.changedFrom - 1);
  expect(found.before).toBe(momentum(1)([close])[found.bar]);
});

test("scaling by the mean of the whole sample is caught at the first bar", () => {
  const scaled: SignalOf = ([prices]) => prices!.map((p) => (p - mean(prices!)) / standardDeviation(prices!));
  expect(findLookAhead(scaled, [close], options)?.bar).toBe(0);
});

test("only the sign of tomorrow's return is caught too", () => {
  const sign: SignalOf = ([prices]) => prices!.map((p, t) => Math.sign((prices![t + 1] ?? p) - p));
  expect(findLookAhead(sign, [close], options)).toBeDefined();
});

test("the changed bars stay whole: a high remains above its close", () => {
  const checked: SignalOf = ([prices, highs]) => {
    for (let t = 0; t < length; t++) if (!(highs![t]! > prices![t]!)) throw new Error(`bar ${t} is torn`);
    return prices!;
  };
  expect(findLookAhead(checked, [close, high], options)).toBeUndefined();
});

test("the caller's columns are left as they were, even by a signal that writes into its own", () => {
  const before = close.slice();
  findLookAhead(([prices]) => prices!.fill(1), [close], options);
  expect(close).toEqual(before);
});

test("bad input is named with what was expected and what came", () => {
  let calls = 0;
  expect(() => findLookAhead(([p]) => p!.fill(calls++), [close], options)).toThrow(
    "signal at bar 0: expected the same value",
  );
  expect(() => findLookAhead(([p]) => p!.slice(1), [close], options)).toThrow(
    "signal: expected 300 values, got 299",
  );
  expect(() => findLookAhead(([p]) => p!, [close, close.slice(1)], options)).toThrow(
    "columns[1]: expected 300 values, got 299",
  );
  expect(() => findLookAhead(([p]) => p!, [close], { ...options, cuts: 300 })).toThrow(
    "expected at least 301 bars for 300 cuts, got 300",
  );
  expect(() => findLookAhead(([p]) => p!, [], options)).toThrow("number of columns");
});
