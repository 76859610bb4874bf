/** Figures of what goes with what. */

import type { Figure } from "../../figure.js";
import { fixed } from "../../numbers.js";
import type { FigureOptions } from "../../theme.js";
import { heatmapFigure } from "../shapes/fields.js";

/** One cell: how a latent dimension goes with a quantity. */
export interface AssociationCell {
  readonly latent: number;
  readonly quantity: string;
  /** What `value` is: printed with the quantity. */
  readonly measure: string;
  /** From −1 to 1. */
  readonly value: number;
  /** Chance of one as large anywhere in the grid if nothing goes with anything. */
  readonly adjustedP: number;
}

/** Options of `associations`. */
export interface AssociationGridOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  readonly cells: readonly AssociationCell[];
  /** Names of the latents by their index; default "z0", "z1" …. */
  readonly latents?: readonly string[];
  /** Cells with an adjusted p-value of at most this get a star: default 0.05. */
  readonly level?: number;
}

/** What a measure is called in a figure. */
const SIGNS: Readonly<Record<string, string>> = { spearman: "ρ", "eta²": "η²" };

/**
 * Latents by quantities as coloured cells, each with its number, and a star where chance is no explanation.
 * @throws RangeError when a cell is missing or there twice, a value is not in [−1, 1], or as `themed`.
 */
export function associationFigure(options: AssociationGridOptions): Figure {
  const { cells, level = 0.05, latents } = options;
  const rows = [...new Set(cells.map(({ latent }) => latent))].sort((a, b) => a - b);
  const columns = [...new Set(cells.map(({ quantity }) => quantity))];
  const grid = rows.map((latent) => columns.map((quantity) => cellAt(cells, latent, quantity)));
  const heading = (name: string) => {
    const { measure } = cells.find(({ quantity }) => quantity === name)!;
    return `${name} (${SIGNS[measure] ?? measure})`;
  };
  const figure = heatmapFigure({
    ...{
      height: 170 + 34 * rows.length,
      ...options,
      xTitle: `* adjusted p-value of at most ${level}`,
      yTitle: "",
    },
    values: grid.map((row) => row.map(({ value }) => value)),
    rows: rows.map((latent) => latents?.[latent] ?? `z${latent}`),
    columns: columns.map(heading),
    ...{ scale: "diverging", valueRange: [-1, 1], decimals: 2, valueTitle: "association" },
  });
  const text = grid.map((row) =>
    row.map((cell) => fixed(cell.value, 2) + (cell.adjustedP <= level ? " *" : "")),
  );
  return { ...figure, data: figure.data.map((trace) => ({ ...trace, text })) };
}

function cellAt(cells: readonly AssociationCell[], latent: number, quantity: string): AssociationCell {
  const own = cells.filter((cell) => cell.latent === latent && cell.quantity === quantity);
  const [cell] = own;
  if (cell === undefined || own.length > 1)
    throw new RangeError(`cells: expected one of latent ${latent} and "${quantity}", got ${own.length}`);
  if (!(Math.abs(cell.value) <= 1 + 1e-9))
    throw new RangeError(
      `value of latent ${latent} and "${quantity}": expected a number in [−1, 1], got ${cell.value}`,
    );
  return cell;
}
