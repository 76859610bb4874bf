/** Early stopping: the end of a replica's training, and the weights that stay. */
import type { EpochRecord } from "./fit.js";
import type { StateValues } from "./lane.js";
import type { SavedProgress } from "./trainingFile.js";
import type { TrainOptions } from "./trainOptions.js";

/** Notes the epoch, and keeps the weights of each replica that still counts and has become better. @param read  the state after it */
export function updateStopping(
  progress: SavedProgress,
  read: () => Pick<StateValues, "parameters" | "buffers">,
  record: EpochRecord,
  options: TrainOptions,
): void {
  progress.history.push(record);
  if (!options.validation) return;
  const better = record.validation.map(
    (elbo, r) => elbo > progress.bestElbo[r]! && !isExhausted(progress, r, record.epoch - 1, options),
  );
  if (!better.includes(true)) return;
  const { parameters, buffers } = read();
  const [p, q] = [parameters.length / better.length, buffers.length / better.length];
  better.forEach((is, r) => {
    if (!is) return;
    progress.bestParameters.set(parameters.subarray(r * p, (r + 1) * p), r * p);
    progress.bestBuffers.set(buffers.subarray(r * q, (r + 1) * q), r * q);
    progress.bestEpoch[r] = record.epoch;
    progress.bestElbo[r] = record.validation[r]!;
  });
}

/** Whether a replica had run out of patience after `epoch`. */
function isExhausted(progress: SavedProgress, r: number, epoch: number, options: TrainOptions): boolean {
  if (options.patience === undefined || epoch + 1 < (options.leastEpochs ?? 0)) return false;
  return epoch - Math.max(progress.bestEpoch[r]!, (options.leastEpochs ?? 0) - 1) >= options.patience;
}

/** Whether every replica has run out of patience. */
export function isOver(progress: SavedProgress, options: TrainOptions): boolean {
  const epoch = progress.history.length - 1;
  return options.keys.every((_, r) => isExhausted(progress, r, epoch, options));
}
