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
  /** What rests at the best five levels of each side at the close, in units of the base asset, where the source tells. */
  bidDepth?: Float64Array;
  askDepth?: Float64Array;
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

/** S draws of a normal prediction of N rows: [S,N] each, row-major. */
export interface NormalDraws {
  /** S */
  readonly draws: number;
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  /**
   * G sets of parameters, such as replicas: draw s is of set s mod G, and draws of one set differ by their latent variables alone. By
   * default each draw is a set of its own, as where weights are drawn.
   */
  readonly parameterSets?: number;
}

/** S draws of the class probabilities of N rows: [S,N,C] row-major. */
export interface ProbabilityDraws {
  /** S */
  readonly draws: number;
  /** C */
  readonly classes: number;
  readonly probability: ArrayLike<number>;
}

/** Mean and variance of the target by the law of total variance, in the unit of the target. Arrays are [N]. */
export interface ForecastMoments {
  readonly mean: Float64Array;
  /** Variance of the target that remains when latent variables and parameters are known. */
  readonly aleatoric: Float64Array;
  /** Variance of the mean over the latent variables, given the parameters; 0 where a model has none. */
  readonly latent: Float64Array;
  /** Variance of the mean over the parameters: drawn weights and replicas. */
  readonly epistemic: Float64Array;
}

/** The door out of the inference column: predictions of the target by asset and time. Arrays are [N] unless said. */
export interface Forecast extends ForecastMoments {
  /** Index of the asset. */
  readonly asset: Uint16Array;
  /** [A] symbols of the assets, where they are known. */
  readonly names?: readonly string[];
  /** When the window is complete, UTC milliseconds. */
  readonly decidedAt: Float64Array;
  /** P(target > 0) of the mixture of the draws, or of the normal distribution where nothing is drawn. */
  readonly probabilityUp: Float64Array;
  /** Mean by the mean weights or the mean of the latents, without a draw: what rows are screened by. */
  readonly atMean?: Float64Array;
  /** The draws, where they are kept. */
  readonly draws?: NormalDraws;
  /** Draws of the probabilities of down, neutral and up, [S,N,3]. */
  readonly classes?: ProbabilityDraws;
}

/** The moments of one row of a forecast. */
export interface RowMoments {
  readonly mean: number;
  readonly aleatoric: number;
  readonly latent: number;
  readonly epistemic: number;
}

/** One row of a forecast. */
export interface ForecastRow extends RowMoments {
  readonly asset: number;
  readonly decidedAt: number;
  readonly probabilityUp: number;
  readonly atMean?: number;
  /** [S] mean of each draw. */
  readonly drawnMeans?: Float64Array;
  /** [S] draws of each class probability. */
  readonly classes?: ClassDraws;
}

/** Draws [S] of each class probability, by name, so that no order of classes need be remembered. */
export interface ClassDraws {
  readonly up: ArrayLike<number>;
  readonly neutral: ArrayLike<number>;
  readonly down: ArrayLike<number>;
}

/** Record of a backtest, one entry a bar. */
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
