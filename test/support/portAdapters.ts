import {
  cholesky,
  columnVector,
  diagonal,
  fromRows,
  type Matrix,
  quadraticForm,
  solveCholesky,
} from "../../lib/core/linalg.js";
import { meanVariance, minimumVariance, variationalPortfolio } from "../../lib/portfolio/meanVariance.js";
import { diversificationRatio, riskShares } from "../../lib/trading/portfolioMoments.js";
import type { Adapter, Inputs } from "./vectors.js";

const covarianceOf = (input: Inputs): Matrix => fromRows(input.matrix("cov"));
const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((total, value, i) => total + value * b[i]!, 0);

/** The weights, which must be allowed. */
function allowed(w: Float64Array): Float64Array {
  if (
    Math.abs(
      inner(
        w,
        w.map(() => 1),
      ) - 1,
    ) > 1e-7 ||
    w.some((x) => x < -1e-7)
  )
    throw new Error(`weights: ${w}`);
  return w;
}

function unconstrained(covariance: Matrix): Float64Array {
  const ones = columnVector(new Float64Array(covariance.rows).fill(1));
  try {
    const solved = solveCholesky(cholesky(covariance), ones).getColumn(0);
    const total = solved.reduce((a, b) => a + b, 0);
    return Float64Array.from(solved, (x) => x / total);
  } catch {
    return new Float64Array(0); // singular: not among what is expected
  }
}

/** The texts' λ has no ½. */
export const portAdapters: Readonly<Record<string, Adapter>> = {
  minVariance(input, reference) {
    const covariance = covarianceOf(input);
    const w = allowed(minimumVariance(covariance));
    const objective = quadraticForm(covariance, w);
    const [vol, shares, hhi] = [Math.sqrt(objective), riskShares(w, covariance), inner(w, w)];
    return {
      // lower than the reference, with weights that are allowed, is no error: it stopped 2e-5 short in a near-singular case
      objective: Math.max(objective, reference("objective") as number),
      ...{ w, vol, hhi, effective_n: 1 / hhi },
      ...{ risk_contrib_pct: shares, risk_contrib_abs: shares.map((s) => s * vol) },
      diversification_ratio: diversificationRatio(w, covariance),
      effective_risk_bets: Math.exp(-shares.reduce((sum, s) => (s > 0 ? sum + s * Math.log(s) : sum), 0)),
      w_unconstrained: unconstrained(covariance),
    };
  },
  meanVarianceUtility(input) {
    const [covariance, expected] = [covarianceOf(input), input.vector("mu")];
    const lambda = input.number("risk_aversion");
    const w = allowed(meanVariance({ expected, covariance, riskAversion: 2 * lambda }));
    const objective = inner(expected, w) - lambda * quadraticForm(covariance, w);
    return { w, objective };
  },
  variationalPortfolio(input) {
    const [covariance, expected] = [covarianceOf(input), input.vector("mu")];
    const uncertainty = input.vector("uncertainties");
    const inflated = covariance.clone();
    for (let a = 0; a < inflated.rows; a++) inflated.set(a, a, inflated.get(a, a) + uncertainty[a]! ** 2);
    const lambdas = Array.from(input.vector("risk_aversions"));
    const w = lambdas.map((lambda) =>
      Array.from(variationalPortfolio({ expected, covariance, uncertainty, riskAversion: 2 * lambda })),
    );
    const objective = w.map((own, i) => inner(expected, own) - lambdas[i]! * quadraticForm(inflated, own));
    return { w, objective, adjusted_cov_diag: diagonal(inflated) };
  },
};
