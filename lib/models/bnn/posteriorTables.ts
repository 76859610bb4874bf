/** Tables of approximate posteriors beside the exact one: of weights, and of a curve. */
import { checkLength, percentWhere } from "../../core/index.js";
import type { CurveStudy } from "./curveStudy.js";
import type { LineExample } from "./lineExample.js";

/** Means and standard deviations of weights. */
export interface WeightMoments {
  readonly mean: ArrayLike<number>;
  readonly sd: ArrayLike<number>;
}

/** A row for each mean and each standard deviation: what is known, and what each network found. */
export type WeightRow = {
  readonly quantity: string;
  /** Of the exact posterior; of a standard deviation also that of the best independent normals, NaN for a mean. */
  readonly exact: number;
  readonly "best independent": number;
} & { readonly [network: string]: number | string };

/**
 * Means and standard deviations [W] of the first W = `weights` weights of the line example, exact and as each network has them.
 * @throws RangeError when a network has fewer weights.
 */
export function weightTable(
  example: Pick<LineExample, "mean" | "sd" | "independentSd">,
  networks: Readonly<Record<string, WeightMoments>>,
  weights: number,
): WeightRow[] {
  const named = Object.entries(networks);
  for (const [name, { mean, sd }] of named)
    for (const values of [mean, sd])
      if (values.length < weights) checkLength(`weights of ${name}`, values, weights);
  const found = (of: (own: WeightMoments) => number) =>
    Object.fromEntries(named.map(([name, own]) => [name, of(own)]));
  const each = Array.from({ length: weights }, (_, i) => i);
  // the best independent normals have the exact means
  const means = each.map((i) => ({
    ...{ quantity: `mean of weight ${i + 1}`, exact: example.mean[i]!, "best independent": example.mean[i]! },
    ...found(({ mean }) => mean[i]!),
  }));
  const deviations = each.map((i) => ({
    ...{ quantity: `sd of weight ${i + 1}`, exact: example.sd[i]! },
    ...{ "best independent": example.independentSd[i]!, ...found(({ sd }) => sd[i]!) },
  }));
  return [...means, ...deviations];
}

/** A row a method: the standard deviation of its curves at each place, such as "x = 0.7", and how often its band holds the truth. */
export type CurveRow = {
  readonly method: string;
  /** Percentage of the grid at which the true curve lies in the central 90 %. */
  readonly "truth in band": number;
} & { readonly [place: `x = ${string}`]: number };

/**
 * Epistemic standard deviations of a curve study at several places, a row a method.
 * @param places  [P] the nearest point of the grid stands for each
 * @throws RangeError naming a place outside the grid.
 */
export function curveTable(
  { grid, truth, bands }: Pick<CurveStudy, "grid" | "truth" | "bands">,
  places: readonly number[],
): CurveRow[] {
  return bands.map(({ method, sd, lower, upper }) => ({
    method,
    ...Object.fromEntries(places.map((x) => [`x = ${String(x).replace("-", "−")}`, sd[placeOf(grid, x)]!])),
    "truth in band": percentWhere(Array.from(truth), (t, g) => t >= lower[g]! && t <= upper[g]!),
  }));
}

function placeOf(grid: Float64Array, x: number): number {
  const step = grid[1]! - grid[0]!;
  const place = Math.round((x - grid[0]!) / step);
  if (!(place in grid))
    throw new RangeError(`place: expected one from ${grid[0]} to ${grid[grid.length - 1]}, got ${x}`);
  return place;
}
