import { fromRows } from "../../lib/core/linalg.js";
import { gaussianTarget, type Target } from "../../lib/models/inference/exact/target.js";

/** N([1, −2], [[1, ρ], [ρ, 1]]) */
export function correlatedPair(rho: number): Target {
  const c = 1 / (1 - rho * rho);
  return gaussianTarget(
    [1, -2],
    fromRows([
      [c, -rho * c],
      [-rho * c, c],
    ]),
  );
}

/** The largest disagreement between the gradient and central differences, relative to the gradient's size. */
export function gradientError(target: Target, theta: Float64Array): number {
  const gradient = new Float64Array(target.dimension);
  target.evaluate(theta, gradient);
  const scratch = new Float64Array(target.dimension);
  const size = Math.max(1, ...gradient.map(Math.abs));
  return Math.max(
    ...gradient.map((g, p) => {
      const step = 1e-5;
      const up = target.evaluate(
        theta.map((v, i) => (i === p ? v + step : v)),
        scratch,
      );
      const down = target.evaluate(
        theta.map((v, i) => (i === p ? v - step : v)),
        scratch,
      );
      return Math.abs((up - down) / (2 * step) - g) / size;
    }),
  );
}
