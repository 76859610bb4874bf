/** Weights that are best for a known forecast when trades cost, asset by asset. */
import { type Bars, checkFinite, checkLength, type Panel, standardDeviation } from "../../core/index.js";
import { followBand, noTradeBand } from "./noTradeBand.js";
import { fitSignalChain } from "./signalChain.js";

/** A forecast of one asset, [T] each, known at the close of bar t and of the bar that follows. NaN where there is none. */
export interface ForecastParts {
  /** The part of the mean log return that lasts for many bars. */
  readonly slow: Float64Array;
  /** The part that is gone after the next bar. */
  readonly fast: Float64Array;
}

/** Settings of `costAwareWeights`: cost, risk and the rows that estimate the band. */
export interface CostAwareOptions {
  /** Fee and half a spread of one side, in basis points: what the band is made for. */
  readonly costBps: number;
  /** The first so many bars, on which chains and volatilities are estimated. */
  readonly train: number;
  /** Risk aversion in units of a bar's volatility: the free optimum is mean / (risk · volatility). 0.02 unless given. */
  readonly risk?: number;
  /** Volatility of a bar at a position of 1, as a share of the equity: 0.001 unless given. */
  readonly target?: number;
  /** Quantile bins of the slow and of the fast part: 13 and 5 unless given. */
  readonly bins?: readonly [number, number];
}

/**
 * Weights [T,A] of a no-trade band for each asset by itself: what covaries between assets is left out.
 *
 * Signals are taken in units of the asset's volatility in the training bars; the weight of a position of 1 is `target` over it, and
 * does not vary afterwards.
 * @param parts  [A] in the order of `bars`
 * @throws RangeError when there is not one forecast an asset, of the length of its bars.
 */
export function costAwareWeights(
  bars: readonly Bars[],
  parts: readonly ForecastParts[],
  options: CostAwareOptions,
): Panel {
  const { costBps, train, risk = 0.02, target = 0.001, bins = [13, 5] } = options;
  checkFinite("costBps", [costBps]);
  checkLength("parts", parts, bars.length);
  const { openTime, stepMs } = bars[0]!;
  const values = new Float64Array(openTime.length * bars.length);
  bars.forEach((own, a) => {
    const { slow, fast } = parts[a]!;
    const sigma = standardDeviation(ownReturns(own).subarray(0, train - 1));
    const scaled = [slow, fast].map((part) => part.map((value) => value / sigma));
    const total = scaled[0]!.map((value, t) => value + scaled[1]![t]!);
    const chain = fitSignalChain(scaled, total, { bins, train });
    const band = noTradeBand(chain, { cost: costBps / 1e4 / sigma, risk });
    followBand(band, chain.states).forEach((position, t) => {
      values[t * bars.length + a] = (position * target) / sigma;
    });
  });
  return { time: openTime.map((t) => t + stepMs), names: bars.map(({ symbol }) => symbol), values };
}

/** [T − 1] log returns of closes. */
function ownReturns({ close }: Bars): Float64Array {
  return close.subarray(1).map((price, t) => Math.log(price / close[t]!));
}
