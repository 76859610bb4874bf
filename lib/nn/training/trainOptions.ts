/** Options of a training. */

import type { Key } from "../../core/index.js";
import { checkCount, checkPositive } from "../../core/index.js";
import type { Schedule } from "../../prob/divergences/index.js";
import type { Model, Weights } from "../layers/model.js";
import { checkData, type Data } from "./batches.js";
import type { EpochRecord } from "./fit.js";
import type { Objective } from "./step.js";

/** Options of `train`. */
export interface TrainOptions {
  /** One a replica: its first weights, its noise and, with its own batches, their order. */
  readonly keys: readonly Key[];
  readonly batchSize: number;
  /** At most so many passes over the data. */
  readonly epochs: number;
  /** β of the step: one for all replicas, or one each. */
  readonly beta: Schedule | readonly Schedule[];
  readonly learningRate: Schedule;
  /** Decoupled, in units of the learning rate. */
  readonly weightDecay?: number;
  /** Largest norm of a replica's gradient (default none). */
  readonly clip?: number;
  /** The loss of a step (default β · KL with the expected log likelihood). */
  readonly objective?: Objective;
  /** Nats, for `capacityObjective`. */
  readonly capacity?: Schedule;
  /** Rows of a batch: the same for all replicas, in the order of this key; or each replica's own where it is left out. */
  readonly sharedBatches?: Key;
  /** The rows that each replica sees, lists of one length: folds of a cross-validation or of a walk-forward in one stack. */
  readonly rowsOf?: readonly Uint32Array[];
  /** Later data, on which the bound at β = 1 is measured after each epoch. */
  readonly validation?: Data;
  /** Epochs without a better bound after which a replica's best weights stay; needs a validation part. */
  readonly patience?: number;
  /** Epochs before which no stopping is thought of, such as those of a warm-up. */
  readonly leastEpochs?: number;
  /** Called after each epoch, such as to draw a bar of progress; `weights` copies those at its end. */
  readonly onEpoch?: (record: EpochRecord, weights: () => Weights) => void;
  /** Ends the training after the epoch under way. */
  readonly signal?: AbortSignal;
  /** A file from which an interrupted training goes on, written after each `checkpointEvery` epochs (10). */
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  /** Threads that share the replicas (default what VITRADE_THREADS says, or as many as pay). */
  readonly threads?: number;
  /** Weights to start from, instead of fresh ones. */
  readonly start?: Weights;
}

/** @throws RangeError when an option or the data make no sense. */
export function checkOptions(model: Model, data: Data, options: TrainOptions): void {
  const { keys, beta, validation, patience } = options;
  checkCount("keys", keys.length);
  checkCount("batchSize", options.batchSize);
  checkCount("epochs", options.epochs);
  checkCount("rows", data.rows);
  if (options.threads !== undefined) checkCount("threads", options.threads);
  if (options.clip !== undefined) checkPositive("clip", options.clip);
  if (Array.isArray(beta) && beta.length !== keys.length)
    throw new RangeError(`beta: expected one schedule or ${keys.length}, got ${beta.length}`);
  if (patience !== undefined) {
    checkCount("patience", patience);
    if (!validation) throw new RangeError("patience: expected a validation part to judge by, got none");
  }
  if (options.rowsOf) checkRowsOf(options.rowsOf, data.rows, options);
  checkData("data", data, model);
  if (validation) checkData("validation", validation, model);
}

function checkRowsOf(
  rowsOf: readonly Uint32Array[],
  rows: number,
  { keys, sharedBatches }: TrainOptions,
): void {
  if (sharedBatches) throw new RangeError("rowsOf: expected no shared batches beside rows of each replica");
  if (rowsOf.length !== keys.length)
    throw new RangeError(`rowsOf: expected ${keys.length} lists, one a replica, got ${rowsOf.length}`);
  rowsOf.forEach((own, r) => {
    checkCount(`rowsOf[${r}]: length`, own.length);
    if (own.length !== rowsOf[0]!.length)
      throw new RangeError(
        `rowsOf[${r}]: expected ${rowsOf[0]!.length} rows as in the first list, got ${own.length}`,
      );
    const outside = own.find((row) => row >= rows);
    if (outside !== undefined)
      throw new RangeError(`rowsOf[${r}]: expected rows below ${rows}, got ${outside}`);
  });
}

/** How many rows an epoch goes through. */
export function rowsOfEpoch(data: Data, { rowsOf }: TrainOptions): number {
  return rowsOf ? rowsOf[0]!.length : data.rows;
}
