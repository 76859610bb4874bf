/** The model of a study: a network made for a data set, with what is needed to train it and to predict with it. */
import type { Key, NormalDraws, ProbabilityDraws } from "../../../core/index.js";
import type { Model, Weights } from "../../../nn/layers/index.js";
import type { Data } from "../../../nn/training/index.js";
import type { Vae } from "../../vae/vae.js";

/** N rows of a data set, scaled as in training: a part of `features.dataset`. */
export interface StudyPart {
  /** N */
  readonly rows: number;
  /** [N,T,F] */
  readonly x: Float32Array;
  /** [N,5] scaled log return and log volatility, one-hot regime. */
  readonly y: Float32Array;
  readonly asset: Uint16Array;
  readonly decidedAt: Float64Array;
}

/** A data set as a model needs to know it: `features.dataset` returns one. */
export interface StudyData {
  /** [A] */
  readonly symbols: readonly string[];
  /** [F] */
  readonly columns: readonly string[];
  /** T bars a window. */
  readonly length: number;
  readonly train: StudyPart;
  readonly validation: StudyPart;
  readonly test: StudyPart;
  /** [F] of the features. */
  readonly scaler: { readonly x: { readonly mean: Float64Array; readonly standardDeviation: Float64Array } };
  /** Of log return and log volatility. */
  readonly targetScaler: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

/** Settings of drawn predictions. */
export interface DrawSettings {
  /** S draws a replica. */
  readonly draws: number;
  /** Of what is drawn for all rows together, such as weights. */
  readonly key: Key;
  /** [N] of what is drawn for a row: the same whatever rows stand beside it. */
  readonly rowKeys: readonly Key[];
}

/** Draws of the scaled return of N rows, and of the probabilities of down, neutral and up where the model has them. */
export interface StudyDraws {
  readonly returns: NormalDraws;
  readonly direction?: ProbabilityDraws;
}

/** A model as `train` and `predict` need it: made by `vae` or `bnn`, or one's own. */
export interface StudyModel<Network extends Model = Model> {
  /** Such as "vae". */
  readonly family: string;
  readonly network: Network;
  /** The rows of a part as the network is trained on them. */
  dataOf(part: StudyPart): Data;
  /** Draws of the scaled return of every row of a part, [S·R,N]. */
  draw(weights: Weights, part: StudyPart, settings: DrawSettings): StudyDraws;
}

/** Whether a network has an encoder and a decoder. */
export function isVae(network: Model): network is Vae {
  return "decode" in network && "encode" in network;
}

/** [N] the scaled return of each row. */
export function scaledReturns({ y, rows }: StudyPart): Float32Array {
  const width = y.length / rows;
  return Float32Array.from({ length: rows }, (_, n) => y[n * width]!);
}
