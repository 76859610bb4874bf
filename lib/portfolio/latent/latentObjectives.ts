/** Objectives of weights with their gradients, to be climbed in latent space; and the simplest decoder. */
import { checkLength, diagonal, logSumExp, type Matrix } from "../../core/index.js";
import {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  expectedVolatility,
  type Moments,
} from "../../trading/performance/index.js";
import type { DifferentiableDecoder, WeightObjective } from "./latentOptimise.js";

/** wᵀμ / √(wᵀΣw) per period. */
export function sharpeObjective(moments: Moments): WeightObjective {
  const { covariance, mean } = moments;
  return {
    value: (w) => expectedSharpe(w, moments, 1),
    gradient(w) {
      const [earned, risk, moved] = [
        expectedReturn(w, mean),
        expectedVolatility(w, covariance),
        apply(covariance, w),
      ];
      return w.map((_, a) => mean[a]! / risk - (earned * moved[a]!) / risk ** 3);
    },
  };
}

/** The negative volatility −√(wᵀΣw) of weights [A] per period as an objective. */
export function lowVolatilityObjective(covariance: Matrix): WeightObjective {
  return {
    value: (w) => -expectedVolatility(w, covariance),
    gradient(w) {
      const risk = expectedVolatility(w, covariance);
      return apply(covariance, w).map((value) => -value / risk);
    },
  };
}

/** The diversification ratio Σ w σ / √(wᵀΣw) of long-only weights [A] as an objective. */
export function diversificationObjective(covariance: Matrix): WeightObjective {
  const deviations = diagonal(covariance).map(Math.sqrt);
  return {
    value: (w) => diversificationRatio(w, covariance),
    gradient(w) {
      const [apart, risk, moved] = [
        expectedReturn(w, deviations),
        expectedVolatility(w, covariance),
        apply(covariance, w),
      ];
      return deviations.map((own, a) => own / risk - (apart * moved[a]!) / risk ** 3);
    },
  };
}

/**
 * The decoder softmax(W z + b) with W [A,K] and b [A].
 * @throws RangeError when the bias is not [A].
 */
export function linearSoftmaxDecoder(weights: Matrix, bias: ArrayLike<number>): DifferentiableDecoder {
  checkLength("bias", bias, weights.rows);
  const decode = (z: Float64Array): Float64Array => {
    checkLength("z", z, weights.columns);
    const logits = apply(weights, z).map((value, a) => value + bias[a]!);
    const top = logSumExp(logits);
    return logits.map((value) => Math.exp(value - top));
  };
  return {
    latents: weights.columns,
    decode,
    pullBack(z, g) {
      const w = decode(z);
      const average = expectedReturn(w, g);
      return apply(
        weights.transpose(),
        w.map((own, a) => own * (g[a]! - average)),
      );
    },
  };
}

function apply(matrix: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => expectedReturn(x, matrix.getRow(i)));
}
