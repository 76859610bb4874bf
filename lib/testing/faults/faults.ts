/** Faults of a REST answer, and the requests they befall. */
import { fold, type Key, uniforms } from "../../core/index.js";

/** The faults in which nothing is wrong with the rows themselves: any request can get them. */
const ANY_REQUEST = [
  "malformed-json",
  "html-page",
  "empty-body",
  "null-list",
  "truncated-body",
  "stalled-body",
  "slow-headers",
  "reset",
  "rate-403",
  "geo-block",
  "http-429",
  "http-500",
  "http-502",
  "http-504",
  "http-524",
  "code-10000",
  "code-10001",
  "code-10006",
  "code-10016",
  "code-10018",
] as const;

/** The faults of a page of candles, funding rates or trades that has rows. */
const ROWS = [
  "duplicated-rows",
  "missing-rows",
  "another-symbol",
  "infinite-field",
  "empty-field",
  "nan-field",
  "high-below-low",
] as const;

/** A fault of a REST answer. */
export type FaultKind = (typeof ANY_REQUEST)[number] | (typeof ROWS)[number];

export const FAULTS: readonly FaultKind[] = [...ANY_REQUEST, ...ROWS];

/** The faults after which the same request may succeed: all but a refused location and a refused request. */
export const RECOVERABLE_FAULTS: readonly FaultKind[] = FAULTS.filter(
  (kind) => kind !== "geo-block" && kind !== "code-10001",
);

const CANDLES = /\/(mark-price-|index-price-|premium-index-price-)?kline$/;
const PAGES = /(kline|\/funding\/history|\/recent-trade)$/;

/** Whether a fault can befall an answer of this path with so many rows. */
export function canBefall(kind: FaultKind, path: string, rows: number): boolean {
  if (!(ROWS as readonly string[]).includes(kind)) return true;
  if (rows === 0 || !PAGES.test(path)) return false;
  return kind !== "high-below-low" || CANDLES.test(path);
}

/**
 * The fault of the `count`-th request with this name among `kinds`; undefined for a share 1 − `share` of requests.
 *
 * It depends on the request and on how often it came, not on the order among others: concurrency changes nothing.
 */
export function drawFault(k: Key, share: number, kinds: readonly FaultKind[]): FaultKind | undefined {
  const [chance, which] = uniforms(fold(k, "fault"), 2);
  if (kinds.length === 0 || chance! >= share) return undefined;
  return kinds[Math.floor(which! * kinds.length)];
}
