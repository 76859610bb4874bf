/** A window, what an autoencoder makes of it, and what each latent dimension carries, side by side. */
import type { Bars } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { candlePanel } from "../prices/candleGrid.js";
import { barFigure } from "../shapes/bars.js";

/** Options of `reconstruction`. */
export interface ReconstructionOptions {
  /** The finding as a sentence. */
  readonly title: string;
  /** The window's candles, whose prices set the scale of both panels, and the decoded ones. */
  readonly original: Bars;
  readonly decoded: Bars;
  /** [K] KL of each latent dimension, nats: one bar each, in the order given. */
  readonly kl: ArrayLike<number>;
  /** Upper end of the axis of the KL. */
  readonly most: number;
}

/**
 * Three panels: the candles, the decoded candles, and the KL of each latent dimension.
 * @throws RangeError when bars are empty, or as `panels`.
 */
export function reconstructionFigure(options: ReconstructionOptions): Figure {
  const { title, original, decoded, kl, most } = options;
  const prices = widened(original);
  const candles = (bars: Bars, name: string) =>
    candlePanel(bars, { title: name, yTitle: "price", yRange: prices });
  const information = barFigure({
    title: "Information",
    xTitle: "latent dimension",
    yTitle: "KL [nats]",
    yRange: [0, most],
    categories: Array.from(kl, (_, k) => String(k + 1)),
    series: [{ name: "KL", values: kl, colour: "#666666" }],
  });
  return panels([candles(original, "A day"), candles(decoded, "Decoded"), information], {
    ...{ title, columns: 3, width: 760, height: 380 },
  });
}

/** From the lowest to the highest price and a fifth of the way beyond either end. */
function widened({ low, high }: Bars): readonly [number, number] {
  const [least, greatest] = [Math.min(...low), Math.max(...high)];
  const room = 0.2 * (greatest - least);
  return [least - room, greatest + room];
}
