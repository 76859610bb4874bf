/** Figures of latent space. */
import { checkCount, checkFinite, checkLength, covariance, mean } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { colourOf } from "../../palette.js";
import type { FigureOptions } from "../../theme.js";
import { contourFigure, type Ellipse } from "../shapes/contours.js";

/** Options of `latentMap`. */
export interface LatentMapOptions extends FigureOptions {
  /** [N] two latent dimensions of each row, such as the means of its latent vector. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly regimes: readonly string[];
  /** [N] index of each row's regime, counted from 0. */
  readonly regime: ArrayLike<number>;
  /** Points drawn at most, default 1,500: evenly spaced rows. */
  readonly points?: number;
}

/**
 * Rows in the plane of two latent dimensions, coloured by regime; an ellipse about each regime would hold half of its rows if they
 * were Gaussian.
 *
 * The ellipses are of all rows, whatever is drawn. A regime without rows is left out.
 * @throws RangeError when lengths differ, a value is not finite, an index names no regime, or as `themed`.
 */
export function latentMapFigure(options: LatentMapOptions): Figure {
  const { x, y, regime, regimes, points = 1500 } = options;
  checkLength("y", y, x.length);
  checkLength("regime", regime, x.length);
  checkFinite("x", x);
  checkFinite("y", y);
  checkCount("points", points);
  const rows = regimes.map(() => [] as number[]);
  for (let n = 0; n < x.length; n++) {
    const own = rows[regime[n]!];
    if (!own)
      throw new RangeError(`regime[${n}]: expected an index below ${regimes.length}, got ${regime[n]}`);
    own.push(n);
  }
  const drawn = new Set(evenly(x.length, points));
  const there = regimes
    .map((name, i) => ({ name, colour: colourOf(i), rows: rows[i]! }))
    .filter((group) => group.rows.length > 0);
  const pick = (values: ArrayLike<number>, from: readonly number[]) => from.map((n) => values[n]!);
  const clouds = there.map(({ name, colour, rows: own }) => {
    const shown = own.filter((n) => drawn.has(n));
    return { name, colour, x: pick(x, shown), y: pick(y, shown) };
  });
  const ellipses = there.flatMap(({ name, colour, rows: own }) =>
    ellipseOf(name, colour, pick(x, own), pick(y, own)),
  );
  const figure = contourFigure({ ...options, points: clouds.filter((c) => c.x.length > 0), ellipses });
  return { ...figure, data: figure.data.map((t) => (t.mode === "lines" ? { ...t, showlegend: false } : t)) };
}

/** At most `count` of 0 … length − 1, evenly spaced. */
function evenly(length: number, count: number): number[] {
  const few = Math.min(length, count);
  return Array.from({ length: few }, (_, i) => Math.floor(((i + 0.5) * length) / few));
}

/** None where the rows lie on a line or a point. */
function ellipseOf(name: string, colour: string, x: readonly number[], y: readonly number[]): Ellipse[] {
  const [xx, xy, yy] = [covariance(x, x), covariance(x, y), covariance(y, y)];
  if (!(xx > 0 && xx * yy - xy * xy > 1e-9 * xx * yy)) return [];
  return [
    {
      ...{ name, colour, levels: [0.5], mean: [mean(x), mean(y)] },
      cov: [
        [xx, xy],
        [xy, yy],
      ],
    },
  ];
}
