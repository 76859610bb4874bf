/** Tables of what latent dimensions move, and signals by β. */
import { mean } from "../../../core/index.js";
import { type Movement, type Reading, strongestMovements } from "../../vae/traversal.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";
import { linearScores } from "./studyMatches.js";
import { type BestSignal, bestColumn, bestSignal, movementsOf } from "./studyMovements.js";

/** The dimension that moves a reading most. */
export type StrongestDimension = Omit<Movement, "latent"> & {
  /** Counted from 1. */
  readonly dimension: number;
};

/**
 * The latent dimension of a fit's first network that moves each reading most, with its movement: a row a reading.
 * @throws RangeError as `movementsOf`.
 */
export function strongestDimensions(fit: StudyFit<Vae>, readings: readonly Reading[]): StrongestDimension[] {
  return strongestMovements(movementsOf(fit, readings)).map(({ latent, ...rest }) => ({
    dimension: latent + 1,
    ...rest,
  }));
}

/** Share of one dimension in the movement of each reading, at one β. */
export type MovementShare = {
  readonly beta: number;
  /** Mean over the readings of the strongest dimension's share of their movement. */
  readonly share: number;
  /** Share that the strongest of the active dimensions has at least: one over their number. */
  readonly atLeast: number;
};

/**
 * The mean share of the strongest dimension at each β of a sweep, by the first network, and the least that it can be.
 * @param active  [B] active dimensions of that network at each β, in the order of the sweep
 * @throws RangeError as `movementsOf`.
 */
export function movementShares(
  sweep: StudyFit<Vae>,
  readings: readonly Reading[],
  active: readonly number[],
): MovementShare[] {
  return betasOf(sweep).map((beta, i) => ({
    beta,
    share: mean(strongestDimensions(sweep.at(beta), readings).map((own) => own.share)),
    atLeast: 1 / active[i]!,
  }));
}

/**
 * The signal of each β on a part, [N] each, under names such as "β = 4": the first network's dimension that went best with the training
 * part's returns.
 * @throws RangeError as `bestSignal`.
 */
export function signalsByBeta(
  sweep: StudyFit<Vae>,
  train: StudyPart & { readonly returns: Float64Array },
  part: StudyPart,
): Record<string, Float64Array> {
  const signals = betasOf(sweep).map((beta) => [
    `β = ${beta}`,
    bestSignal(sweep.at(beta), train, part).values,
  ]);
  return Object.fromEntries(signals);
}

/**
 * The signal [N] of the principal component of the training part that went best with its returns, on another part.
 * @param count  components that are tried
 * @throws RangeError as `linearScores` and `bestColumn`.
 */
export function bestComponent(
  train: StudyPart & { readonly returns: Float64Array },
  part: StudyPart,
  count: number,
): BestSignal {
  return bestColumn(linearScores(train, train, count), train.returns, linearScores(train, part, count));
}

function betasOf({ settings }: StudyFit<Vae>): number[] {
  return [...new Set(settings.map(({ beta }) => beta))];
}
