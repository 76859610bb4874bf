/**
 * The end of an account: a simple return of −1 leaves nothing, and what comes after is no return of it.
 *
 * Statistics say so: total, annual and compounded return −1, maximum drawdown 1, and every ratio of gain to risk −∞, without a
 * standard error. A ruined account's expected log return is −∞ (Kelly 1956; Breiman 1961), and so is the performance measure that
 * cannot be manipulated (Goetzmann, Ingersoll, Spiegel & Welch 2007, whose power utility of a return of −1 is −∞). Mean over
 * deviation may be positive all the same, which would rank a ruined account above an idle one.
 */

/** Index of the first return of −1 or less, at which compounded equity is gone; −1 where there is none. */
export function ruinIndex(returns: ArrayLike<number>): number {
  for (let t = 0; t < returns.length; t++) if (returns[t]! <= -1) return t;
  return -1;
}

/**
 * Whether one of the returns is −1, at which those of an account end (`ledgerReturns` has none below).
 *
 * It is what statistics of moments ask: numbers below −1 are no returns on an account, such as profits on a fixed notional, and have
 * moments like any others. What compounds or speaks of a year asks `ruinIndex`.
 */
export function isRuined(returns: ArrayLike<number>): boolean {
  for (let t = 0; t < returns.length; t++) if (returns[t] === -1) return true;
  return false;
}

/** The `values` [T] of the bars up to and including the ruinous one of the `returns` [T]; all of them where there is none. */
export function untilRuin(returns: ArrayLike<number>, values: ArrayLike<number> = returns): Float64Array {
  const ruin = ruinIndex(returns);
  return Float64Array.from(values).subarray(0, ruin < 0 ? values.length : ruin + 1);
}
