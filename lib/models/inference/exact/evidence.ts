/** Bayesian linear regression whose prior and noise are chosen by the evidence. */
import { symmetricEigen } from "../../../core/index.js";
import { bayesianLinearRegression, crossProducts, type LinearPosterior } from "./conjugate.js";
import type { Design } from "./regression.js";

/** A linear model whose precisions maximise the evidence. */
export interface EvidenceFit extends LinearPosterior {
  readonly priorVar: number;
  /** γ = Σ λ / (λ + noise / prior): how many weights the data determine, at most F. */
  readonly determined: number;
}

const MOST_ROUNDS = 10_000;

/**
 * The prior and noise variances of greatest evidence, by MacKay's fixed point, and the exact posterior under them.
 * @throws RangeError when shapes disagree or a value is not finite.
 * @throws Error when it does not settle, as with targets that are all zero.
 * @see MacKay 1992; Bishop 2006, section 3.5.2
 */
export function maximiseEvidence(design: Design): EvidenceFit {
  const { y } = design;
  const { gram, cross, squares } = crossProducts(design);
  const { values } = symmetricEigen(gram);
  let [noiseVar, priorVar] = [squares / y.length, 1];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { mean } = bayesianLinearRegression(design, noiseVar, priorVar);
    const determined = values.reduce((total, value) => total + value / (value + noiseVar / priorVar), 0);
    const explained = mean.reduce((total, w, i) => total + w * cross.get(i, 0), 0);
    const fitted = mean.reduce(
      (total, w, i) => total + w * mean.reduce((sum, v, j) => sum + gram.get(i, j) * v, 0),
      0,
    );
    const before = [noiseVar, priorVar] as const;
    noiseVar = (squares - 2 * explained + fitted) / (y.length - determined);
    priorVar = mean.reduce((total, w) => total + w * w, 0) / determined;
    if (isSame(before[0], noiseVar) && isSame(before[1], priorVar))
      return { ...bayesianLinearRegression(design, noiseVar, priorVar), priorVar, determined };
  }
  throw new Error(
    `evidence: no fixed point after ${MOST_ROUNDS} rounds, at noise ${noiseVar} and prior ${priorVar}`,
  );
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-11 * Math.abs(b);
}
