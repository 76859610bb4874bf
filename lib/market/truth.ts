/** What is known of a simulated market and of no real one. */

/** The part of the mean that past bars alone tell: linear in features anyone can compute. */
export interface Edge {
  /**
   * [K] "return1h", "momentum24h", "signedVolume": columns of the same names in `returnRegression`.
   *
   * With r log returns of closes and t the last closed bar: scale_t = √(mean of r² over the last `window` returns);
   * return1h = r_t / scale_t; momentum24h = (sum of the last 24 r) / (scale_t √24); signedVolume = sign(r_t) times
   * (log volume_t less its mean over the last `window` bars) / (its sample standard deviation over them).
   */
  names: readonly string[];
  /** [K] the mean of r_{t+1} / scale_t is Σ_k coefficients[k] · feature_k(t), drift apart. */
  coefficients: Float64Array;
  /** Trailing bars of scale and volume; the edge starts at the first bar for which they exist. */
  window: number;
  /** Expected correlation of that sum with r_{t+1} / scale_t on this path, all assets pooled. */
  ic: number;
}

/** The hidden part of a simulated market. A bar's return is mean + loading · factor + the asset's own shock. */
export interface Truth {
  /** [T] index into `regimeNames`. */
  regime: Uint8Array;
  regimeNames: readonly string[];
  /** [T,A] mean of the bar's log return, given all bars before it and its regime: drift plus edge. */
  mean: Float64Array;
  /** [T,A] the part of the mean that the regime gives, which past bars hardly tell. */
  drift: Float64Array;
  /** [T,A] standard deviation of the bar's log return, given the hidden state of the bar. */
  volatility: Float64Array;
  /** [T] shock of the common factor, of unit variance in the long run. */
  factor: Float64Array;
  /** [A] log return for a unit of the factor. */
  loadings: Float64Array;
  /** Expected correlation of `mean` with the log returns on this path, all assets pooled. */
  ic: number;
  edge: Edge;
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
