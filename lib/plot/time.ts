/** Time on x: UTC milliseconds, the same ticks and dates wherever a figure is drawn. */
import { checkFinite } from "../core/index.js";
import type { FigureOptions } from "./theme.js";

/** Options of a figure over time, whose x axis is given. `xRange` and references on x are UTC milliseconds. */
export interface TimeOptions extends Omit<FigureOptions, "xTitle" | "xType" | "yTitle"> {
  /** Points, about, that each line keeps; default as many as the size of a figure allows. */
  readonly points?: number;
}

/** Title and type of an axis of UTC milliseconds. */
export const TIME_AXIS = { xTitle: "time [UTC]", xType: "date" } as const;

/** How hovering tells a time. */
export const TIME_HOVER = { hoverformat: "%Y-%m-%d %H:%M" } as const;

const DAY = 86_400_000;
/** Points of all lines of a figure: about 80 kB of its 200. */
const MOST_POINTS = 3600;

/** Points a line may keep in a figure of `lines` lines. */
export function pointsOf(lines: number): number {
  return Math.max(60, Math.floor(MOST_POINTS / Math.max(lines, 4)));
}

/** Throws a RangeError unless `time` has entries that are finite and ascend. */
export function checkTimes(name: string, time: ArrayLike<number>): void {
  if (time.length === 0) throw new RangeError(`${name}: expected UTC milliseconds, got an empty array`);
  checkFinite(name, time);
  for (let t = 1; t < time.length; t++) {
    if (time[t]! > time[t - 1]!) continue;
    throw new RangeError(
      `${name}[${t}]: expected a time after ${utcTime(time[t - 1]!)}, got ${utcTime(time[t]!)}`,
    );
  }
}

/** "2025-03-01 16:00" of UTC milliseconds. */
export function utcTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

/** The day of UTC milliseconds, "2025-03-01"; the time as well where the whole `span` [ms] is less than 10 days. */
export function utcDay(ms: number, span: number): string {
  return span < 10 * DAY ? utcTime(ms) : utcTime(ms).slice(0, 10);
}

/** Milliseconds as a reader counts them: "39 days", "5.5 h". */
export function duration(ms: number): string {
  const days = ms / DAY;
  if (days >= 3) return `${Math.round(days)} days`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}
