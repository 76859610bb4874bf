/** The trade-off of a β sweep: the error of each network against its information. */
import type { Figure } from "../../figure.js";
import { INK } from "../../palette.js";
import { scatterFigure } from "../shapes/scatter.js";

/** A sweep such as `models.sweepTable` returns. */
export interface TradeOff {
  /** KL in nats, and squared error of a row, of each network. */
  readonly networks: readonly { readonly rate: number; readonly distortion: number }[];
  /** What is predicted for each β. */
  readonly betas: readonly { readonly klPredicted: number; readonly errorPredicted: number }[];
}

/**
 * A point for each trained network and a grey one for the prediction of each β: information across, error up.
 * @throws RangeError as `scatter`.
 */
export function tradeOffFigure({ networks, betas }: TradeOff, { title }: { readonly title: string }): Figure {
  return scatterFigure({
    ...{ title, xTitle: "KL [nats a row]", yTitle: "squared error of a row" },
    series: [
      {
        name: "trained networks",
        x: networks.map((row) => row.rate),
        y: networks.map((row) => row.distortion),
      },
      {
        ...{ name: "predicted from the eigenvalues", colour: INK.reference },
        x: betas.map((row) => row.klPredicted),
        y: betas.map((row) => row.errorPredicted),
      },
    ],
  });
}
