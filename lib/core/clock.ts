/** The one place of the library where the clock is read: its outermost doors, commands, openMarket and connectBybit, hand the time inwards. */

/** The time, and time that has passed. */
export interface Clock {
  /** UTC milliseconds, whole: of markets, and never of durations, as it can be set, and goes on while the machine sleeps. */
  now(): number;
  /** Milliseconds from any origin, with fractions: of durations. It never goes back, and stands still while the machine sleeps. */
  elapsed(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};
