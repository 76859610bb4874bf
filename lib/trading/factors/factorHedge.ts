/** Exposures to factors, which instrument hedges which factor, and a hedge that takes one exposure away and leaves the others. */
import {
  checkCount,
  checkFinite,
  checkLength,
  cholesky,
  columnVector,
  covariance,
  fromRows,
  type Matrix,
  mean,
  solveCholesky,
  variance,
} from "../../core/index.js";

/** Slopes of returns on factors: r = intercept + B f + e. */
export interface Exposures {
  /** [A,F] return for a unit of each factor, the others held. */
  readonly slopes: Matrix;
  /** [A] variance of what the factors leave. */
  readonly ownVariance: Float64Array;
  /** [A] share of the variance that the factors explain. */
  readonly explained: Float64Array;
}

/**
 * Exposures by least squares with an intercept, all factors together.
 * @param returns  A columns [T]
 * @param factors  F columns [T] over the same bars
 * @throws RangeError when lengths differ, a value is not finite, a return does not vary, or a factor follows from the others.
 */
export function factorExposures(
  returns: readonly Float64Array[],
  factors: readonly Float64Array[],
): Exposures {
  checkCount("returns", returns.length);
  checkCount("factors", factors.length);
  const bars = factors[0]!.length;
  for (const [name, columns] of Object.entries({ returns, factors }))
    columns.forEach((x, i) => {
      checkLength(`${name}[${i}]`, x, bars);
      checkFinite(`${name}[${i}]`, x);
    });
  const lower = cholesky(fromRows(factors.map((a) => factors.map((b) => covariance(a, b)))), "factors");
  const slopes = returns.map((r) =>
    solveCholesky(lower, columnVector(factors.map((f) => covariance(r, f)))).to1DArray(),
  );
  const centred = factors.map((f) => f.map((v) => v - mean(f)));
  const own = Float64Array.from(returns, (r, a) =>
    variance(r.map((v, t) => v - slopes[a]!.reduce((total, b, k) => total + b * centred[k]![t]!, 0))),
  );
  return {
    slopes: fromRows(slopes),
    ownVariance: own,
    explained: own.map((v, a) => 1 - v / variance(returns[a]!)),
  };
}

/**
 * Exposures of a portfolio, [F]: its return for a unit of each factor, the weighted sum of its instruments' slopes.
 * @param weights  [A]
 * @throws RangeError when there is not one finite weight an instrument.
 */
export function portfolioExposures(
  weights: ArrayLike<number>,
  { slopes }: Pick<Exposures, "slopes">,
): Float64Array {
  checkLength("weights", weights, slopes.rows);
  checkFinite("weights", weights);
  const held = Array.from(weights);
  return Float64Array.from({ length: slopes.columns }, (_, factor) =>
    held.reduce((total, w, a) => total + w * slopes.get(a, factor), 0),
  );
}

/** An instrument as a hedge of a factor. */
export type HedgeInstrument = {
  readonly instrument: number;
  /** Return for a unit of the factor. */
  readonly slope: number;
  /** Share of the instrument's variance that the factor alone brings: 1 for a perfect hedge, 0 for one that moves by other things. */
  readonly purity: number;
};

/**
 * Instruments by how purely they move with one factor, the purest first: what to hedge it with.
 * @param factorVariance  [F]
 * @throws RangeError when there is no such factor.
 */
export function hedgeInstruments(
  { slopes, ownVariance }: Exposures,
  factor: number,
  factorVariance: ArrayLike<number>,
): HedgeInstrument[] {
  checkFactor(slopes, factor);
  checkLength("factorVariance", factorVariance, slopes.columns);
  return Array.from({ length: slopes.rows }, (_, instrument) => {
    const parts = slopes.getRow(instrument).map((b, k) => b * b * factorVariance[k]!);
    const total = parts.reduce((a, b) => a + b, ownVariance[instrument]!);
    return { instrument, slope: slopes.get(instrument, factor), purity: parts[factor]! / total };
  }).sort((a, b) => b.purity - a.purity);
}

/**
 * Weights to add to a portfolio so that its exposure to `factor` becomes zero and all others stay: [A], of least own variance.
 *
 * Exact for the slopes it is given; later slopes differ, so measure what is left on later bars.
 * @param weights  [A] of the portfolio
 * @throws RangeError when there are fewer instruments than factors, or their exposures do not reach every factor.
 */
export function factorHedge(
  weights: ArrayLike<number>,
  { slopes, ownVariance }: Pick<Exposures, "slopes" | "ownVariance">,
  factor: number,
): Float64Array {
  checkFactor(slopes, factor);
  const held = portfolioExposures(weights, { slopes })[factor]!;
  if (slopes.rows < slopes.columns)
    throw new RangeError(
      `instruments: expected at least the ${slopes.columns} factors, got ${slopes.rows}; leave factors out`,
    );
  const cheap = slopes.clone(); // least Σ own variance · h² makes instruments without own risk do the work
  const most = ownVariance.reduce((largest, v) => Math.max(largest, v), 0) || 1;
  for (let a = 0; a < slopes.rows; a++) cheap.mulRow(a, 1 / Math.max(ownVariance[a]! / most, 1e-12));
  const gram = slopes.transpose().mmul(cheap);
  const wanted = Array.from({ length: slopes.columns }, (_, k) => (k === factor ? -held : 0));
  return Float64Array.from(
    cheap
      .mmul(solveCholesky(cholesky(gram.add(gram.transpose()).mul(0.5), "exposures"), columnVector(wanted)))
      .to1DArray(),
  );
}

function checkFactor(slopes: Matrix, factor: number): void {
  if (!(Number.isInteger(factor) && factor >= 0 && factor < slopes.columns))
    throw new RangeError(`factor: expected an integer from 0 to ${slopes.columns - 1}, got ${factor}`);
}
