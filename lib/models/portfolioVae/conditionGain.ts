/** Whether it helps a portfolio autoencoder to be told the conditions. */
import { fold } from "../../core/index.js";
import { portfolioBounds } from "./portfolioBounds.js";
import type { Conditions, WeightSet } from "./portfolioData.js";
import { type PortfolioTraining, trainPortfolios } from "./portfolioTraining.js";

/** Portfolios and what is known of each. */
export interface ConditionedSet extends WeightSet {
  readonly conditions: Conditions;
}

const DRAWS = 8;

/**
 * Bound of each portfolio of `later`, [N] nats, under two networks that are trained alike on `learn`: one is told the conditions, one is not.
 * @throws RangeError as `train` and `portfolioBounds`.
 */
export async function conditionGain(
  learn: ConditionedSet,
  later: ConditionedSet,
  training: Omit<PortfolioTraining, "conditions">,
): Promise<{ readonly told: Float64Array; readonly untold: Float64Array }> {
  const draws = { draws: DRAWS, key: fold(training.key, "bound") };
  const blind = await trainPortfolios(learn, training);
  const informed = await trainPortfolios(learn, { ...training, conditions: learn.conditions });
  const conditions = later.conditions.values;
  return {
    told: portfolioBounds(informed, later.weights, { ...draws, conditions }).elbo,
    untold: portfolioBounds(blind, later.weights, draws).elbo,
  };
}
