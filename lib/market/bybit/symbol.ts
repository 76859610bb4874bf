/** Symbols and intervals as people write them, and as Bybit V5 does. */
import { type Category, INTERVALS } from "../grid.js";

/** Bybit V5's intervals of one length: minutes, days and weeks. */
export type SnapshotInterval =
  | "1"
  | "3"
  | "5"
  | "15"
  | "30"
  | "60"
  | "120"
  | "240"
  | "360"
  | "720"
  | "D"
  | "W";

/** A market of Bybit. */
export interface Instrument {
  readonly symbol: string;
  readonly category: Category;
}

const UNIFIED = /^([A-Z0-9]+)\/([A-Z0-9]+)(?::([A-Z0-9]+))?$/;
const PLAIN = /^[A-Z0-9]{2,}(-[A-Z0-9]+)*$/;
/** Contracts that settle in the coin itself: BTCUSD, and such as BTCUSDZ25, which ends in month and year. */
const INVERSE = /^[A-Z0-9]+USD([FGHJKMNQUVXZ]\d{2})?$/;

/**
 * The market that a name means: "BTCUSDT" (the linear perpetual unless a category is given), "BTCUSD" and "BTCUSDZ25" (inverse), or ccxt's
 * "BTC/USDT" (spot), "BTC/USDT:USDT" (linear), "BTC/USD:BTC" (inverse).
 *
 * It does not ask whether Bybit lists it.
 * @throws RangeError when the name has neither form, or contradicts the category.
 */
export function instrumentOf(name: string, category?: Category): Instrument {
  const parts = UNIFIED.exec(name);
  if (!parts && !PLAIN.test(name))
    throw new RangeError(
      `symbol: expected Bybit's own name such as BTCUSDT, got "${name}"; ccxt's such as BTC/USDT:USDT is read too`,
    );
  const symbol = parts ? plainName(parts[1]!, parts[2]!, parts[3]) : name;
  const meant = parts ? categoryOf(parts[2]!, parts[3]) : undefined;
  if (meant && category && meant !== category)
    throw new RangeError(`symbol: ${name} is a market of category ${meant}, got the category ${category}`);
  return { symbol, category: meant ?? category ?? (INVERSE.test(symbol) ? "inverse" : "linear") };
}

/** Bybit's own name: perpetuals that settle in USDC are called BTCPERP. */
function plainName(base: string, quote: string, settle: string | undefined): string {
  return settle === "USDC" ? `${base}PERP` : `${base}${quote}`;
}

function categoryOf(quote: string, settle: string | undefined): Category {
  if (settle === undefined) return "spot";
  return settle === quote ? "linear" : "inverse";
}

const ALIASES: Readonly<Record<string, string>> = {
  ...{ "1m": "1", "3m": "3", "5m": "5", "15m": "15", "30m": "30", "1h": "60", "2h": "120", "4h": "240" },
  ...{ "6h": "360", "12h": "720", "1d": "D", "1D": "D", "1w": "W", "1W": "W" },
};

/**
 * V5's name of an interval: "60" of "60" or "1h", "D" of "1d".
 * @throws RangeError when there is no such interval, or its bars are not all of one length, as months.
 */
export function parseInterval(text: string): SnapshotInterval {
  const interval = ALIASES[text] ?? text;
  const known = INTERVALS.filter((name) => name !== "M");
  if (interval === "M")
    throw new RangeError(
      `interval: expected one of ${known.join(" ")}, got "M": months are not of one length; take D and join days`,
    );
  if (!known.includes(interval)) {
    const names = [...known, ...Object.keys(ALIASES)].join(", ");
    throw new RangeError(`interval: expected one of ${names}, got "${text}"`);
  }
  return interval as SnapshotInterval;
}
