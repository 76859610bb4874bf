/** The symbols of a market that are taken, and whether they are enough. */

import type { Bars } from "../../core/index.js";
import { checkCount } from "../../core/index.js";
import { DEFAULT_SYMBOLS } from "../simulate/assets.js";

/** Symbols of a market: by name, or by preference and number. */
export interface SymbolQuery {
  /** Just these, in this order; one that is not there is refused. */
  symbols?: readonly string[];
  /**
   * Those of these that are there, in this order, and where some are not, others in their place, in the order of the alphabet: as
   * many as are named, or as there are. Default BTCUSDT, ETHUSDT, SOLUSDT; not together with `symbols`.
   */
  prefer?: readonly string[];
  /** The fewest symbols that are enough, default 1. */
  atLeast?: number;
  /** The fewest bars that are enough, at times common to all symbols, default 2. */
  minBars?: number;
}

/**
 * The symbols of a query as if all were there.
 * @throws RangeError when none is named, one is named twice, or both `symbols` and `prefer` are given.
 */
export function preferred({ symbols, prefer, atLeast = 1 }: SymbolQuery): readonly string[] {
  if (symbols && prefer) throw new RangeError("symbols, prefer: expected one of the two, got both");
  checkCount("atLeast", atLeast);
  const named = symbols ?? prefer ?? DEFAULT_SYMBOLS;
  if (named.length === 0) throw new RangeError("symbols: expected at least one, got none");
  const twice = named.find((symbol, i) => named.indexOf(symbol) !== i);
  if (twice !== undefined) throw new RangeError(`symbols: expected each once, got ${twice} twice`);
  if (named.length < atLeast)
    throw new RangeError(`symbols: expected at least ${atLeast}, got ${named.join(", ")}`);
  return named;
}

/**
 * The symbols that a query by preference takes of those available.
 * @throws Error when there are fewer than `atLeast`. RangeError as `preferred`.
 */
export function chosenSymbols(
  available: readonly string[],
  query: SymbolQuery,
  source: string,
): readonly string[] {
  const named = preferred(query);
  const there = named.filter((symbol) => available.some((other) => isSame(symbol, other)));
  const others = available.filter((symbol) => !named.some((other) => isSame(symbol, other)));
  const chosen = [...there, ...others].slice(0, named.length);
  if (chosen.length >= (query.atLeast ?? 1)) return chosen;
  const found = available.length > 0 ? available.join(", ") : "none";
  throw new Error(`${need(query)}, but ${source} has ${found}`);
}

/** Whether two names mean one symbol: a file's name may be in small letters. */
function isSame(symbol: string, other: string): boolean {
  return symbol.toLowerCase() === other.toLowerCase();
}

/** Why `common` bars are not enough, undefined where they are. */
export function tooFewBars(
  bars: readonly Bars[],
  common: number,
  query: SymbolQuery,
  source: string,
): string | undefined {
  if (query.minBars === undefined) return undefined;
  checkCount("minBars", query.minBars);
  if (common >= query.minBars) return undefined;
  const each = bars.map(({ symbol, openTime }) => `${symbol} ${openTime.length}`).join(", ");
  return `${need(query)}, but ${source} has ${common} bars common to its symbols (${each})`;
}

function need({ atLeast = 1, minBars }: SymbolQuery): string {
  const symbols = atLeast === 1 ? "at least one symbol" : `at least ${atLeast} symbols`;
  const long = minBars === undefined ? "" : ` with ${minBars} bars at times common to all`;
  return `expected ${symbols}${long}`;
}
