/** Distances between a generated set of portfolios and the one it was learned from, Euclidean, in weights. */
import { checkCount, checkPositive } from "../../core/index.js";
import { type PortfolioSet, rowsOf } from "../evaluate/evaluator.js";

/** Portfolio by portfolio: the nearest of another set. */
export interface Nearest {
  /** [N] */
  readonly distance: Float64Array;
  /** [N] index in the other set. */
  readonly index: Uint32Array;
}

/**
 * The nearest portfolio of another set to each of a set.
 * @throws RangeError when the sets differ in assets.
 */
export function nearestPortfolios(set: PortfolioSet, others: PortfolioSet): Nearest {
  if (set.assets !== others.assets)
    throw new RangeError(`assets: expected ${others.assets}, got ${set.assets}`);
  const pool = rowsOf(others);
  const found = rowsOf(set).map((w) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    pool.forEach((other, n) => {
      const squared = squaredDistance(w, other, least);
      if (squared < least) [best, least] = [n, squared];
    });
    return { best, distance: Math.sqrt(least) };
  });
  return {
    distance: Float64Array.from(found, (one) => one.distance),
    index: Uint32Array.from(found, (one) => one.best),
  };
}

/** Distance of each portfolio to the `nth` nearest other of its own set, [N]: how far apart neighbours are. */
export function neighbourDistances(set: PortfolioSet, nth: number): Float64Array {
  const rows = rowsOf(set);
  checkCount("nth", nth);
  if (nth >= rows.length)
    throw new RangeError(`nth: expected less than ${rows.length} portfolios, got ${nth}`);
  return Float64Array.from(rows, (w) => {
    const all = Float64Array.from(rows, (other) => squaredDistance(w, other)).sort();
    return Math.sqrt(all[nth]!); // entry 0 is the portfolio itself
  });
}

/** Shares in [0, 1]; both are about as large as for a second sample of the training set when the generator is perfect. */
export interface SetAgreement {
  /** Share of the generated within the neighbourhood of some training portfolio. */
  readonly precision: number;
  /** Share of training portfolios that have a generated one within their neighbourhood. */
  readonly coverage: number;
  /** Share of the generated that no training portfolio lies closer to than `copyDistance`. */
  readonly novelty: number;
}

/**
 * Precision and coverage by the balls that reach each training portfolio's `neighbours`-th nearest, and novelty.
 * @throws RangeError when assets differ, or there are no more training portfolios than neighbours.
 * @see Naeem et al. 2020 for coverage; Kynkäänniemi et al. 2019 for precision
 */
export function compareSets(
  generated: PortfolioSet,
  training: PortfolioSet,
  { neighbours, copyDistance }: { readonly neighbours: number; readonly copyDistance: number },
): SetAgreement {
  checkPositive("copyDistance", copyDistance);
  const radius = neighbourDistances(training, neighbours);
  const pool = rowsOf(training);
  const toTraining = nearestPortfolios(generated, training);
  const toGenerated = nearestPortfolios(training, generated);
  const inside = rowsOf(generated).filter((w) =>
    pool.some((other, n) => squaredDistance(w, other, radius[n]! ** 2) <= radius[n]! ** 2),
  );
  const share = (count: number, of: number) => count / of;
  return {
    precision: share(inside.length, toTraining.distance.length),
    coverage: share(toGenerated.distance.filter((d, n) => d <= radius[n]!).length, pool.length),
    novelty: share(toTraining.distance.filter((d) => d >= copyDistance).length, toTraining.distance.length),
  };
}

/** Steps along a path through latent space, decoded. */
export interface Smoothness {
  /** Largest change of weights for a unit of the path: a lower bound of the Lipschitz constant. */
  readonly steepest: number;
  readonly mean: number;
  /** Length of the decoded path over the distance of its ends; 1 for a straight one. */
  readonly detour: number;
}

/**
 * The smoothness of decoded weights [N,A] along a path of latents [N,K], both row-major.
 * @throws RangeError when the numbers of portfolios and latents differ, there are fewer than two, or latents repeat.
 */
export function pathSmoothness(set: PortfolioSet, codes: PortfolioSet): Smoothness {
  const [weights, points] = [rowsOf(set), rowsOf(codes)];
  if (weights.length !== points.length || weights.length < 2) {
    throw new RangeError(
      `codes: expected one for each of ${weights.length} portfolios, at least 2, got ${points.length}`,
    );
  }
  const moved = lengths(weights);
  const slopes = lengths(points).map((length, n) => {
    checkPositive(`distance of code ${n} to the next`, length);
    return moved[n]! / length;
  });
  const straight = Math.sqrt(squaredDistance(weights[0]!, weights.at(-1)!));
  const walked = moved.reduce((a, b) => a + b, 0);
  return {
    steepest: slopes.reduce((most, slope) => Math.max(most, slope), 0),
    mean: slopes.reduce((a, b) => a + b, 0) / slopes.length,
    detour: straight > 0 ? walked / straight : Number.NaN,
  };
}

function lengths(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: rows.length - 1 }, (_, n) =>
    Math.sqrt(squaredDistance(rows[n]!, rows[n + 1]!)),
  );
}

/** Σ (a − b)², or any number above `enough` once that is exceeded. */
function squaredDistance(a: Float64Array, b: Float64Array, enough = Number.POSITIVE_INFINITY): number {
  let total = 0;
  for (let i = 0; i < a.length && total <= enough; i++) total += (a[i]! - b[i]!) ** 2;
  return total;
}
