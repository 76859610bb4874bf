/**
 * The numbers of the simulated market, set so that its hourly bars have the stylised facts of Bybit's perpetuals on BTC,
 * ETH and SOL from December 2023 to October 2025. Memories and durations are in bars.
 */
import { fold, type Key, stream } from "../core/random.js";

export const DEFAULT_SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

/** One hidden state of the market: how long it lasts, how turbulent it is, where it leads. */
export interface Regime {
  name: string;
  /** Expected length in bars; what follows is either of the others with equal chance. */
  duration: number;
  /** Added to the log volatility. */
  logVolatility: number;
  /** Mean return a bar, in units of the asset's long-run volatility. */
  drift: number;
}

export const REGIMES: readonly Regime[] = [
  { name: "bear", duration: 240, logVolatility: 0.3, drift: -0.01 },
  { name: "sideways", duration: 360, logVolatility: -0.25, drift: 0 },
  { name: "bull", duration: 240, logVolatility: 0.05, drift: 0.01 },
];

/** A first-order autoregression: its standard deviation, and the bars in which a shock falls to 1/e. */
export interface Autoregression {
  deviation: number;
  memory: number;
}

export const VOLATILITY: { slow: Autoregression; fast: Autoregression } = {
  slow: { deviation: 0.28, memory: 250 },
  fast: { deviation: 0.42, memory: 3.5 },
};

/** Degrees of freedom of the Student-t shocks. */
export const TAIL: { common: number; own: number } = { common: 7, own: 6 };

/** Within a bar the price swings a little more than a Brownian path of the bar's own variance would. */
export const INTRABAR_EXCESS = 1.09;

/** Log volume: exponents of the bar's volatility, the size of its shocks and its |return|, and two memories of its own. */
export const VOLUME: {
  volatility: number;
  shock: number;
  move: number;
  slow: Autoregression;
  fast: Autoregression;
} = {
  volatility: 1.2,
  shock: 1.4,
  move: 0.3,
  slow: { deviation: 0.32, memory: 400 },
  fast: { deviation: 0.22, memory: 10 },
};

/** Relative size by hour of the day, UTC, and on Saturday and Sunday: of |return| and of volume. */
export const SEASON: {
  move: readonly number[];
  volume: readonly number[];
  moveWeekend: number;
  volumeWeekend: number;
} = {
  move: [
    1.07, 1.13, 1.01, 0.88, 0.85, 0.84, 0.86, 0.9, 0.95, 0.84, 0.85, 0.8, 0.92, 1.24, 1.47, 1.31, 1.13, 1.14,
    1.04, 1.02, 1.01, 0.96, 0.95, 0.82,
  ],
  volume: [
    0.94, 0.94, 0.84, 0.73, 0.7, 0.71, 0.77, 0.84, 0.91, 0.86, 0.86, 0.84, 1.1, 1.43, 1.76, 1.54, 1.34, 1.2,
    1.07, 1.01, 1.02, 0.86, 0.8, 0.72,
  ],
  moveWeekend: 0.68,
  volumeWeekend: 0.7,
};

/** One asset of the simulation. */
export interface Asset {
  /** Price before the first bar, in USDT. */
  price: number;
  /** Long-run volatility of a year of 365 days. */
  annualVolatility: number;
  /** Correlation of its return with the common factor. */
  common: number;
  /** Typical volume of a bar, in units of the base asset. */
  volume: number;
}

const KNOWN: Readonly<Record<string, Asset>> = {
  BTCUSDT: { price: 42_300, annualVolatility: 0.49, common: 0.92, volume: 4_200 },
  ETHUSDT: { price: 2_280, annualVolatility: 0.68, common: 0.87, volume: 48_000 },
  SOLUSDT: { price: 101, annualVolatility: 0.92, common: 0.83, volume: 450_000 },
};

/** The asset of a symbol: BTCUSDT, ETHUSDT and SOLUSDT as in life, any other drawn from `key` and its name. */
export function asset(symbol: string, key: Key): Asset {
  const known = KNOWN[symbol];
  if (known) return known;
  const draw = stream(fold(key, "asset", symbol));
  const price = Math.exp(2 * draw.normal());
  const annualVolatility = 0.6 + 0.6 * draw.uniform();
  return { price, annualVolatility, common: 0.65 + 0.2 * draw.uniform(), volume: 2e6 / price };
}
