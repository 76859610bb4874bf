/** The clock, for the commands. */
export { type Clock, systemClock } from "../core/clock.js";
