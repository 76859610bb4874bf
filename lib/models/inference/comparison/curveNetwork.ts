/** A network of one input, one hidden layer and one output as a log density: small enough for Hamiltonian Monte Carlo to referee. */
import { checkCount, checkFinite, checkLength, checkPositive } from "../../../core/index.js";
import type { Target } from "../exact/target.js";

/** f(x) = Σ_h v_h tanh(w_h x + b_h) + c with normal priors, seen through normal noise. */
export interface CurveNetwork {
  /** H */
  readonly units: number;
  readonly noiseSd: number;
  /** Prior standard deviations of w, b, v and c. */
  readonly prior: {
    readonly weight: number;
    readonly bias: number;
    readonly outputWeight: number;
    readonly outputBias: number;
  };
}

/**
 * log p(y, θ), normalised, with its gradient by hand; θ is w, b, v [H] each and c.
 *
 * Permuting units and changing the signs of w, b and v of one leaves it as it is: compare functions, never weights.
 * @throws RangeError when lengths differ, a number is not finite or a standard deviation is not positive.
 */
export function curveTarget(network: CurveNetwork, x: ArrayLike<number>, y: ArrayLike<number>): Target {
  const { units, noiseSd } = network;
  checkCount("units", units);
  checkPositive("noiseSd", noiseSd);
  checkLength("y", y, x.length);
  checkFinite("x", x);
  checkFinite("y", y);
  const sds = priorSds(network);
  const constant = -sds.reduce((sum, sd) => sum + logScale(sd), 0) - x.length * logScale(noiseSd);
  const hidden = new Float64Array(units);
  return {
    dimension: sds.length,
    evaluate(theta, gradient) {
      let value = constant;
      for (let p = 0; p < sds.length; p++) {
        const pull = theta[p]! / sds[p]! ** 2;
        value -= 0.5 * pull * theta[p]!;
        gradient[p] = -pull;
      }
      for (let n = 0; n < x.length; n++) {
        const error = y[n]! - forward(theta, units, x[n]!, hidden);
        const slope = error / noiseSd ** 2;
        value -= 0.5 * error * slope;
        gradient[3 * units]! += slope;
        for (let h = 0; h < units; h++) {
          const back = slope * theta[2 * units + h]! * (1 - hidden[h]! ** 2);
          gradient[h]! += back * x[n]!;
          gradient[units + h]! += back;
          gradient[2 * units + h]! += slope * hidden[h]!;
        }
      }
      return value;
    },
  };
}

/**
 * The curve f at each point of `grid` [G] for the weights θ [3·units + 1]: [G].
 * @throws RangeError when the weights are of another length.
 */
export function curveOf(
  network: CurveNetwork,
  theta: ArrayLike<number>,
  grid: ArrayLike<number>,
): Float64Array {
  checkLength("theta", theta, 3 * network.units + 1);
  const hidden = new Float64Array(network.units);
  return Float64Array.from(grid, (x) => forward(theta, network.units, x, hidden));
}

/** f(x); leaves the hidden units' values in `hidden`. */
function forward(theta: ArrayLike<number>, units: number, x: number, hidden: Float64Array): number {
  let out = theta[3 * units]!;
  for (let h = 0; h < units; h++) {
    hidden[h] = Math.tanh(theta[h]! * x + theta[units + h]!);
    out += theta[2 * units + h]! * hidden[h]!;
  }
  return out;
}

function priorSds({ units, prior }: CurveNetwork): Float64Array {
  const each = [prior.weight, prior.bias, prior.outputWeight];
  for (const sd of [...each, prior.outputBias]) checkPositive("prior", sd);
  return Float64Array.from(
    { length: 3 * units + 1 },
    (_, p) => each[Math.floor(p / units)] ?? prior.outputBias,
  );
}

function logScale(sd: number): number {
  return Math.log(sd) + 0.5 * Math.log(2 * Math.PI);
}
