/** Moments of every weight by several methods, side by side. */
import type { WeightPosterior } from "../comparison/forecastReturns.js";

/** One weight: "NAME mean" of each method, then "NAME sd" of each. */
export type MomentRow = Record<string, string | number> & { weight: string };

/** A row a weight, w1 to wP, of the posteriors by name. */
export function momentRows(posteriors: Readonly<Record<string, WeightPosterior>>): MomentRow[] {
  const named = Object.entries(posteriors);
  const count = Math.min(...named.map(([, { mean }]) => mean.length));
  return Array.from({ length: count }, (_, i) => {
    const row: MomentRow = { weight: `w${i + 1}` };
    for (const [name, { mean }] of named) row[`${name} mean`] = mean[i]!;
    for (const [name, { covariance }] of named) row[`${name} sd`] = Math.sqrt(covariance.get(i, i));
    return row;
  });
}
