/** The Sharpe ratio that a simulated market's own means and covariances give to what was held: no luck of the path in it. */
import { barsPerYear } from "../../core/index.js";

/** The part of a simulation's truth that is needed, [T,A] row-major and [A,A]. */
export interface KnownMoments {
  readonly mean: Float64Array;
  readonly volatility: Float64Array;
  readonly correlation: Float64Array;
}

/** Shares held, as a ledger has them: one row a close. */
export interface HeldShares {
  readonly weights: { readonly time: Float64Array; readonly values: Float64Array };
  readonly stepMs: number;
}

/**
 * Annual Sharpe ratio before costs of held weights, by the conditional moments of the bars they were held over: each log return has the
 * simulation's mean and volatility, and a simple return's mean is that plus half the variance.
 * @param openTime  [T] of the simulated bars
 * @throws RangeError when a close of the ledger is no close of these bars.
 */
export function trueSharpe(ledger: HeldShares, openTime: Float64Array, truth: KnownMoments): number {
  const { time, values } = ledger.weights;
  const assets = values.length / time.length;
  const first = openTime.indexOf(time[0]! - ledger.stepMs);
  if (first < 0) throw new RangeError(`time: expected closes of the simulated bars, got ${time[0]}`);
  let [gain, risk, count] = [0, 0, 0];
  const deviation = new Float64Array(assets); // of each holding
  for (let row = 0; row + 1 < time.length; row++) {
    const at = (first + row + 1) * assets; // what stands at a close earns the next bar
    let holds = false;
    for (let a = 0; a < assets; a++) {
      const weight = values[row * assets + a]!;
      holds ||= weight !== 0;
      deviation[a] = weight * truth.volatility[at + a]!;
    }
    if (!holds) continue;
    for (let a = 0; a < assets; a++) {
      gain += values[row * assets + a]! * (truth.mean[at + a]! + truth.volatility[at + a]! ** 2 / 2);
      for (let b = 0; b < assets; b++)
        risk += deviation[a]! * deviation[b]! * truth.correlation[a * assets + b]!;
    }
    count++;
  }
  return risk > 0 ? (gain / Math.sqrt(risk * count)) * Math.sqrt(barsPerYear(ledger.stepMs)) : Number.NaN;
}
