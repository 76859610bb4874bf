/** Units of time, told by size: seconds, milliseconds, microseconds and nanoseconds since 1970 of one moment differ a thousandfold. */

/** UTC milliseconds of the first second of 2009: no coin is older. */
export const EARLIEST: number = Date.UTC(2009, 0, 1);

const UNITS = [
  { name: "seconds", perMs: 1e-3 },
  { name: "milliseconds", perMs: 1 },
  { name: "microseconds", perMs: 1e3 },
  { name: "nanoseconds", perMs: 1e6 },
] as const;

export type TimeUnit = (typeof UNITS)[number];

/**
 * The unit in which `time` lies from 2009 to `latest`; undefined where it lies there in none. At most one fits, as long as `latest`
 * is before the year 9000.
 * @param latest  UTC milliseconds
 */
export function unitOf(time: number, latest: number): TimeUnit | undefined {
  return UNITS.find(({ perMs }) => time / perMs >= EARLIEST && time / perMs <= latest);
}

/** A time as ISO UTC, or what came in its place. */
export function isoOf(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
