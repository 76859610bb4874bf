/** Two estimates of a gradient beside the gradient itself. */
import { checkLength, mean, variance } from "../../../core/index.js";
import { type GradientDraws, gradientColumn } from "./gradientEstimators.js";

/** One parameter: its slope, and mean and variance of the one-draw estimates by both methods. */
export type GradientRow = {
  readonly parameter: string;
  readonly "by differences": number;
  readonly score: number;
  readonly reparameterised: number;
  readonly "variance of score": number;
  readonly "variance of reparameterised": number;
};

/**
 * A row a parameter of a mean-field Gaussian over P weights, the means first.
 * @param slopes  name → slope, in the order of the estimates, [2P]
 * @throws RangeError when there is another number of slopes.
 */
export function gradientRows(
  { score, pathwise }: GradientDraws,
  slopes: Readonly<Record<string, number>>,
  dimension: number,
): GradientRow[] {
  const named = Object.entries(slopes);
  checkLength("slopes", named, 2 * dimension);
  return named.map(([parameter, slope], i) => {
    const byScore = gradientColumn(score, dimension, i);
    const byPath = gradientColumn(pathwise, dimension, i);
    return {
      ...{ parameter, "by differences": slope, score: mean(byScore), reparameterised: mean(byPath) },
      ...{ "variance of score": variance(byScore), "variance of reparameterised": variance(byPath) },
    };
  });
}
