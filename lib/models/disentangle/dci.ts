/** Disentanglement, completeness and informativeness from a matrix of importances. */
import { correlation, fromRows, sum, symmetricEigen, variance } from "../../core/index.js";
import { checkLabelled, type LabelledLatents } from "./labelledLatents.js";

export interface Dci {
  /** 1 where each latent serves one factor; latents count by their share of the importance. */
  readonly disentanglement: number;
  /** 1 where each factor is served by one latent; factors count by their share of the importance. */
  readonly completeness: number;
  /** [K] 1 − entropy of a latent's importances, base F. */
  readonly perCode: Float64Array;
  /** [F] 1 − entropy of a factor's importances, base K. */
  readonly perFactor: Float64Array;
  /** [K][F] */
  readonly importance: readonly Float64Array[];
}

/** Keeps the logarithm of nothing finite, as the reference does. */
const TRACE = 1e-11;

/**
 * D and C of importances [K][F] ≥ 0. A latent without importance has no weight; a matrix of zeros scores 0.
 * @throws RangeError when there are fewer than two latents or factors, or an importance is negative or not finite.
 * @see Eastwood & Williams 2018, section 2.3
 */
export function dciFromImportance(importance: readonly Float64Array[]): Dci {
  checkImportance(importance);
  const columns = importance[0]!.map((_, f) => f);
  const perCode = Float64Array.from(importance, concentration);
  const byFactor = Array.from(columns, (f) => Float64Array.from(importance, (row) => row[f]!));
  const perFactor = Float64Array.from(byFactor, concentration);
  return {
    disentanglement: weighted(perCode, importance.map(sum)),
    completeness: weighted(perFactor, byFactor.map(sum)),
    ...{ perCode, perFactor, importance },
  };
}

/** What a linear reading of the factors finds. */
export interface LinearDci extends Dci {
  /** [F] share of the factor's variance that the line leaves: the error of the paper's "informativeness". */
  readonly error: Float64Array;
}

/**
 * D and C from the absolute coefficients of a regression of each standardised factor on all standardised latents.
 *
 * Classes are taken as numbers. Latents that say the same share the weight, so that D falls where trees would leave it at 1.
 * @throws RangeError when the columns make no sense.
 */
export function linearDci(data: LabelledLatents): LinearDci {
  checkLabelled(data);
  const alive = data.codes.map((code) => variance(code) > 0);
  const between = (a: ArrayLike<number>, b: ArrayLike<number>) => (a === b ? 1 : correlation(a, b));
  const gram = fromRows(
    data.codes.map((a, i) => data.codes.map((b, j) => (alive[i] && alive[j] ? between(a, b) : 0))),
  );
  const cross = data.factors.map((factor) =>
    data.codes.map((code, k) => (alive[k] && variance(factor) > 0 ? correlation(code, factor) : 0)),
  );
  const { values, vectors } = symmetricEigen(gram);
  const solve = (right: readonly number[]): number[] => {
    // the shortest solution where latents repeat each other
    const along = Array.from(values, (value, i) => {
      const part = right.reduce((total, r, k) => total + r * vectors.get(k, i), 0);
      return value > 1e-12 * values[0]! ? part / value : 0;
    });
    return right.map((_, k) => along.reduce((total, a, i) => total + a * vectors.get(k, i), 0));
  };
  const solutions = cross.map(solve);
  const importance = data.codes.map((_, k) => Float64Array.from(solutions, (w) => Math.abs(w[k]!)));
  const error = Float64Array.from(
    cross,
    (right, f) => 1 - right.reduce((total, r, k) => total + r * solutions[f]![k]!, 0),
  );
  return { ...dciFromImportance(importance), error };
}

/** 1 − entropy of the shares of `importance`, with its length as the base. */
function concentration(importance: Float64Array): number {
  const lifted = importance.map((value) => value + TRACE);
  const total = sum(lifted);
  const entropy = -sum(lifted.map((value) => (value / total) * Math.log(value / total)));
  return 1 - entropy / Math.log(importance.length);
}

function weighted(scores: Float64Array, weights: readonly number[]): number {
  const total = sum(weights);
  return total > 0 ? sum(scores.map((score, i) => (score * weights[i]!) / total)) : 0;
}

function checkImportance(importance: readonly Float64Array[]): void {
  const factors = importance[0]?.length ?? 0;
  if (importance.length < 2 || factors < 2)
    throw new RangeError(
      `importance: expected at least 2 codes and 2 factors, got ${importance.length} and ${factors}`,
    );
  importance.forEach((row, k) => {
    if (row.length !== factors)
      throw new RangeError(`importance[${k}]: expected ${factors} values, got ${row.length}`);
    row.forEach((value, f) => {
      if (!(value >= 0 && Number.isFinite(value)))
        throw new RangeError(`importance[${k}][${f}]: expected a number of at least 0, got ${value}`);
    });
  });
}
