/** The small predictable edge of the simulated market: causal features of one asset, and what they are worth. */

/** Trailing bars of the scale and of the volume's mean and deviation: a week of hours. */
export const EDGE_WINDOW = 168;

/** Last hour reverts, the day's trend and the hour's signed volume go on. In units of trailing volatility. */
export const EDGE: Readonly<Record<"return1h" | "momentum24h" | "signedVolume", number>> = {
  return1h: -0.037,
  momentum24h: 0.016,
  signedVolume: 0.035,
};

/** What is known at the close of a bar. */
export interface Known {
  /** Root mean square of the last EDGE_WINDOW log returns. */
  scale: number;
  /** Mean of the next log return that the edge gives. */
  mean: number;
}

/**
 * Scale and edge at the close of bar `t`, from bars t − 167 … t alone; the features are defined in truth.ts.
 * @param returns    [T] log returns; t ≥ 168, so that the first, which has no close before it, stays outside
 * @param logVolume  [T]
 */
export function knownAt(returns: Float64Array, logVolume: Float64Array, t: number): Known {
  const from = t - EDGE_WINDOW + 1;
  let [square, volume, day] = [0, 0, 0];
  for (let i = from; i <= t; i++) {
    square += returns[i]! ** 2;
    volume += logVolume[i]!;
  }
  for (let i = t - 23; i <= t; i++) day += returns[i]!;
  const centre = volume / EDGE_WINDOW;
  let spread = 0;
  for (let i = from; i <= t; i++) spread += (logVolume[i]! - centre) ** 2;
  const surprise = (logVolume[t]! - centre) / Math.sqrt(spread / (EDGE_WINDOW - 1));
  const scale = Math.sqrt(square / EDGE_WINDOW);
  const last = returns[t]!;
  const score = EDGE.return1h * (last / scale) + EDGE.momentum24h * (day / (scale * Math.sqrt(24)));
  return { scale, mean: scale * (score + EDGE.signedVolume * Math.sign(last) * surprise) };
}
