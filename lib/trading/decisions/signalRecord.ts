/** Record of signals: how often each side was taken, the claimed probability and the fraction that was right. */
import { checkLength, mean } from "../../core/index.js";
import type { ForecastDecisions } from "./decide.js";

/** One rule's record. */
export type SignalRecord = {
  /** Fractions of the rows. */
  long: number;
  short: number;
  hold: number;
  /** Mean probability that was claimed for the side taken; NaN where none was. */
  claimed: number;
  /** Fraction of the sides taken that the return confirmed; NaN where none was. */
  right: number;
  /** Standard error of `right`, all assets of one time counted as one observation. */
  error: number;
};

/**
 * The record of decided signals against the returns that followed.
 * @param returns  [N] over the horizon of the forecast
 * @throws RangeError when lengths disagree.
 */
export function signalRecord(
  { signals, decidedAt }: Pick<ForecastDecisions, "signals" | "decidedAt">,
  returns: ArrayLike<number>,
): SignalRecord {
  checkLength("returns", returns, signals.length);
  const fraction = (side: string) =>
    signals.filter(({ direction }) => direction === side).length / signals.length;
  const hits = new Map<number, number[]>();
  const claims: number[] = [];
  signals.forEach(({ direction, probability }, n) => {
    if (direction === "HOLD") return;
    const long = direction === "LONG";
    claims.push(long ? probability : 1 - probability);
    const together = hits.get(decidedAt[n]!) ?? [];
    together.push(returns[n]! > 0 === long ? 1 : 0);
    hits.set(decidedAt[n]!, together);
  });
  const all = [...hits.values()].flat();
  const right = all.length > 0 ? mean(all) : Number.NaN;
  const squares = [...hits.values()].reduce(
    (total, own) => total + own.reduce((sum, hit) => sum + hit - right, 0) ** 2,
    0,
  );
  return {
    ...{ long: fraction("LONG"), short: fraction("SHORT"), hold: fraction("HOLD") },
    claimed: claims.length > 0 ? mean(claims) : Number.NaN,
    ...{ right, error: Math.sqrt(squares) / all.length },
  };
}
