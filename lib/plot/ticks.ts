/** Ticks of log axes. */
import type { Layout } from "./figure.js";

/** Leading digits of ticks on a log axis that spans a factor of at most `over`. */
const LOG_DIGITS = [
  { over: 3, digits: [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] },
  { over: 20, digits: [1, 1.5, 2, 3, 5, 7] },
  { over: 300, digits: [1, 2, 5] },
  { over: Number.POSITIVE_INFINITY, digits: [1] },
] as const;

/**
 * The part of a log axis that puts round numbers on it, written in full: Plotly would write their first digits only.
 *
 * Nothing where the values span less than a factor of 1.6, which Plotly divides evenly. At least one must be positive.
 */
export function logTicks(values: readonly number[]): Layout {
  const positive = values.filter((value) => value > 0);
  const least = positive.reduce((a, b) => Math.min(a, b));
  const greatest = positive.reduce((a, b) => Math.max(a, b));
  if (greatest / least < 1.6) return {};
  const { digits } = LOG_DIGITS.find(({ over }) => greatest / least <= over)!;
  const decades = Array.from({ length: 25 }, (_, i) => i - 12);
  const ticks = decades.flatMap((decade) => digits.map((digit) => Number(`${digit}e${decade}`)));
  const near = ticks.filter((tick) => tick >= 0.8 * least && tick <= 1.25 * greatest);
  return { tickmode: "array", tickvals: near, ticktext: near.map(String) };
}
