/** The categories of Bybit's markets, and the intervals of its candles on the calendar of UTC. */

/** The markets of Bybit V5 that the library knows. */
export type Category = "spot" | "linear" | "inverse";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const WEEK = 7 * DAY;
const FIRST_MONDAY = 4 * DAY; // the epoch began on a Thursday

const FIXED: Readonly<Record<string, number>> = Object.fromEntries([
  ...[1, 3, 5, 15, 30, 60, 120, 240, 360, 720].map((minutes) => [String(minutes), minutes * MINUTE] as const),
  ["D", DAY],
  ["W", WEEK],
]);

/** Every interval that Bybit V5 knows. */
export const INTERVALS: readonly string[] = [
  "1",
  "3",
  "5",
  "15",
  "30",
  "60",
  "120",
  "240",
  "360",
  "720",
  "D",
  "W",
  "M",
];

/** The interval of bars of `stepMs`; undefined where Bybit has none. */
export function intervalOf(stepMs: number): string | undefined {
  return INTERVALS.find((interval) => FIXED[interval] === stepMs);
}

/** Opening time of the candle of `interval` that contains `time`, UTC milliseconds. */
export function openingOf(interval: string, time: number): number {
  if (interval === "M") return monthOf(time, 0);
  if (interval === "W") return Math.floor((time - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
  const step = FIXED[interval]!;
  return Math.floor(time / step) * step;
}

/** Opening time of the candle after the one that contains `time`, UTC milliseconds. */
export function openingAfter(interval: string, time: number): number {
  if (interval === "M") return monthOf(time, 1);
  return openingOf(interval, time) + FIXED[interval]!;
}

/** True when candles of `interval` can be made of whole bars of `stepMs`. */
export function isMadeOf(interval: string, stepMs: number): boolean {
  const step = interval === "M" ? DAY : FIXED[interval];
  return step !== undefined && step % stepMs === 0;
}

/** The number of the ascending `times` [T] that lie before `time`. */
export function countBefore(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function monthOf(time: number, later: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
}
