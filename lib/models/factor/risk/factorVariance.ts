/** Sources of a portfolio's variance when a decoder bends: factors, what a straight line misses, and the assets' own. */
import {
  checkCount,
  checkFinite,
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  Matrix,
  mean,
  solveCholesky,
  variance,
} from "../../../core/index.js";
import type { PlainVae } from "../../vae/plainVae.js";
import { decodeAll, type FactorScenarios } from "./factorScenarios.js";

/** Shares of the variance of wᵀx. Factors, residual and own add to one; so do the assets. */
export interface FactorVariance {
  readonly variance: number;
  /** [K] Euler's shares of the best linear approximation: squares where the factors of the draws are uncorrelated, else of either sign. */
  readonly factorShares: Float64Array;
  /** Of what bends: 0 for a linear decoder. */
  readonly residualShare: number;
  readonly ownShare: number;
  /** [A] */
  readonly assetShares: Float64Array;
  /** [K] return of the portfolio for a unit of each factor, on average. */
  readonly exposure: Float64Array;
}

/**
 * wᵀf(z) is regressed on z over the scenarios: what is left is uncorrelated with every factor, so that the shares add up exactly.
 *
 * The variance of the assets' own parts is taken from the model and not from the draws.
 * @param weights      [A] in the unit of the scenarios
 * @param ownVariance  [A]
 * @throws RangeError when a length is wrong or the portfolio has no variance.
 */
export function factorVariance(
  weights: ArrayLike<number>,
  scenarios: Pick<FactorScenarios, "systematic" | "factors" | "assets" | "latents">,
  ownVariance: ArrayLike<number>,
): FactorVariance {
  const { systematic, factors, assets, latents } = scenarios;
  checkLength("weights", weights, assets);
  checkFinite("weights", weights);
  checkLength("ownVariance", ownVariance, assets);
  const portfolio = centred(weightedReturns(weights, systematic));
  const moments = crossMoments(factors, factors, latents, latents);
  const shared = crossMoments(factors, portfolio, latents, 1).to1DArray();
  const exposure = solveCholesky(cholesky(moments, "factor moments"), columnVector(shared)).to1DArray();
  const own = Float64Array.from(weights, (w, a) => w * w * ownVariance[a]!);
  const moved = crossMoments(portfolio, portfolio, 1, 1).get(0, 0);
  const total = moved + own.reduce((a, b) => a + b, 0);
  checkPositive("variance of the portfolio", total);
  const factorShares = Float64Array.from(exposure, (b, k) => (b * shared[k]!) / total);
  const together = crossMoments(systematic, portfolio, assets, 1).to1DArray();
  const assetShares = Float64Array.from(weights, (w, a) => (w * together[a]! + own[a]!) / total);
  return {
    variance: total,
    factorShares,
    residualShare: moved / total - factorShares.reduce((a, b) => a + b, 0),
    ownShare: (total - moved) / total,
    assetShares,
    exposure: Float64Array.from(exposure),
  };
}

/**
 * Attribution by perturbation: the share of the factors' part of the variance that goes when one factor is held at its mean, [K].
 *
 * Where factors act together these do not add to one.
 * @param z  [S,K] draws of the factors
 * @throws RangeError when there are fewer than two draws or the portfolio has no variance.
 */
export function frozenFactorContributions(
  vae: PlainVae,
  weights: ArrayLike<number>,
  z: Float64Array,
): Float64Array {
  const { latents } = vae;
  checkCount("draws", z.length / latents, 2);
  const spread = (latents: Float64Array) => variance(weightedReturns(weights, decodeAll(vae, latents)));
  const whole = spread(z);
  checkPositive("variance of the portfolio", whole);
  return Float64Array.from({ length: latents }, (_, k) => {
    const centre = mean(z.filter((_, i) => i % latents === k));
    return 1 - spread(z.map((value, i) => (i % latents === k ? centre : value))) / whole;
  });
}

/** Covariances of the columns of x [S,P] and y [S,Q]; in one pass over both. */
function crossMoments(x: Float64Array, y: Float64Array, left: number, right: number): Matrix {
  const rows = x.length / left;
  const products = new Matrix(left, right).to2DArray();
  const [sums, others] = [new Float64Array(left), new Float64Array(right)];
  for (let s = 0; s < rows; s++) {
    for (let q = 0; q < right; q++) others[q]! += y[s * right + q]!;
    for (let p = 0; p < left; p++) {
      const value = x[s * left + p]!;
      sums[p]! += value;
      for (let q = 0; q < right; q++) products[p]![q]! += value * y[s * right + q]!;
    }
  }
  return new Matrix(
    products.map((row, p) =>
      row.map((product, q) => (product - (sums[p]! * others[q]!) / rows) / (rows - 1)),
    ),
  );
}

function centred(values: Float64Array): Float64Array {
  const centre = mean(values);
  return values.map((value) => value - centre);
}

/**
 * The return wᵀx of each row of [S,A]: [S].
 * @throws RangeError when the returns are not whole rows.
 */
export function weightedReturns(weights: ArrayLike<number>, returns: Float64Array): Float64Array {
  const assets = weights.length;
  checkCount("rows", returns.length / assets);
  return Float64Array.from({ length: returns.length / assets }, (_, s) => {
    let total = 0;
    for (let a = 0; a < assets; a++) total += weights[a]! * returns[s * assets + a]!;
    return total;
  });
}
