/** Two clocks that must agree: the exchange's and this machine's. Neither alone says what is over and what is to come. */
import { BybitError } from "./error.js";

/** By how much two clocks may differ, milliseconds; what is told from further ahead is never taken. */
export const CLOCK_MARGIN_MS = 5000;

/** A time that lies further ahead of this machine's clock than the margin. */
export class AheadOfClock extends RangeError {
  override name = "AheadOfClock";
}

/**
 * Makes sure that a time, UTC milliseconds, has come.
 * @throws AheadOfClock when it lies further ahead of `now` than the margin.
 */
export function checkNotAhead(what: string, time: number, now: number): void {
  if (time <= now + CLOCK_MARGIN_MS) return;
  throw new AheadOfClock(`${what} of ${iso(time)} is ${spoken(time - now)} ahead of this machine's clock`);
}

/** This machine's clock when a request went out and when its answer had come, UTC milliseconds. */
export interface Asked {
  readonly sent: number;
  readonly received: number;
}

/** What the exchange's clock must be beside this machine's: not ahead of it, or neither ahead nor behind. */
export type Clocks = "not ahead" | "agree";

/**
 * Makes sure that an answer of the exchange's time `answeredAt` came when this machine says it did.
 * @throws BybitError of kind "clock" when the clocks are further apart than the margin.
 */
export function checkClocks(
  symbol: string,
  answeredAt: number,
  { sent, received }: Asked,
  clocks: Clocks,
): void {
  const [ahead, behind] = [answeredAt - received, sent - answeredAt];
  if (ahead > CLOCK_MARGIN_MS) throw apart(symbol, `${spoken(ahead)} ahead of`);
  if (clocks === "agree" && behind > CLOCK_MARGIN_MS) throw apart(symbol, `${spoken(behind)} behind`);
}

function apart(symbol: string, words: string): BybitError {
  const most = CLOCK_MARGIN_MS / 1000;
  return new BybitError(
    "clock",
    symbol,
    `the exchange's clock is ${words} this machine's, more than ${most} s; nothing is traded on until they agree`,
  );
}

/** Such as "8.0 h". */
function spoken(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(1)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} days`;
}

function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
