/** A table of a walk forward: each model's information coefficient in each fold. */
import type { ForwardByBeta } from "./studyForward.js";

/** A row a model: its name, its coefficient in each fold, their mean, and the standard error of the mean. */
export type ForwardTableRow = {
  readonly model: string;
  readonly "mean IC": number;
  readonly "standard error": number;
} & { readonly [fold: `fold ${number}`]: number };

/** Information coefficients of every β and of the principal components, fold by fold: the folds come before their mean. */
export function forwardTable({ betas, networks, components }: ForwardByBeta): ForwardTableRow[] {
  const names = [...betas.map((beta) => `β = ${beta}`), "components"];
  return [...networks.candidates, ...components.candidates].map(({ folds, mean, standardError }, i) => ({
    model: names[i]!,
    ...Object.fromEntries(folds.map((value, f) => [`fold ${f + 1}`, value])),
    ...{ "mean IC": mean, "standard error": standardError },
  }));
}
