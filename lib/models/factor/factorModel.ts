/** The factor model of a cross-section of returns as an autoencoder: its training in one call. */

import type { Key } from "../../core/index.js";
import { checkCount, checkPositive } from "../../core/index.js";
import type { Data, EpochRecord, Fit } from "../../nn/training/index.js";
import { train } from "../../nn/training/index.js";
import { constant, type Schedule } from "../../prob/divergences/index.js";
import { type PlainVae, plainVae } from "../vae/plainVae.js";
import { type Vae, vae } from "../vae/vae.js";

/** Options of `fitFactorModel`. */
export interface FactorModelOptions {
  /** K */
  readonly factors: number;
  /** Widths of the encoder's hidden layers, mirrored in the decoder; none for straight lines: factor analysis. */
  readonly hidden: readonly number[];
  /** One a replica. */
  readonly keys: readonly Key[];
  readonly epochs: number;
  readonly batchSize: number;
  /** Until half of the steps are done; then it falls in a straight line to a fiftieth. */
  readonly learningRate: number;
  /** Default 1. */
  readonly beta?: number;
  /** Later rows [M,A], on which the bound is measured after each epoch; the best epoch's weights are kept. */
  readonly validation?: Float64Array;
  readonly onEpoch?: (record: EpochRecord) => void;
}

/** R trained replicas. */
export interface FactorModel {
  readonly model: Vae;
  readonly fit: Fit;
  /** [R] each as plain arithmetic. */
  readonly replicas: readonly PlainVae[];
}

/**
 * Trains x = f(z) + e with z ~ N(0, I) [K] and a learnt variance of e for each asset; all replicas in one pass.
 * @param x  [N,A] row-major, scaled: rows of about unit variance at all times
 * @throws RangeError when an option or the data make no sense.
 * @see Kingma & Welling 2014; Lucas, Tucker, Grosse & Norouzi 2019 for the linear case
 */
export async function fitFactorModel(
  x: Float64Array,
  columns: number,
  options: FactorModelOptions,
): Promise<FactorModel> {
  const { factors, hidden, keys, epochs, batchSize, learningRate, beta = 1, validation, onEpoch } = options;
  checkCount("columns", columns);
  checkPositive("learningRate", learningRate);
  const model = vae({
    inputShape: [columns],
    latents: factors,
    encoder: hidden.length === 0 ? { kind: "linear" } : { kind: "mlp", hidden },
    noise: "learned each",
  });
  const data = rowsOf(x, columns);
  const steps = epochs * Math.max(1, Math.floor(data.rows / batchSize));
  const fit = await train(model, data, {
    ...{ keys, epochs, batchSize },
    beta: constant(beta),
    learningRate: fallingLate(learningRate, steps),
    ...(validation ? { validation: rowsOf(validation, columns) } : {}),
    ...(onEpoch ? { onEpoch } : {}),
  });
  return { model, fit, replicas: keys.map((_, r) => plainVae(model, fit.weights, r)) };
}

/** Constant for half of the steps, then straight down to a fiftieth: Adam's last steps are noise unless they are small. */
function fallingLate(rate: number, steps: number): Schedule {
  return (step) => rate * Math.max(0.02, Math.min(1, 2 * (1 - step / steps)));
}

function rowsOf(x: Float64Array, columns: number): Data {
  checkCount("rows", x.length / columns);
  return { x: Float32Array.from(x), y: new Float32Array(0), rows: x.length / columns };
}
