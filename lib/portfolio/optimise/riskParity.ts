/** Long-only portfolios whose assets carry given shares of the risk. */
import { checkLength, checkPositive, diagonal, type Matrix, sum } from "../../core/index.js";
import { dot, factorise, product, solveSaddlePoint } from "../solver/saddlePoint.js";
import { checkCovariance } from "./meanVariance.js";

const MOST_STEPS = 200;

/** The weights [A] of which each asset carries the same share of the variance. @throws RangeError as `riskBudgets`. */
export function riskParity(covariance: Matrix): Float64Array {
  return riskBudgets(covariance, new Float64Array(covariance.rows).fill(1 / covariance.rows));
}

/**
 * The weights [A], positive and Σw = 1, with w (Σw) / wᵀΣw equal to `budgets` [A], which sum to one.
 *
 * It takes no cap: with one, the shares of risk are no longer free.
 * @throws RangeError when a budget is not positive, their sum is not one, or a long-only portfolio has no risk at all.
 * @see Maillard, Roncalli & Teiletche 2010; Spinu 2013 for the convex program ½ yᵀΣy − Σ b log y
 */
export function riskBudgets(covariance: Matrix, budgets: ArrayLike<number>): Float64Array {
  checkCovariance(covariance);
  checkLength("budgets", budgets, covariance.rows);
  const b = Float64Array.from(budgets);
  b.forEach((value, a) => {
    checkPositive(`budgets[${a}]`, value);
  });
  if (Math.abs(sum(b) - 1) > 1e-9) throw new RangeError(`budgets: expected a sum of 1, got ${sum(b)}`);
  const deviations = diagonal(covariance).map(Math.sqrt);
  const y = newton(correlationOf(covariance, deviations), b);
  const raw = y.map((value, a) => value / deviations[a]!);
  const total = sum(raw);
  return raw.map((value) => value / total);
}

/** In units of each asset's deviation, the well-conditioned ones. */
function correlationOf(covariance: Matrix, deviations: Float64Array): Float64Array {
  const size = deviations.length;
  const flat = Float64Array.from(covariance.to1DArray());
  return flat.map((value, at) => value / deviations[Math.floor(at / size)]! / deviations[at % size]!);
}

interface Judged {
  readonly y: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Largest difference between an asset's share of risk and its budget. */
  readonly error: number;
}

/**
 * Newton's method on ½ yᵀCy − Σ b log y; a step is halved while it lowers neither the objective nor the error: near the
 * end the objective is flat to rounding, the error is not.
 */
function newton(c: Float64Array, b: Float64Array): Float64Array {
  let at: Judged | null = judged(c, b, b.map(Math.sqrt));
  let best = at;
  for (let step = 0; step < MOST_STEPS && at && best.error > 1e-15; step++) {
    const h = c.slice();
    for (let a = 0; a < b.length; a++) h[a * b.length + a]! += b[a]! / best.y[a]! ** 2;
    const { x } = solveSaddlePoint(
      factorise(h, []),
      best.gradient.map((g) => -g),
      new Float64Array(0),
    );
    at = descend(best, x, (y) => judged(c, b, y));
    best = at ?? best;
  }
  if (best.error < 1e-9) return best.y;
  throw new RangeError("covariance: a long-only portfolio without risk leaves nothing to share");
}

function judged(c: Float64Array, b: Float64Array, y: Float64Array): Judged {
  const pull = product(c, y);
  const gradient = pull.map((p, a) => p - b[a]! / y[a]!);
  const value = 0.5 * dot(y, pull) - b.reduce((total, share, a) => total + share * Math.log(y[a]!), 0);
  return {
    y,
    value,
    gradient,
    error: gradient.reduce((most, g, a) => Math.max(most, Math.abs(g * y[a]!)), 0),
  };
}

/** y + x / 2ⁿ for the first n that keeps y > 0 and is better; null when none of 50 is. */
function descend(from: Judged, x: Float64Array, judge: (y: Float64Array) => Judged): Judged | null {
  for (let halvings = 0; halvings < 50; halvings++) {
    const y = from.y.map((part, a) => part + x[a]! / 2 ** halvings);
    if (!y.every((part) => part > 0)) continue;
    const next = judge(y);
    if (next.value < from.value || next.error < from.error) return next;
  }
  return null;
}
