/** The best of several backtests, charged for how many there were. */
import { checkCount, variance } from "../../core/index.js";
import { type DeflatedSharpe, deflatedSharpe, sharpeMoments } from "./sharpeInference.js";

/** The best of several, and what is left of it. */
export interface DeflatedBest extends DeflatedSharpe {
  /** Which of them. */
  readonly best: number;
  /** Its Sharpe ratio, per bar. */
  readonly sharpe: number;
}

/**
 * The largest Sharpe ratio of several series of returns, and the probability that the true one exceeds what the best of as many without skill would show.
 *
 * The series count as independent trials, which charges too much where they hold much the same.
 * @param returns  at least two series [T]
 * @throws RangeError as `sharpeMoments`, or when there are fewer than two.
 * @see Bailey & López de Prado 2014 (the deflated Sharpe ratio)
 */
export function deflatedBest(returns: readonly Float64Array[]): DeflatedBest {
  checkCount("returns: series", returns.length, 2);
  const moments = returns.map((own) => sharpeMoments(own));
  const ratios = moments.map(({ sharpe }) => sharpe);
  const best = ratios.indexOf(Math.max(...ratios));
  const trials = { variance: variance(ratios), count: ratios.length, source: "independent" as const };
  return { best, sharpe: ratios[best]!, ...deflatedSharpe(moments[best]!, trials) };
}
