/** The year of a market that never closes. */
import { checkPositive } from "./axes.js";

const YEAR_MS = 365 * 86_400_000;

/**
 * The bars of a year of 365 days that trades at all hours: 8,760 of an hour, 105,120 of five minutes, 365 of a day.
 * @param stepMs  length of a bar in milliseconds
 * @throws RangeError when the step is not positive.
 */
export function barsPerYear(stepMs: number): number {
  checkPositive("stepMs", stepMs);
  return YEAR_MS / stepMs;
}
