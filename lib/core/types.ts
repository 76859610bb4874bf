/** The types that join the market column (float64) to the inference column (float32 tensors). */

/** Closed candles of one symbol, ascending and equally spaced where no bar is missing. Arrays are [T]. */
export interface Bars {
  symbol: string;
  /** Length of a bar in milliseconds. */
  stepMs: number;
  /** Opening time of each bar, UTC milliseconds. The bar is known at `openTime + stepMs`. */
  openTime: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  /** Traded volume in units of the base asset. */
  volume: Float64Array;
  /** What tape and book showed, where the source tells. */
  flow?: Flow;
}

/** The takers' side of each bar's volume and the best quotes at its close. Arrays are [T]. */
export interface Flow {
  /** Volume that takers bought and sold, in units of the base asset: together the bar's volume. */
  buyVolume: Float64Array;
  sellVolume: Float64Array;
  /** Best prices at the close, and what rests there in units of the base asset. */
  bid: Float64Array;
  ask: Float64Array;
  bidSize: Float64Array;
  askSize: Float64Array;
}

/** Named columns over time, row-major. */
export interface Panel {
  /** [T] when the row is known, UTC milliseconds. */
  time: Float64Array;
  /** [F] column names. */
  names: readonly string[];
  /** [T,F] */
  values: Float64Array;
}

/** The door into the inference column: look-back windows and what followed them. */
export interface Windows {
  /** [N,T,F] */
  x: Float32Array;
  /** [N] the target, known only at `resolvedAt`. */
  y: Float32Array;
  /** [N] index of the asset. */
  asset: Uint16Array;
  /** [N] when the window is complete, UTC milliseconds. */
  decidedAt: Float64Array;
  /** [N] when the target is known, UTC milliseconds. */
  resolvedAt: Float64Array;
}

/** The door out of the inference column: what a model says of each window, in the unit of the target. Arrays are [N]. */
export interface Predictive {
  asset: Uint16Array;
  decidedAt: Float64Array;
  mean: Float64Array;
  /** Variance of the target itself, given the parameters. */
  aleatoric: Float64Array;
  /** Variance of the predicted mean over the posterior of the parameters. */
  epistemic: Float64Array;
}

/** What a backtest leaves behind, one entry a bar. */
export interface Ledger {
  /** Length of a bar in milliseconds. */
  stepMs: number;
  time: Float64Array;
  equity: Float64Array;
  turnover: Float64Array;
  cost: Float64Array;
  funding: Float64Array;
  weights: Panel;
}
