/** Numerical integration in float64: Gauss–Hermite for Gaussians, composite Gauss–Legendre for anything on the line. */
import { checkCount, Matrix, symmetricEigen } from "../../core/index.js";

/** Nodes and weights, both [points]. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const hermiteRules = new Map<number, QuadratureRule>();

/**
 * The rule whose Σ w f(x) is E f(x) under N(0, 1), exact for polynomials up to degree 2·points − 1.
 * @throws RangeError when `points` is not a positive integer.
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

/** Nodes and weights of the 20-point Gauss–Legendre rule on [−1, 1], by Newton's method. */
const LEGENDRE = gaussLegendre(20);

/** How close two rules must come: `relative` to ∫ |f|, or `absolute` where that is the larger. */
export interface IntegrationTolerance {
  /** Default 1e-12. */
  readonly relative?: number;
  /** Default 0. Give the rounding error of f where f may be nothing else, or the halving does not end. */
  readonly absolute?: number;
}

/**
 * ∫ f over the pieces between `breaks`, each halved until two rules agree.
 *
 * Put a break at each peak: a spike narrower than a twentieth of its piece can be missed. Where f is not finite, neither is
 * the integral.
 * @throws RangeError when there are fewer than two breaks or they do not ascend.
 */
export function integrate(
  f: (x: number) => number,
  breaks: readonly number[],
  { relative = 1e-12, absolute = 0 }: IntegrationTolerance = {},
): number {
  if (breaks.length < 2 || breaks.some((b, i) => i > 0 && !(b > breaks[i - 1]!))) {
    throw new RangeError(`breaks: expected at least two, ascending, got ${breaks.join(", ")}`);
  }
  const pieces = breaks.slice(1).map((to, i) => ({ from: breaks[i]!, to }));
  const size = (x: number) => Math.abs(f(x));
  const scale = Math.max(1e-300, ...pieces.map(({ from, to }) => panel(size, from, to)));
  const error = Math.max(relative * scale, absolute);
  return pieces.reduce(
    (total, { from, to }) => total + refine(f, from, to, panel(f, from, to), error, 40),
    0,
  );
}

function refine(
  f: (x: number) => number,
  from: number,
  to: number,
  whole: number,
  error: number,
  depth: number,
): number {
  const middle = (from + to) / 2;
  const [left, right] = [panel(f, from, middle), panel(f, middle, to)];
  if (depth === 0 || !(Math.abs(left + right - whole) > error)) return left + right;
  return refine(f, from, middle, left, error, depth - 1) + refine(f, middle, to, right, error, depth - 1);
}

function panel(f: (x: number) => number, from: number, to: number): number {
  const half = (to - from) / 2;
  const centre = (to + from) / 2;
  let total = 0;
  LEGENDRE.nodes.forEach((node, i) => {
    total += LEGENDRE.weights[i]! * f(centre + half * node);
  });
  return half * total;
}

function gaussLegendre(points: number): QuadratureRule {
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 0;
    for (let step = 0; step < 100; step++) {
      let [before, value] = [0, 1];
      for (let n = 1; n <= points; n++)
        [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (points * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
