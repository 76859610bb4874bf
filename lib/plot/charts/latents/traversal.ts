/** Latent traversals: decoded windows as one latent dimension is moved, feature by feature. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { lineFigure } from "../shapes/curves.js";

/** Decoded windows along one latent dimension, such as `fit.traversal` returns. */
export interface TraversalRows {
  readonly dimension: number;
  /** [S] in standard deviations. */
  readonly sigmas: readonly number[];
  /** [F] */
  readonly columns: readonly string[];
  /** T */
  readonly length: number;
  /** [S,T,F] in the unit of the features. */
  readonly values: ArrayLike<number>;
  /** KL of the dimension, nats. */
  readonly kl: number;
}

/** A fit that can be asked for a traversal. */
export interface TraversalSource {
  traversal(options: { readonly dimension: number }): TraversalRows;
}

/** Options of `traversal`. */
export interface TraversalOptions {
  /** Index of the latent dimension. */
  readonly dimension: number;
  /** Names of the features to draw; by default the four that move most, against their own spread over the traversal of all. */
  readonly features?: readonly string[];
  readonly width?: number;
}

/** Blue for the low end, grey in the middle, red for the high end. */
const ENDS = { low: [33, 102, 172], middle: [150, 150, 150], high: [178, 24, 43] } as const;

/**
 * One panel a feature: its decoded path over the window, a line for each step of the latent dimension, blue to red.
 * @param of  a fit of a VAE, or a traversal
 * @throws RangeError when a feature has no such name, or the values are not [S,T,F].
 */
export function traversalFigure(
  of: TraversalSource | TraversalRows,
  { dimension, features, width }: TraversalOptions,
): Figure {
  const rows = "traversal" in of ? of.traversal({ dimension }) : of;
  const { sigmas, columns, length, values, kl } = rows;
  checkCount("sigmas", sigmas.length, 2);
  checkLength("values", values, sigmas.length * length * columns.length);
  const chosen = features ? features.map((name) => indexOf(columns, name)) : mostMoved(rows, 4);
  const cells = chosen.map((f) => featurePanel(rows, f));
  const most = columns[chosen[0]!]!;
  const title = `Latent dimension ${rows.dimension} moves ${most} most (KL ${kl.toPrecision(2)} nats)`;
  return panels(cells, { title, columns: 2, ...(width === undefined ? {} : { width }) });
}

function featurePanel({ sigmas, columns, length, values }: TraversalRows, f: number): Figure {
  const width = columns.length;
  const x = Array.from({ length }, (_, t) => t - length + 1);
  return lineFigure({
    title: columns[f]!,
    xTitle: "bars before the decision",
    yTitle: columns[f]!,
    series: sigmas.map((sigma, s) => ({
      name: `${sigma > 0 ? "+" : ""}${sigma}σ`.replace("-", "−"),
      colour: colourAt(s / (sigmas.length - 1)),
      ...{ x, y: x.map((_, t) => values[(s * length + t) * width + f]!) },
    })),
  });
}

/** The features whose window mean moves most along the traversal, in units of their own spread over steps and bars. */
function mostMoved({ sigmas, columns, length, values }: TraversalRows, count: number): number[] {
  const width = columns.length;
  const movement = columns.map((_, f) => {
    const means = sigmas.map((_, s) => {
      let total = 0;
      for (let t = 0; t < length; t++) total += values[(s * length + t) * width + f]!;
      return total / length;
    });
    let [sum, squares] = [0, 0];
    for (let i = f; i < values.length; i += width) {
      sum += values[i]!;
      squares += values[i]! ** 2;
    }
    const n = values.length / width;
    const spread = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    return spread > 0 ? (Math.max(...means) - Math.min(...means)) / spread : 0;
  });
  const order = columns.map((_, f) => f).sort((a, b) => movement[b]! - movement[a]! || a - b);
  return order.slice(0, count);
}

function indexOf(columns: readonly string[], name: string): number {
  const f = columns.indexOf(name);
  if (f < 0) throw new RangeError(`features: expected some of ${columns.join(", ")}, got ${name}`);
  return f;
}

function colourAt(place: number): string {
  const [from, to, part] =
    place < 0.5 ? [ENDS.low, ENDS.middle, 2 * place] : [ENDS.middle, ENDS.high, 2 * place - 1];
  const mixed = from.map((value, i) => Math.round(value + part * (to[i]! - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
