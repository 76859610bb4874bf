/** The truth of a simulated market, which no real one has. */

/** The part of the mean that past candles alone tell: linear in features anyone can compute. */
export interface Edge {
  /**
   * [K] "return1h", "momentum24h", "signedVolume": columns of the same names in `returnRegression`.
   *
   * With r log returns of closes and t the last closed bar: scale_t = √(mean of r² over the last `window` returns);
   * return1h = r_t / scale_t; momentum24h = (sum of the last 24 r) / (scale_t √24); signedVolume = sign(r_t) times
   * (log volume_t less its mean over the last `window` bars) / (its sample standard deviation over them).
   */
  names: readonly string[];
  /** [K] the mean of r_{t+1} / scale_t is Σ_k coefficients[k] · feature_k(t), flow and hidden parts apart. */
  coefficients: Float64Array;
  /** Trailing bars of scale and volume; the edge starts at the first bar for which they exist. */
  window: number;
  /** Expected correlation of that sum with r_{t+1} / scale_t on this path, all assets pooled. */
  ic: number;
}

/** The part of the mean that the tape tells beyond the candles. */
export interface FlowEdge {
  /** (buys − sells) / volume of bar t = response · return1h + deviation · surprise_t, the surprise white and of unit variance. */
  response: number;
  deviation: number;
  /** The mean of r_{t+1} / scale_t gains coefficient · surprise_t. */
  coefficient: number;
  /** Expected correlation of that with r_{t+1} / scale_t on this path, all assets pooled. */
  ic: number;
}

/** The hidden part of a simulated market. A bar's log return is its mean + volatility · a shock of unit variance. */
export interface Truth {
  /** [T] index into `regimeNames`. */
  regime: Uint8Array;
  regimeNames: readonly string[];
  /** [T,A] mean of the bar's log return given all before it and its hidden state: what the best informed forecaster says. */
  mean: Float64Array;
  /** [T,A] the part of the mean that past candles and tape tell; the rest needs the hidden regime and persistence. */
  forecast: Float64Array;
  /** [T,A] standard deviation of the bar's log return, given the hidden state of the bar. */
  volatility: Float64Array;
  /** [T] log volatility relative to the long run, hours of the day apart, and the slow and the fast part of it. */
  logVolatility: Float64Array;
  slowVolatility: Float64Array;
  fastVolatility: Float64Array;
  /** [T] unit normal in the long run: above 0 the last return goes on, below it turns back. */
  persistence: Float64Array;
  /** [T] log of how far the price swings within a bar beyond a Brownian path, relative to its long run. */
  range: Float64Array;
  /** [T,A] slow part of the log volume. */
  volume: Float64Array;
  /** [T] volatility of the market factor, of mean square 1 in the long run: an asset's own may swing around it. */
  marketVolatility: Float64Array;
  /** [T] the market factor: that volatility times a shock of unit variance. */
  factor: Float64Array;
  /** [T] 1 where the market crashed; [T,A] 1 where the asset alone jumped. */
  crash: Uint8Array;
  jump: Uint8Array;
  /** [T,S] shocks of the sectors' factors. */
  sectorFactors: Float64Array;
  sectorNames: readonly string[];
  /** [A] index into `sectorNames`. */
  sector: Uint8Array;
  /** [A] log return for a unit of the factor, the asset's own swings of volatility apart: on average; below 0, above 0 (crashes apart). */
  loadings: Float64Array;
  downLoadings: Float64Array;
  upLoadings: Float64Array;
  /** [A] log return for a unit of the own sector's factor. */
  sectorLoadings: Float64Array;
  /** [A,A] correlation of the shocks in the long run. */
  correlation: Float64Array;
  /** Expected correlation with the log returns on this path, all assets pooled: of `mean`, and of `forecast`. */
  ic: number;
  forecastIc: number;
  edge: Edge;
  flow: FlowEdge;
}

/**
 * Correlation to expect between `forecast` and outcomes that have the given conditional means and variances.
 *
 * It averages over the shocks but not over the path of means and variances. All are [N].
 */
export function expectedCorrelation(
  forecast: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
): number {
  const count = forecast.length;
  let [sumF, sumM, sumFF, sumFM, sumMM] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [f, m] = [forecast[i]!, mean[i]!];
    sumF += f;
    sumM += m;
    sumFF += f * f;
    sumFM += f * m;
    sumMM += m * m + variance[i]!;
  }
  const spread = (sumFF - (sumF * sumF) / count) * (sumMM - (sumM * sumM) / count);
  return spread > 0 ? (sumFM - (sumF * sumM) / count) / Math.sqrt(spread) : 0;
}
