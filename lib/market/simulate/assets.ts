/** The assets of the simulated market: seven that are named after life, any other drawn from the key. */
import { fold, type Key, stream } from "../../core/index.js";

export const DEFAULT_SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

/** Groups of assets that share a factor of their own. */
export const SECTORS: readonly string[] = ["money", "platform", "exchange", "meme"];

/** One asset of the simulation. Weights are correlations of its return with unit shocks. */
export interface Asset {
  /** Price before the first bar, in USDT. */
  price: number;
  /** Long-run volatility of a year of 365 days. */
  annualVolatility: number;
  /** Index into `SECTORS`. */
  sector: number;
  /** Weight of the market factor. */
  common: number;
  /** Weight of the sector's factor; the rest is the asset's own. */
  sectoral: number;
  /** Its answer to the market is 1 + asymmetry where the market falls and 1 − asymmetry where it rises, before scaling. */
  asymmetry: number;
  /** Typical volume of an hour, in units of the base asset. */
  volume: number;
  /** Typical quoted spread, in basis points of the price. */
  spreadBps: number;
}

const KNOWN: Readonly<Record<string, Asset>> = {
  BTCUSDT: known(42_300, 0.49, 0, [0.92, 0.1], 0.05, 4_200, 0.1),
  ETHUSDT: known(2_280, 0.68, 1, [0.89, 0.2], 0.1, 48_000, 0.15),
  SOLUSDT: known(101, 0.92, 1, [0.85, 0.2], 0.14, 450_000, 0.4),
  BNBUSDT: known(312, 0.59, 2, [0.85, 0.2], 0.1, 21_000, 0.6),
  WIFUSDT: known(2.1, 1.8, 3, [0.71, 0.3], 0.2, 3_200_000, 2.5),
  ADAUSDT: known(0.59, 0.95, 1, [0.8, 0.25], 0.12, 9_000_000, 1.6),
  DOGEUSDT: known(0.091, 1.05, 3, [0.77, 0.35], 0.14, 110_000_000, 1.1),
};

function known(
  price: number,
  annualVolatility: number,
  sector: number,
  [common, sectoral]: readonly [number, number],
  asymmetry: number,
  volume: number,
  spreadBps: number,
): Asset {
  return { price, annualVolatility, sector, common, sectoral, asymmetry, volume, spreadBps };
}

/** The asset of a symbol: those above as in life, any other drawn from `key` and its name. */
export function asset(symbol: string, key: Key): Asset {
  const like = KNOWN[symbol];
  if (like) return like;
  const draw = stream(fold(key, "asset", symbol));
  const price = Math.exp(2 * draw.normal());
  return {
    price,
    annualVolatility: 0.6 + 0.6 * draw.uniform(),
    sector: draw.integer(SECTORS.length),
    common: 0.65 + 0.2 * draw.uniform(),
    sectoral: 0.2 + 0.15 * draw.uniform(),
    asymmetry: 0.05 + 0.12 * draw.uniform(),
    volume: 2e6 / price,
    spreadBps: Math.exp(0.5 * draw.normal()),
  };
}
