/** Associations of latent dimensions with named quantities, beside what chance gives. */
import {
  checkCount,
  checkFinite,
  checkLength,
  fold,
  mean,
  quantile,
  type RegimeLabels,
  scoredLabels,
  standardDeviation,
} from "../../core/index.js";
import { type ShiftOptions, shiftedOrder } from "../../prob/diagnostics/index.js";
import { averageRanks } from "../../prob/scores/index.js";
import { checkRows } from "../regimes/clusters.js";
import { labelCount } from "../regimes/matching.js";

/** Something a latent dimension may stand for. */
export interface Quantity {
  readonly name: string;
  /** [N] a number of each row, or the index of its class from 0; regimes only where they are no rule on the window itself. */
  readonly values: ArrayLike<number> | RegimeLabels;
  /** "number" is ordered; "class" is not. */
  readonly kind: "number" | "class";
}

/** One latent dimension beside one quantity. */
export type Association = {
  latent: number;
  quantity: string;
  /** Spearman's ρ of numbers; the correlation ratio η² of ranks between classes, the share of their variance that classes explain. */
  measure: "spearman" | "eta²";
  value: number;
  /** 95 % of the shifted |ρ| or η² lie below. */
  null95: number;
  /** Share of the shifts, the data themselves counted with them, that reach |ρ| or η². */
  p: number;
  /** The same for the largest of all associations of the table: below 0.05 if there is anything at all, once in 20 tables. */
  adjustedP: number;
};

/** Options of `associations`. */
export interface AssociationOptions extends ShiftOptions {
  /** K */
  readonly latents: number;
}

/**
 * All pairs of latent dimension and quantity, by latent, then by quantity.
 *
 * The null turns all quantities together against all latents, so what quantities share, and what latents share, stays in it. The
 * adjusted p-value compares each association, in standard deviations of its own null, with the largest of each shift.
 * @param codes       [N,K] row-major, in order of time, such as means of the latents
 * @param quantities  each [N], known for the same rows
 * @throws RangeError when lengths differ, a value is not finite, a side does not vary, or as `shiftedOrder`.
 * @see Westfall & Young 1993, single step; Kruskal & Wallis 1952
 */
export function associations(
  codes: Float64Array,
  quantities: readonly Quantity[],
  options: AssociationOptions,
): Association[] {
  const { latents, replicates, key } = options;
  const rows = checkRows(codes, latents);
  checkCount("quantities", quantities.length);
  checkCount("replicates", replicates, 2);
  const ranks = Array.from({ length: latents }, (_, k) =>
    scored(
      `latent ${k}`,
      Float64Array.from({ length: rows }, (_, n) => codes[n * latents + k]!),
    ),
  );
  const measures = quantities.map((quantity) => measureOf(quantity, rows));
  const values = ranks.flatMap((rank) => measures.map((measure) => measure(rank)));
  const nulls = values.map(() => new Float64Array(replicates));
  const turned = new Float64Array(rows);
  for (let r = 0; r < replicates; r++) {
    const order = shiftedOrder(fold(key, r), rows, options);
    ranks.forEach((rank, k) => {
      for (let n = 0; n < rows; n++) turned[n] = rank[order[n]!]!;
      measures.forEach((measure, q) => {
        nulls[k * measures.length + q]![r] = Math.abs(measure(turned));
      });
    });
  }
  const adjusted = adjustedPValues(values.map(Math.abs), nulls);
  return values.map((value, i) => {
    const { name, kind } = quantities[i % quantities.length]!;
    return {
      latent: Math.floor(i / quantities.length),
      quantity: name,
      measure: kind === "number" ? "spearman" : "eta²",
      value,
      null95: quantile(nulls[i]!, 0.95),
      p: shareReached(Math.abs(value), nulls[i]!),
      adjustedP: adjusted[i]!,
    };
  });
}

/** Ranks with mean 0 and Σ² = 1. */
function scored(name: string, x: ArrayLike<number>): Float64Array {
  const ranks = averageRanks(x);
  const centre = mean(ranks);
  const centred = ranks.map((rank) => rank - centre);
  const size = Math.sqrt(centred.reduce((total, value) => total + value * value, 0));
  if (!(size > 0)) throw new RangeError(`${name}: expected values that differ, got ${x[0]} throughout`);
  return centred.map((value) => value / size);
}

/** The association with scored ranks. */
function measureOf(quantity: Quantity, rows: number): (rank: Float64Array) => number {
  const { name, kind } = quantity;
  const values = scoredLabels(quantity.values);
  checkLength(`values of "${name}"`, values, rows);
  if (kind === "class") return ratioTo(`values of "${name}"`, values);
  checkFinite(`values of "${name}"`, values);
  const own = scored(`values of "${name}"`, values);
  return (rank) => {
    let total = 0;
    for (let n = 0; n < rows; n++) total += rank[n]! * own[n]!;
    return total;
  };
}

/**
 * The share of the variance of scored ranks [N] that lies between classes: 0 where classes rank alike, 1 where a class is one value.
 * @see Kruskal & Wallis 1952: their H is (N − 1) times it
 */
function ratioTo(name: string, label: ArrayLike<number>): (rank: Float64Array) => number {
  const classes = labelCount(name, label);
  const size = new Uint32Array(classes);
  for (let n = 0; n < label.length; n++) size[label[n]!]! += 1;
  if (size.filter((count) => count > 0).length < 2)
    throw new RangeError(`${name}: expected at least two classes, got one`);
  const sums = new Float64Array(classes);
  return (rank) => {
    sums.fill(0);
    for (let n = 0; n < label.length; n++) sums[label[n]!]! += rank[n]!;
    return sums.reduce((total, sum, c) => total + (size[c]! > 0 ? sum ** 2 / size[c]! : 0), 0);
  };
}

/** P-values for the largest of all values, each in standard deviations of its own null. */
function adjustedPValues(values: readonly number[], nulls: readonly Float64Array[]): number[] {
  const centre = nulls.map(mean);
  const spread = nulls.map((draws) => standardDeviation(draws) || 1);
  const largest = Float64Array.from(nulls[0]!, (_, r) =>
    nulls.reduce(
      (most, draws, i) => Math.max(most, (draws[r]! - centre[i]!) / spread[i]!),
      Number.NEGATIVE_INFINITY,
    ),
  );
  return values.map((value, i) => shareReached((value - centre[i]!) / spread[i]!, largest));
}

function shareReached(value: number, nulls: Float64Array): number {
  return (1 + nulls.reduce((count, by) => count + (by >= value ? 1 : 0), 0)) / (1 + nulls.length);
}
