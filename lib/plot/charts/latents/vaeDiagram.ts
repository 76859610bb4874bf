/** Drawing of a variational autoencoder with heads. */
import type { Figure } from "../../figure.js";
import { diagramFigure } from "../shapes/diagram.js";

/** Options of `vaeDiagram`. */
export interface VaeDiagramOptions {
  readonly title: string;
  /** Bars of a window, and features of each. */
  readonly hours: number;
  readonly features: number;
  /** Units of the encoder's layers. */
  readonly encoder: readonly number[];
  readonly latents: number;
  /** Head → what it predicts, such as "mean, variance". */
  readonly heads: Readonly<Record<string, string>>;
}

/**
 * Boxes from the window through encoder, posterior and draw to the decoder and the heads.
 * @throws RangeError as `diagram`.
 */
export function vaeDiagramFigure(options: VaeDiagramOptions): Figure {
  const { title, hours, features, encoder, latents, heads } = options;
  const outputs = Object.entries(heads).map(([name, predicted]) => ({ name, lines: [predicted] }));
  return diagramFigure({
    title,
    columns: [
      [{ name: "window x", lines: [`${hours} hours of`, `${features} features`] }],
      [{ name: "encoder", lines: ["layers of", `${encoder.join(" and ")} units`] }],
      [{ name: "q(z | x)", lines: ["means μ,", "variances σ²,", `${latents} of each`] }],
      [{ name: "draw", lines: ["z = μ + σ ε", "ε ~ N(0, 1)"] }],
      [{ name: "decoder", lines: ["the window"] }, ...outputs],
    ],
  });
}
