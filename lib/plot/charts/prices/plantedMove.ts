/** Figures of a move of prices and what was held through it. */
import type { Figure } from "../../figure.js";
import { INK } from "../../palette.js";
import { panels } from "../../panels.js";
import { bands, type EstimatedCurve } from "../estimates/estimates.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `plantedMove`: one shape of a study of planted moves. */
export interface PlantedMoveOptions {
  readonly title: string;
  /** Hours since the move began. */
  readonly since: readonly number[];
  /** [since] 1 before the move. */
  readonly price: ArrayLike<number>;
  /** By rule: exposure in percent of equity, [since]. */
  readonly held: Readonly<Record<string, EstimatedCurve>>;
}

/** The price over what each rule holds, with two standard errors; ranges that are the same for every shape, so that a slider compares. */
export function plantedMoveFigure({ title, since, price, held }: PlantedMoveOptions): Figure {
  const xTitle = "hours since the move began";
  const above = lineFigure({
    ...{ title: "price, mean of the symbols", xTitle, yTitle: "price before = 1", yRange: [0.7, 1.4] },
    series: [{ name: "price", x: since, y: price, colour: INK.text }],
  });
  const below = lineFigure({
    ...{ title: "held by a long-only account", xTitle, yTitle: "exposure [% of equity]", yRange: [0, 100] },
    series: bands(since, held),
  });
  return panels([above, below], { title, columns: 1, height: 640 });
}
