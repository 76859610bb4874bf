/** The source chapter's network with the source chapter's settings: what it is trained on, and its training from end to end. */
import { checkPositive, type Key } from "../../core/index.js";
import { SOURCE_INITIAL_SD } from "../../nn/layers/index.js";
import { type Data, type Fit, type TrainOptions, train } from "../../nn/training/index.js";
import { constant, linear } from "../../prob/divergences/index.js";
import { type Bnn, bnn, STANDARD_NORMAL } from "./bnn.js";
import { sourceNetwork } from "./forecastNetwork.js";

/** Settings that the source chapter prints. */
export const SOURCE_TRAINING = { epochs: 200, batchSize: 128, learningRate: 1e-4, warmUpEpochs: 20 } as const;

/** A part of `features.dataset`: scaled inputs and targets, and the log returns. */
export interface SourcePart {
  /** N */
  readonly rows: number;
  /** [N,F] */
  readonly x: Float32Array;
  /** [N,·] the first column is the scaled log return. */
  readonly y: Float32Array;
  /** [N] log returns. */
  readonly returns: Float64Array;
}

/** Class of a log return among `DIRECTIONS`: neutral within ± the cost of a round trip. */
export function directionOf(logReturn: number, cost: number): 0 | 1 | 2 {
  if (logReturn > cost) return 2;
  return logReturn < -cost ? 0 : 1;
}

/**
 * Rows for both heads: inputs, and targets [N,2] of the class of the return and the scaled return.
 * @throws RangeError when the cost is not positive.
 */
export function sourceRows({ rows, x, y, returns }: SourcePart, cost: number): Data {
  checkPositive("cost", cost);
  const width = y.length / rows;
  const targets = new Float32Array(2 * rows);
  for (let n = 0; n < rows; n++) targets.set([directionOf(returns[n]!, cost), y[n * width]!], 2 * n);
  return { rows, x, y: targets };
}

/** Options of `trainSourceNetwork`. */
export interface SourceOptions
  extends Pick<TrainOptions, "checkpoint" | "checkpointEvery" | "onEpoch" | "signal"> {
  /** Half the width of the neutral class, a log return. */
  readonly cost: number;
  readonly key: Key;
  /** At most so many passes; 200 in the source chapter. */
  readonly epochs: number;
}

/**
 * Trains 256, 128 and 64 Bayesian units with both heads under N(0, 1): Adam at 1e-4, batches of 128, a dropout of a fifth, and a weight of
 * the KL, one Nth a row, that rises from 0 to 1 over the first 20 epochs. The bound is watched on the validation part.
 * @throws RangeError when an option or the data make no sense.
 */
export async function trainSourceNetwork(
  data: { readonly train: SourcePart; readonly validation: SourcePart },
  { cost, key, ...rest }: SourceOptions,
): Promise<{ network: Bnn; fit: Fit }> {
  const past = sourceRows(data.train, cost);
  const { batchSize, learningRate, warmUpEpochs } = SOURCE_TRAINING;
  const network = bnn({
    ...sourceNetwork(past.x.length / past.rows),
    dataSize: past.rows,
    prior: STANDARD_NORMAL,
    sampling: "local",
    initialSd: SOURCE_INITIAL_SD,
  });
  const steps = Math.floor(past.rows / batchSize);
  const fit = await train(network, past, {
    ...{ ...rest, keys: [key], batchSize, learningRate: constant(learningRate) },
    beta: linear(0, 1, warmUpEpochs * steps),
    validation: sourceRows(data.validation, cost),
  });
  return { network, fit };
}
