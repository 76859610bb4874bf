/** A factor model beside the stream: the risk that it announces at each close, and what came. */
import { type Bars, checkLength } from "../core/index.js";
import { marketScaleStream, type ReturnDataset, returnMatrix, wholeRows } from "../features/index.js";
import { type FactorScenarios, factorMonitor } from "../models/factor/index.js";
import type { FactorStudy } from "../models/study/index.js";

/** Settings of `riskAlong`. */
export interface RiskOptions {
  /** [A] of the portfolio, held at each open. */
  readonly weights: ArrayLike<number>;
  /** Probability of the loss that is announced. */
  readonly tail: number;
  readonly scenarios: FactorScenarios;
  /** Closes before it are for the scale alone, UTC milliseconds. */
  readonly from: number;
}

/** Reading at a close. */
export interface RiskRow {
  /** UTC milliseconds. */
  readonly time: number;
  /** Log return of the portfolio over the bar. */
  readonly came: number;
  /** Value at risk of the bar, announced at the close before. */
  readonly announced: number;
  /** −log density of the bar's returns beside their factors, nats. */
  readonly surprise: number;
}

/**
 * Readings of the first network of a factor study at each close from the second one after `from` on; scale and model know nothing of later bars.
 * @param returns  the data set of the study, whose scale was fitted on its training part
 * @throws RangeError when there is not one weight an asset, or as `factorMonitor`.
 */
export function riskAlong(
  study: FactorStudy,
  returns: ReturnDataset,
  bars: readonly Bars[],
  { weights, tail, scenarios, from }: RiskOptions,
): RiskRow[] {
  const { names, unit, scaleModel, stepMs } = returns;
  const width = names.length;
  checkLength("weights", weights, width);
  const monitor = factorMonitor(study.networks[0]!, { weights, unit, tail, scenarios });
  const scale = marketScaleStream(scaleModel);
  const { time, values } = wholeRows(returnMatrix(bars, "log"));
  const rows: RiskRow[] = [];
  let announced = Number.NaN;
  time.forEach((close, t) => {
    const own = values.subarray(t * width, (t + 1) * width);
    const expected = scale.expect(close - stepMs);
    scale.push(close - stepMs, own);
    if (close < from) return;
    const scaled = own.map((r, a) => r / (expected * unit[a]!));
    const { valueAtRisk, surprise } = monitor(scaled, scale.expect(close));
    const came = own.reduce((total, r, a) => total + weights[a]! * r, 0);
    rows.push({ time: close, came, announced, surprise });
    announced = valueAtRisk;
  });
  return rows.slice(1);
}
