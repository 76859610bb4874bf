/**
 * The numbers of the simulated market, set so that its hourly bars have the stylised facts of Bybit's perpetuals from
 * December 2023 to October 2025. Memories and durations are in hours, sizes in units of the asset's long-run volatility of a bar.
 */

/** One hidden state of the market: how long it lasts, how turbulent it is, where it leads, how often it crashes. */
export interface Regime {
  name: string;
  /** Expected length in hours; what follows is either of the others with equal chance. */
  duration: number;
  /** Added to the log volatility. */
  logVolatility: number;
  /** Mean return of an hour, in units of the asset's long-run volatility of an hour. */
  drift: number;
  /** Crashes an hour. */
  crashes: number;
}

export const REGIMES: readonly Regime[] = [
  { name: "bear", duration: 240, logVolatility: 0.28, drift: -0.009, crashes: 1 / 500 },
  { name: "sideways", duration: 360, logVolatility: -0.25, drift: 0, crashes: 1 / 1500 },
  { name: "bull", duration: 240, logVolatility: 0.05, drift: 0.009, crashes: 1 / 1500 },
];

/** A first-order autoregression: its standard deviation, and the hours in which a shock falls to 1/e. */
export interface Autoregression {
  deviation: number;
  memory: number;
}

/** Log volatility: two memories of the market's, one of the asset's own. */
export const VOLATILITY: {
  slow: Autoregression;
  fast: Autoregression;
  own: Autoregression;
  afterCrash: number;
} = {
  slow: { deviation: 0.26, memory: 330 },
  fast: { deviation: 0.4, memory: 3 },
  own: { deviation: 0.18, memory: 30 },
  /** Added to the fast log volatility of the bars that follow a crash; it fades with the fast memory. */
  afterCrash: 0.4,
};

/** Degrees of freedom of the Student-t shocks: the market's, a sector's, an asset's own. */
export const TAIL: { common: number; sector: number; own: number } = { common: 9, sector: 8, own: 7 };

/** A crash: a fall of every asset by `least` plus an exponential of mean `more`, in standard deviations of the bar. */
export const CRASH: { least: number; more: number } = { least: 2.5, more: 1 };

/** Jumps of one asset alone, up as often as down: how many an hour, and their standard deviation in those of the bar. */
export const JUMPS: { rate: number; size: number } = { rate: 1 / 500, size: 4 };

/** A state in which the last return goes on (above 0) or turns back (below 0): weight of a state of 1. */
export const PERSISTENCE: Autoregression & { weight: number } = { deviation: 1, memory: 120, weight: 0.015 };

/** Within a bar the price swings a little more than a Brownian path of the bar's own variance would. */
export const INTRABAR: { excess: number; state: Autoregression } = {
  excess: 1.075,
  state: { deviation: 0.06, memory: 24 },
};

/** Log volume: exponents of the bar's volatility, the size of its shocks and its range, and two memories of its own. */
export const VOLUME: {
  volatility: number;
  shock: number;
  swing: number;
  slow: Autoregression;
  fast: Autoregression;
} = {
  volatility: 1.15,
  shock: 1.4,
  swing: 0.25,
  slow: { deviation: 0.32, memory: 400 },
  fast: { deviation: 0.25, memory: 4 },
};

/**
 * Takers' side: (buys − sells) / volume = response · r / scale + surprise, where scale is the trailing volatility and the surprise
 * has mean 0 and standard deviation `surprise`; the next return follows the surprise with weight `weight` of its deviation.
 */
export const FLOW: { response: number; surprise: number; weight: number } = {
  response: 0.06,
  surprise: 0.12,
  weight: 0.03,
};

/** Quotes: how spread and depth answer log volatility, their noise, and how far the book leans with the surprise of the flow. */
export const ORDER_BOOK: { spread: number; depth: number; noise: number; lean: number } = {
  spread: 0.6,
  depth: -0.7,
  noise: 0.25,
  lean: 0.5,
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
  volumeWeekend: 0.57,
};
