/** Figures of portfolios as stacked bars: one bar a portfolio, one colour an asset. */
import { checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { barFigure } from "../shapes/bars.js";

/** Options of `weights`. */
export interface WeightOptions {
  readonly title: string;
  readonly xTitle: string;
  /** One a portfolio, such as "−2σ" or "BTC". */
  readonly labels: readonly string[];
  /** One an asset. */
  readonly assets: readonly string[];
  /** [N][A] long-only weights, each of sum 1. */
  readonly portfolios: readonly ArrayLike<number>[];
  readonly width?: number;
  readonly height?: number;
}

/** Told apart also when they touch, up to twelve assets. */
const COLOURS: readonly string[] = [
  ...["#0072B2", "#56B4E9", "#009E73", "#8FD4B8", "#E69F00", "#D55E00"],
  ...["#CC79A7", "#F0E442", "#4D4D4D", "#A0A0A0", "#7B4FA3", "#B8860B"],
];

/**
 * Weights of portfolios on top of one another, from 0 to 100 percent.
 * @throws RangeError when labels do not match the portfolios, or a portfolio does not match the assets.
 */
export function weightFigure({ labels, assets, portfolios, ...rest }: WeightOptions): Figure {
  checkLength("labels", labels, portfolios.length);
  portfolios.forEach((w, n) => {
    checkLength(`portfolio "${labels[n]}"`, w, assets.length);
  });
  return barFigure({
    ...{ ...rest, yTitle: "weight [%]", yRange: [0, 100], stacked: true, categories: labels },
    series: assets.map((name, a) => ({
      ...{ name, colour: COLOURS[a % COLOURS.length]! },
      values: portfolios.map((w) => 100 * w[a]!),
    })),
  });
}
