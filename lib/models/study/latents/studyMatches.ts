/** Latent dimensions of each network matched with factors that are known, beside principal components. */
import { checkLength, variance } from "../../../core/index.js";
import { classEntropy } from "../../../prob/divergences/index.js";
import { replicaLatents } from "../../disentangle/activeDimensions.js";
import { latentColumns, quantileClasses } from "../../disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../disentangle/mig.js";
import { principalComponents, principalScores } from "../../factor/linear/pca.js";
import { encodeRows } from "../../vae/latents.js";
import type { Vae } from "../../vae/vae.js";
import type { NetworkSettings, StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

/** Columns of latent values against known factors. */
export interface FactorMatch {
  /** Mutual information gap: 1 for one dimension a factor, near 0 for an arbitrary mixture. */
  readonly mig: number;
  /** [K][F] fraction of each factor's entropy that each dimension tells. */
  readonly fractions: readonly Float64Array[];
}

/** Latent dimensions matched with known factors. */
export interface FactorMatches {
  /** [R] one a network, by its posterior means. */
  readonly networks: readonly (FactorMatch & NetworkSettings)[];
  /** As many principal components of the training part as there are factors. */
  readonly components: FactorMatch;
}

/**
 * Mutual information of latent dimensions and factors on a part, for every network and for principal components.
 *
 * A dimension whose posterior means have a variance of at most 0.01 is inactive and counts as telling nothing.
 * @param factors  F columns [N] of the part, cut into `classes` of equal size, 10 by default
 * @throws RangeError when a factor is of another length than the part.
 * @see Chen, Li, Grosse & Duvenaud 2018
 */
export function factorMatches(
  fit: StudyFit<Vae>,
  part: StudyPart,
  factors: readonly Float64Array[],
  classes = 10,
): FactorMatches {
  for (const [f, factor] of factors.entries()) checkLength(`factors[${f}]`, factor, part.rows);
  const match = matcherOf(factors, classes);
  const all = fit.encode(part);
  const { latents } = fit.model.network;
  return {
    networks: fit.settings.map((settings, r) => ({
      ...settings,
      ...match(latentColumns(replicaLatents(all, r).mean, latents).map(withoutInactive)),
    })),
    components: componentMatch(fit.data.train, part, factors, classes),
  };
}

/**
 * Mutual information of known factors of a part and as many principal components of the training part.
 * @param factors  F columns [N] of the part
 * @throws RangeError as `factorMatches`.
 */
export function componentMatch(
  train: StudyPart,
  part: StudyPart,
  factors: readonly Float64Array[],
  classes = 10,
): FactorMatch {
  for (const [f, factor] of factors.entries()) checkLength(`factors[${f}]`, factor, part.rows);
  return matcherOf(factors, classes)(linearScores(train, part, Math.max(2, factors.length)));
}

/** Matches columns of latent values with the factors, each cut into classes. */
function matcherOf(
  factors: readonly Float64Array[],
  classes: number,
): (codes: readonly Float64Array[]) => FactorMatch {
  const labels = factors.map((factor) => quantileClasses(factor, classes));
  return (codes) => {
    const { mig, information } = mutualInformationGap({ codes, factors: labels });
    return {
      mig,
      fractions: information.map((row) => row.map((nats, f) => nats / classEntropy(labels[f]!))),
    };
  };
}

/** Variance of posterior means at which a dimension is inactive. */
const INACTIVE = 0.01;

/** The column, or zeros where it hardly varies: beside a posterior of variance 1 such means tell nothing, whatever their ranks. */
function withoutInactive(column: Float64Array): Float64Array {
  return variance(column) > INACTIVE ? column : column.map(() => 0);
}

/**
 * Posterior means of a part by one network, a column [N] for each dimension whose means have a variance above 0.01.
 * @throws RangeError when there is no such network.
 */
export function activeLatents(
  fit: StudyFit<Vae>,
  part: StudyPart,
  { network: index = 0 }: { readonly network?: number } = {},
): Float64Array[] {
  const { model, weights } = fit.network(index);
  const { mean } = encodeRows(model.network, weights, part.x);
  return latentColumns(mean, model.network.latents).filter((column) => variance(column) > INACTIVE);
}

/**
 * Scores of a part on the first principal components of the training part, `count` columns [N].
 * @throws RangeError when there are fewer columns than components.
 */
export function linearScores(train: StudyPart, part: StudyPart, count: number): Float64Array[] {
  const spectrum = principalComponents(Float64Array.from(train.x), train.x.length / train.rows);
  return latentColumns(principalScores(spectrum, Float64Array.from(part.x), count), count);
}
