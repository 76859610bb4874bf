/** The worth of a Sharpe ratio once it is known how many strategies were tried. */
import { deflatedSharpe, sharpeMoments } from "../../trading/significance/index.js";
import type { Block } from "./page.js";

/**
 * In words, what the best of so many variants without skill would show, and how probable it is that this one beats it.
 * @param year      bars of a year
 * @param variants  tried, this one included; undefined where nobody said
 */
export function sharpeOfVariants(returns: Float64Array, year: number, variants: number | undefined): Block[] {
  if (variants === undefined)
    return [
      {
        kind: "text",
        text: "How many variants were tried before this one was not said (--variants COUNT): no statistic here charges for them.",
        isWarning: true,
      },
    ];
  if (returns.length < 3 || returns.every((r) => r === returns[0]))
    return [{ kind: "text", text: "The returns do not vary: nothing can be charged for the variants." }];
  const trials = { variance: 1 / (returns.length - 1), count: variants, source: "independent" } as const;
  const { benchmark, probability } = deflatedSharpe(sharpeMoments(returns), trials);
  const best = (benchmark * Math.sqrt(year)).toFixed(2);
  return [
    {
      kind: "text",
      text:
        `Of ${variants} independent ${variants === 1 ? "variant" : "variants"} without skill the best would show a Sharpe ratio of ${best} a year over as many bars; ` +
        `the true ratio exceeds that with probability ${probability.toFixed(3)} (the deflated Sharpe ratio, for independent returns).`,
    },
  ];
}
