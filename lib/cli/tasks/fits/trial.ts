/** The expected length of a training, from a short one of the same networks. */

import type { Clock } from "../../../core/index.js";
import type { PreparedWindows } from "../../../features/windows/index.js";
import { type MarketConfig, trainingOf } from "../../../models/marketVae/index.js";
import { train } from "../../../nn/training/index.js";
import { dataOf } from "../sources/windows.js";
import { type ForecastFamily, networkOf, rowsOfFamily } from "./families.js";

/** Mini-batches of an epoch of the trial, and steps below which a training is begun at once. */
const BATCHES = 6;
const WORTH_A_TRIAL = 400;

export interface Trial {
  readonly replicas: number;
  readonly clock: Clock;
  readonly family: ForecastFamily;
}

/** Steps of the whole training, if nothing ends it before its last epoch. */
export function stepsOf({ split }: PreparedWindows, { training }: MarketConfig): number {
  return Math.ceil(split.train.length / training.batchSize) * training.epochs;
}

/**
 * Seconds that the training takes if it comes to its last epoch: three epochs of a few mini-batches are made, and the last is measured.
 * Undefined where that would take as long as the training. The training itself is not changed by it.
 */
export async function expectedSeconds(
  prepared: PreparedWindows,
  config: MarketConfig,
  { replicas, clock, family }: Trial,
): Promise<number | undefined> {
  const steps = stepsOf(prepared, config);
  if (steps < WORTH_A_TRIAL) return undefined;
  const { batchSize, epochs } = config.training;
  const share = Math.min(1, (BATCHES * batchSize) / prepared.split.train.length);
  const [data, validation] = [prepared.split.train, prepared.split.validation].map((rows) =>
    rowsOfFamily(family, dataOf(prepared, rows.slice(0, Math.max(1, Math.ceil(share * rows.length))))),
  );
  const short: MarketConfig = {
    ...config,
    training: { ...config.training, epochs: 3, warmUpEpochs: Math.min(1, config.training.warmUpEpochs) },
  };
  const ends: number[] = [];
  await train(networkOf(family, short, prepared.split.train.length).model, data!, {
    ...trainingOf(short, { rows: data!.rows, replicas }),
    validation: validation!,
    onEpoch: () => void ends.push(clock.elapsed()),
  });
  return ((ends[2]! - ends[1]!) * epochs) / share / 1000;
}
