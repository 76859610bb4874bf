/** The mutual information gap. */
import { mean } from "../../core/index.js";
import { classEntropy, classMutualInformation, equalWidthBins } from "../../prob/divergences/index.js";
import { checkLabelled, type LabelledLatents } from "./labelledLatents.js";

/** The mutual information gap with its parts. */
export interface MutualInformationGap {
  /** Mean over the factors: 1 where one latent holds each. */
  readonly mig: number;
  /** [F] (largest − second largest information over the latents) / entropy; NaN of a factor with one class. */
  readonly perFactor: Float64Array;
  /** [K][F] nats. */
  readonly information: readonly Float64Array[];
  /** [F] nats. */
  readonly entropy: Float64Array;
}

const BINS = 20;

/**
 * The mutual information gap: the information of the best latent about each factor less that of the next best, as a share of the factor's entropy.
 *
 * Latents are cut into 20 bins of equal width. A factor held by two latents scores 0 although nothing is entangled, and a rotation
 * of the latents lowers it although the bound is the same. Its bias falls with N: judge it by `permutationNull`.
 * @throws RangeError when the columns make no sense or there are fewer than two latents.
 * @see Chen, Li, Grosse & Duvenaud 2018, equation 6; bins as in Locatello et al. 2019
 */
export function mutualInformationGap(data: LabelledLatents): MutualInformationGap {
  checkLabelled(data);
  const binned = data.codes.map((code) => equalWidthBins(code, BINS));
  const information = binned.map((code) =>
    Float64Array.from(data.factors, (factor) => classMutualInformation(code, factor)),
  );
  const entropy = Float64Array.from(data.factors, classEntropy);
  const perFactor = topGaps(information).map((gap, f) => gap / entropy[f]!);
  return { mig: mean(perFactor), perFactor, information, entropy };
}

/** Largest minus second largest of each column of a score [K][F]: [F]. */
export function topGaps(score: readonly Float64Array[]): Float64Array {
  if (score.length < 2) throw new RangeError(`codes: expected at least 2 columns, got ${score.length}`);
  return score[0]!.map((_, f) => {
    const [first, second] = score.map((row) => row[f]!).sort((a, b) => b - a) as [number, number];
    return first - second;
  });
}
