/** Rows of which the exchange may leave some out: believed when two answers agree. */
import { BybitError } from "./error.js";

/** One answer: rows by time. */
export interface Rows<T> {
  readonly rows: ReadonlyMap<number, T>;
  /** How many there are at most: so many need no second answer. */
  readonly most: number;
  readonly attempts: number;
}

/** All rows in order of time, and the requests that they took. */
export interface Confirmed<T> {
  readonly rows: ReadonlyMap<number, T>;
  readonly requests: number;
}

const ANSWERS = 12;

/**
 * Asks until there are as many rows as can be, or two answers hold all that any answer held: what is absent then, the exchange does
 * not have. Answers that differ in a row count for nothing: it is asked afresh.
 * @throws BybitError of kind "payload" when twelve answers do not agree.
 */
export async function confirmed<T>(
  symbol: string,
  ask: () => Promise<Rows<T>>,
  same: (a: T, b: T) => boolean,
): Promise<Confirmed<T>> {
  let known = new Map<number, T>();
  let [agreeing, requests] = [0, 0];
  for (let answers = 1; answers <= ANSWERS; answers++) {
    const { rows, most, attempts } = await ask();
    requests += attempts;
    const differs = [...rows].some(([time, row]) => known.has(time) && !same(known.get(time)!, row));
    const union = differs ? new Map(rows) : new Map([...known, ...rows]);
    const grown = differs || union.size > known.size;
    agreeing = (grown ? 0 : agreeing) + (rows.size === union.size ? 1 : 0);
    known = union;
    if ((known.size >= most && !differs) || agreeing >= 2) return { rows: inOrder(known), requests };
  }
  throw new BybitError("payload", symbol, `${ANSWERS} answers to one question do not agree`);
}

function inOrder<T>(rows: ReadonlyMap<number, T>): Map<number, T> {
  return new Map([...rows].sort(([a], [b]) => a - b));
}
