/** The one place of the library where the clock is read: its outermost doors, commands and openMarket, hand the time inwards. */

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
