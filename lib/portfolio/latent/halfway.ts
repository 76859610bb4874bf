/** Portfolios half-way between two others: through a latent space, beside the plain average of weights. */
import { checkCount } from "../../core/index.js";
import { significance } from "../../trading/index.js";
import { type PortfolioSet, rowsOf } from "../evaluate/evaluator.js";
import type { Traits } from "../evaluate/traits.js";
import type { PortfolioGenerator } from "./generator.js";

/** One trait, a row of a table: the latent blend's less the average's, mean over the pairs with its 95 % interval. */
export type HalfwayRow = {
  readonly trait: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
};

/**
 * Traits of the portfolio half-way through the latent space less those of the average of weights, over successive pairs of a set.
 * @param pairs  the first portfolios of the set, two by two
 * @throws RangeError when there are fewer than two pairs or the set has not as many portfolios.
 */
export function compareHalfway(
  generator: Pick<PortfolioGenerator, "interpolate">,
  set: PortfolioSet,
  { pairs, traits }: { readonly pairs: number; readonly traits: Traits },
): HalfwayRow[] {
  checkCount("pairs", pairs, 2);
  const rows = rowsOf(set);
  if (rows.length < 2 * pairs)
    throw new RangeError(`set: expected ${2 * pairs} portfolios, got ${rows.length}`);
  const blends = Array.from({ length: pairs }, (_, n) => {
    const [p, q] = [rows[2 * n]!, rows[2 * n + 1]!];
    const latent = rowsOf(generator.interpolate(p, q, { steps: 2 }))[1]!;
    return { latent, average: p.map((w, a) => (w + q[a]!) / 2) };
  });
  return Object.entries(traits).map(([trait, measure]) => {
    const { estimate, lower, upper } = significance.pairedDifference(
      blends.map(({ latent }) => measure(latent)),
      blends.map(({ average }) => measure(average)),
    );
    return { trait, estimate, lower, upper };
  });
}
