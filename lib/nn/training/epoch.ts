/** One epoch of a training: its schedules, its lanes, the record of it. */
import type { Schedule } from "../../prob/divergences/index.js";
import type { EpochRecord } from "./fit.js";
import type { EpochSettings, LaneEpoch } from "./lane.js";
import type { ShareOfLane } from "./lanes.js";
import type { SavedProgress } from "./trainingFile.js";
import type { TrainOptions } from "./trainOptions.js";

/** The values of the schedules at each step of an epoch. */
export function settingsOf(
  { learningRate, capacity }: Pick<TrainOptions, "learningRate" | "capacity">,
  betas: readonly Schedule[],
  { epoch, steps }: { readonly epoch: number; readonly steps: number },
): EpochSettings {
  const first = epoch * steps;
  const values = (schedule: Schedule) => Float64Array.from({ length: steps }, (_, i) => schedule(first + i));
  return {
    ...{ epoch, first, learningRate: values(learningRate) },
    capacity: capacity ? values(capacity) : new Float64Array(steps),
    beta: betas.map(values),
  };
}

/**
 * All steps of one epoch on all lanes, and the record of it.
 * @throws Error naming the replica whose loss is not finite.
 */
export async function runEpoch(
  shares: readonly ShareOfLane[],
  settings: EpochSettings,
  progress: SavedProgress,
): Promise<EpochRecord> {
  // The lane of this thread is the first and blocks it: the others start before.
  const running = [...shares].reverse().map(({ lane, from, to }) => {
    const own = { ...settings, beta: settings.beta.slice(from, to) };
    return Promise.resolve().then(() => lane.run(own));
  });
  const parts = (await Promise.all(running)).reverse();
  const half = (part: LaneEpoch, at: 0 | 1) => {
    const replicas = part.means.length / 2;
    return part.means.slice(at * replicas, (at + 1) * replicas);
  };
  const nll = parts.flatMap((part) => half(part, 0));
  const kl = parts.flatMap((part) => half(part, 1));
  checkLosses(nll, kl, settings.epoch, progress.history.at(-1));
  return {
    ...{ epoch: settings.epoch, step: settings.first + settings.learningRate.length },
    beta: settings.beta.map((values) => values.at(-1)!),
    ...{ nll, kl, elbo: nll.map((n, r) => -n - kl[r]!) },
    validation: parts.flatMap((part) => part.validation),
  };
}

function checkLosses(
  nll: readonly number[],
  kl: readonly number[],
  epoch: number,
  before: EpochRecord | undefined,
): void {
  nll.forEach((value, r) => {
    if (Number.isFinite(value) && Number.isFinite(kl[r])) return;
    const last = before
      ? `${-before.elbo[r]!} nats a row in epoch ${before.epoch}`
      : "none, it was the first epoch";
    throw new Error(
      `training: replica ${r} lost its way in epoch ${epoch}: nll ${value}, KL ${kl[r]}; last finite loss: ${last}. A smaller learning rate or a clip of the gradient may help.`,
    );
  });
}
