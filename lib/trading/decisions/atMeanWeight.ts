/** Position rules brought to one level, so that they differ in when they are large and not in how large they are. */
import { checkPositive, type Forecast, forecastRows, mean } from "../../core/index.js";
import { type PositionRule, positionWeight } from "./rules.js";

/**
 * The rule times the factor that makes its mean weight over the forecast's rows `weight`.
 * @param forecast  of a part that decides nothing else, such as the validation part
 * @throws RangeError when `weight` is not positive, or the rule's weights are all zero.
 */
export function atMeanWeight(rule: PositionRule, forecast: Forecast, weight: number): PositionRule {
  checkPositive("weight", weight);
  const average = mean(forecastRows(forecast).map((row) => positionWeight(row, rule)));
  checkPositive("mean weight of the rule", average);
  return (row) => (weight / average) * positionWeight(row, rule);
}
