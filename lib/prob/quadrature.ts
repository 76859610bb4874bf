/** Numerical integration in float64: Gauss–Hermite for Gaussians, composite Gauss–Legendre for anything on the line. */
import { checkCount } from "../core/axes.js";
import { Matrix, symmetricEigen } from "../core/linalg.js";

/** Nodes and weights, both [points]. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const hermiteRules = new Map<number, QuadratureRule>();

/**
 * The rule whose Σ w f(x) is E f(x) under N(0, 1), exact for polynomials up to degree 2·points − 1.
 * @see Golub & Welsch 1969
 */
export function gaussHermite(points: number): QuadratureRule {
  checkCount("points", points);
  const known = hermiteRules.get(points);
  if (known) return known;
  const jacobi = Matrix.zeros(points, points);
  for (let i = 1; i < points; i++) {
    jacobi.set(i, i - 1, Math.sqrt(i));
    jacobi.set(i - 1, i, Math.sqrt(i));
  }
  const { values, vectors } = symmetricEigen(jacobi);
  const rule = { nodes: values, weights: Float64Array.from(values, (_, i) => vectors.get(0, i) ** 2) };
  hermiteRules.set(points, rule);
  return rule;
}

/** E f(x) under N(mean, sd²) by `points` Gauss–Hermite nodes. */
export function expectNormal(f: (x: number) => number, mean: number, sd: number, points = 40): number {
  const { nodes, weights } = gaussHermite(points);
  let total = 0;
  for (let i = 0; i < points; i++) total += weights[i]! * f(mean + sd * nodes[i]!);
  return total;
}
