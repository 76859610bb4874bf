/** Traits of portfolios, such as volatility or the weight of a group: measured, averaged, by recipe. */
import { checkCount, mean, median } from "../../core/index.js";
import { type PortfolioSet, rowsOf } from "./evaluator.js";

/** Measures of a portfolio [A], by name. */
export type Traits = Readonly<Record<string, (weights: Float64Array) => number>>;

/**
 * The measure of the weight in a group of assets, percent.
 * @param names  [A]
 * @param group  names of the group; those that are not held count nothing
 * @throws RangeError when there is no asset.
 */
export function weightIn(
  names: readonly string[],
  group: readonly string[],
): (weights: ArrayLike<number>) => number {
  checkCount("assets", names.length);
  const inside = names.map((name) => group.includes(name));
  return (weights) => 100 * Array.from(weights).reduce((total, w, a) => total + (inside[a] ? w : 0), 0);
}

/** Traits of the portfolios of a set, as conditions of a generator are given, and trait by trait. */
export interface MeasuredTraits<T extends Traits> {
  /** [C] */
  readonly names: string[];
  /** [N,C] row-major */
  readonly values: Float64Array;
  /** [N] each, by name. */
  readonly columns: { readonly [K in keyof T]: Float64Array };
}

/** Traits of every portfolio of a set. */
export function measureTraits<T extends Traits>(set: PortfolioSet, traits: T): MeasuredTraits<T> {
  const rows = rowsOf(set);
  const names: (keyof T & string)[] = Object.keys(traits);
  const values = Float64Array.from(rows.flatMap((w) => names.map((name) => traits[name]!(w))));
  const columns = Object.fromEntries(names.map((name) => [name, Float64Array.from(rows, traits[name]!)]));
  return { names, values, columns: columns as { [K in keyof T]: Float64Array } };
}

/** The average of each trait over a set: the mean, or another statistic such as `core.median`. */
export function averageTraits<T extends Traits>(
  set: PortfolioSet,
  traits: T,
  average: (values: Float64Array) => number = mean,
): { [K in keyof T]: number } {
  const rows = rowsOf(set);
  const entries = Object.entries(traits).map(([name, measure]) => [
    name,
    average(Float64Array.from(rows, measure)),
  ]);
  return Object.fromEntries(entries);
}

/** One row a recipe, in the order in which recipes occur: its portfolios counted, and the median of each trait. */
export function traitsByRecipe(
  set: PortfolioSet & { readonly origins: readonly { readonly source: string }[] },
  traits: Traits,
): ({ recipe: string; portfolios: number } & Record<string, number | string>)[] {
  const rows = rowsOf(set);
  const recipes = [...new Set(set.origins.map(({ source }) => source))];
  return recipes.map((recipe) => {
    const own = rows.filter((_, n) => set.origins[n]!.source === recipe);
    const weights = Float64Array.from(own.flatMap((w) => Array.from(w)));
    const medians = averageTraits({ weights, assets: set.assets }, traits, median);
    return { recipe, portfolios: own.length, ...medians };
  });
}
