/** Draws of the predictions of a forecast network: from its posterior, its dropout, or its members. */
import * as tf from "@tensorflow/tfjs";
import type { Key, NormalDraws, ProbabilityDraws } from "../../core/index.js";
import { checkCount, checkLength } from "../../core/index.js";
import { trace } from "../../nn/compile/index.js";
import type { Noise, NoiseSpec } from "../../nn/layers/index.js";
import { layoutsOf, type Weights } from "../../nn/layers/index.js";
import { DIRECTIONS, type ForecastNetwork } from "./forecastNetwork.js";
import { alongReplicas, alongRows, type Pass, type Say, saying, tiled } from "./forecastPasses.js";

/** S · R draws of N rows; of the heads that the network has. */
export interface ForecastDraws {
  /** S · R */
  readonly draws: number;
  /** N */
  readonly rows: number;
  /** Probabilities of `DIRECTIONS`, [S·R,N,3]: for `classUncertainty`. */
  readonly direction?: ProbabilityDraws;
  /** Mean and variance of the return, [S·R,N]: for `forecastOf` and `momentsOf`; each draw is a set of parameters. */
  readonly returns?: NormalDraws;
}

/** Options of drawn predictions. */
export interface DrawOptions {
  /** S draws of the noise for each replica; 1 is enough where nothing is drawn. */
  readonly draws: number;
  readonly key: Key;
  /**
   * Noise that is fed (default "draw"). ["dropout"] is Monte-Carlo dropout of a plain network; an empty list makes a Bayesian
   * network speak by the means of its weights.
   */
  readonly roles?: readonly NoiseSpec["role"][];
  /**
   * [N] keys of the rows, in place of `key`: what is drawn for a row is then what its key alone would give, whatever rows stand beside
   * it. Drawn weights are the same for all rows and take no part.
   */
  readonly rowKeys?: readonly Key[];
  /** Passes have at least so many rows, the rest empty: few numbers of rows are few passes to compile. */
  readonly padTo?: number;
}

/**
 * The prediction of every row by every draw; replicas must be exchangeable, as the members of an ensemble.
 *
 * All S · R · N answers stay in memory; where moments are enough, `predict` needs none of it. Noise without a batch axis, such as drawn
 * weights, is the same for all rows: a draw is then one function. For one decision after another, `openForecaster` is faster.
 * @param x  [N,F]
 * @throws RangeError when x is no whole number of rows.
 */
export function drawForecasts(
  model: ForecastNetwork,
  weights: Weights,
  x: Float32Array,
  options: DrawOptions,
): ForecastDraws {
  const layouts = layoutsOf(model);
  const views = tiled(weights, layouts, 1);
  try {
    return drawn({ model, layouts, weights, views, say: saying(model) }, x, options);
  } finally {
    tf.dispose(views);
  }
}

/** A forecast network that stands ready: its weights are on the backend and its pass is compiled. */
export interface Forecaster {
  /** As `drawForecasts`: the same draws of the same key. */
  draw(x: Float32Array, options: DrawOptions): ForecastDraws;
  /** Gives back the weights and the compiled pass; it draws no more. */
  dispose(): void;
}

/** The network with these weights, ready for one decision after another; the caller disposes it. */
export function openForecaster(model: ForecastNetwork, weights: Weights): Forecaster {
  const layouts = layoutsOf(model);
  const views = tiled(weights, layouts, 1);
  const written = saying(model);
  const standing = trace((noise: Noise, x: tf.Tensor) => written(views, noise, x), {
    constants: Object.values(views),
  });
  const copied = trace(written);
  const say: Say = (of, noise, x) => (of === views ? standing(noise, x) : copied(of, noise, x));
  return {
    draw: (x, options) => drawn({ model, layouts, weights, views, say }, x, options),
    dispose() {
      standing.dispose();
      copied.dispose();
      tf.dispose(views);
    },
  };
}

function drawn(
  ready: Omit<Pass, "specs" | keyof DrawOptions>,
  x: Float32Array,
  options: DrawOptions,
): ForecastDraws {
  const { model, weights } = ready;
  const { roles = ["draw"], ...rest } = options;
  const { draws, rowKeys } = rest;
  checkCount("draws", draws);
  const { inputs, heads } = model.config;
  const rows = Math.round(x.length / inputs);
  checkLength("x", x, rows * inputs);
  if (rowKeys) checkLength("rowKeys", rowKeys, rows);
  const total = draws * weights.replicas;
  const classes = DIRECTIONS.length;
  const out = {
    probability: new Float64Array(heads.includes("direction") ? total * rows * classes : 0),
    mean: new Float64Array(heads.includes("return") ? total * rows : 0),
    variance: new Float64Array(heads.includes("return") ? total * rows : 0),
  };
  const specs = model.noise.filter((spec) => roles.includes(spec.role));
  const along = specs.every(ofRow) ? alongRows : alongReplicas;
  if (rowKeys && along === alongReplicas && specs.some(ofRow))
    throw new RangeError("rowKeys: expected noise of rows or of weights, got both");
  along({ ...ready, ...rest, specs }, x, (name, { values, from, count }, { draw, row }) => {
    const to = out[name];
    const first = (draw * rows + row) * (name === "probability" ? classes : 1);
    for (let i = 0; i < count; i++) to[first + i] = values[from + i]!;
  });
  return {
    ...{ draws: total, rows },
    ...(heads.includes("direction")
      ? { direction: { draws: total, classes, probability: out.probability } }
      : {}),
    ...(heads.includes("return")
      ? { returns: { draws: total, mean: out.mean, variance: out.variance } }
      : {}),
  };
}

/** Whether the noise is a row's own. */
function ofRow({ shape }: NoiseSpec): boolean {
  return shape.includes("batch");
}
