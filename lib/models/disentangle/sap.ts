/** The separated attribute predictability. */
import { correlation, mean, variance } from "../../core/index.js";
import { checkLabelled, type LabelledLatents } from "./labelledLatents.js";
import { topGaps } from "./mig.js";

/** The separated attribute predictability with its parts. */
export interface SeparatedPredictability {
  /** Mean over the factors of the gap. */
  readonly sap: number;
  readonly perFactor: Float64Array;
  /** [K][F] squared correlations; 0 for a constant latent. */
  readonly rSquared: readonly Float64Array[];
}

/**
 * The separated attribute predictability: R² of each factor on its best latent, by a straight line, less that on the next best.
 *
 * Classes are taken as numbers, in their order; what is not linear is not seen.
 * @throws RangeError when the columns make no sense or there are fewer than two latents.
 * @see Kumar, Sattigeri & Balakrishnan 2018, section 3
 */
export function separatedPredictability(data: LabelledLatents): SeparatedPredictability {
  checkLabelled(data);
  const rSquared = data.codes.map((code) =>
    Float64Array.from(data.factors, (factor) =>
      variance(code) > 0 && variance(factor) > 0 ? correlation(code, factor) ** 2 : 0,
    ),
  );
  const perFactor = topGaps(rSquared);
  return { sap: mean(perFactor), perFactor, rSquared };
}
