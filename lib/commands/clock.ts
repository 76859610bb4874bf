/** The one place of the library where the clock is read: a command is its outermost door and hands the time inwards. */

/** The time, and time that has passed. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number;
  /** Milliseconds from any origin, with fractions; it never goes back. */
  elapsed(): number;
}

export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  elapsed: () => performance.now(),
};
