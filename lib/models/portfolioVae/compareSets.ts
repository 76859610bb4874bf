/** Sets of portfolios beside the set that a generator was trained on. */
import { mean } from "../../core/index.js";
import { energyDistance } from "../../prob/scores/index.js";
import type { WeightSet } from "./portfolioData.js";

/** One set, a row of a table, with the mean of each trait besides. */
export type SetRow = {
  readonly set: string;
  /** Energy distance to the training set in thousandths, by an estimate without bias; NaN for that set itself. */
  readonly "distance to training": number;
} & Readonly<Record<string, number | string>>;

/**
 * The training set and others: their energy distance to it, and the means of traits of their portfolios.
 * @param traits  measures of a portfolio [A], by name
 * @throws RangeError as `energyDistance`.
 */
export function compareSets(
  training: WeightSet,
  sets: Readonly<Record<string, WeightSet>>,
  traits: Readonly<Record<string, (weights: Float64Array) => number>>,
): SetRow[] {
  const { assets } = training;
  const row = (set: string, { weights }: WeightSet, distance: number): SetRow => {
    const rows = Array.from({ length: weights.length / assets }, (_, n) =>
      weights.subarray(n * assets, (n + 1) * assets),
    );
    const means = Object.entries(traits).map(([name, measure]) => [name, mean(rows.map(measure))]);
    return { set, "distance to training": 1000 * distance, ...Object.fromEntries(means) };
  };
  const others = Object.entries(sets).map(([name, own]) =>
    row(name, own, energyDistance(own.weights, training.weights, assets)),
  );
  return [row("training", training, Number.NaN), ...others];
}
