/** Figures of a posterior over two parameters by several methods. */
import type { Matrix } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { INK } from "../../palette.js";
import { type ContourOptions, contourFigure } from "../shapes/contours.js";

/** Moments of two parameters. */
export interface PosteriorMoments {
  /** [2] */
  readonly mean: ArrayLike<number>;
  /** [2,2] */
  readonly covariance: Matrix;
}

/** Options of `posteriors`. */
export interface PosteriorOptions extends Omit<ContourOptions, "grids" | "ellipses" | "points"> {
  /** Name → moments; the line of each holds 90 % of a Gaussian with these moments. */
  readonly posteriors: Readonly<Record<string, PosteriorMoments>>;
  /** Draws of both parameters, such as a sampler's: about 120 of them are drawn. */
  readonly draws?: { readonly name: string; readonly of: readonly ArrayLike<number>[] };
}

const SHOWN = 120;

/**
 * Posteriors of two parameters over one another, with draws behind.
 * @throws RangeError as `contourFigure`, and when draws are of fewer than two parameters.
 */
export function posteriorFigure({ posteriors, draws, ...options }: PosteriorOptions): Figure {
  const ellipses = Object.entries(posteriors).map(([name, { mean, covariance }], i) => ({
    ...{ name, mean, cov: covariance.to2DArray(), levels: [0.9] },
    style: (["solid", "dot", "dash"] as const)[i % 3]!,
  }));
  if (!draws) return contourFigure({ ...options, ellipses });
  const [first, second] = draws.of;
  if (!first || !second) throw new RangeError(`draws: expected two parameters, got ${draws.of.length}`);
  const step = Math.max(1, Math.floor(first.length / SHOWN));
  const some = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % step === 0);
  const cloud = { name: draws.name, x: some(first), y: some(second), colour: INK.reference };
  return contourFigure({ ...options, ellipses, points: [cloud] });
}
