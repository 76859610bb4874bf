/** Networks of a sweep against principal components, by how well single dimensions match single factors. */
import { mean, standardDeviation, studentQuantile } from "../../../core/index.js";
import type { FactorMatches } from "./studyMatches.js";

/** One β: a row of a table. */
export type MatchRow = {
  readonly beta: number;
  readonly networks: number;
  /** Mutual information gap: mean, smallest and largest over the networks. */
  readonly mig: number;
  readonly least: number;
  readonly most: number;
  /** The mean less the gap of the principal components, and half of its 95 % interval over the networks (Student's t). */
  readonly gain: number;
  readonly half: number;
};

/**
 * The mutual information gap of each β, and its gain over principal components with an interval over seeds.
 *
 * The interval is that of one β: the best of several βs has been chosen, and its gain is too high on average.
 */
export function matchTable({ networks, components }: FactorMatches): MatchRow[] {
  const betas = [...new Set(networks.map(({ beta }) => beta))];
  return betas.map((beta) => {
    const gaps = networks.filter((own) => own.beta === beta).map(({ mig }) => mig);
    const error = standardDeviation(gaps) / Math.sqrt(gaps.length);
    return {
      ...{ beta, networks: gaps.length, mig: mean(gaps) },
      ...{ least: Math.min(...gaps), most: Math.max(...gaps) },
      gain: mean(gaps) - components.mig,
      half: gaps.length > 1 ? studentQuantile(0.975, gaps.length - 1) * error : Number.NaN,
    };
  });
}
