/** A window of candles beside what several autoencoders make of it: a slider moves from one to the next. */
import { checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { type ReconstructionOptions, reconstructionFigure } from "../latents/reconstruction.js";
import { sliderFigure } from "../shapes/slider.js";

/** A window as one autoencoder decodes it, such as `features.reconstructedCandles` returns. */
export interface CandleView extends Pick<ReconstructionOptions, "original" | "decoded" | "kl"> {
  /** Latent dimensions in use. */
  readonly active: number;
}

/** Options of `candleReconstructions`. */
export interface CandleReconstructionOptions {
  /** What differs between the views, such as "β", and its value for each. */
  readonly name: string;
  readonly settings: readonly (number | string)[];
  /** One a setting. */
  readonly views: readonly CandleView[];
  /** Index of the setting that is shown first, 0 by default. */
  readonly start?: number;
}

/**
 * The figure `reconstruction` of each view with a slider over the settings; the axis of the KL is the same in all.
 * @throws RangeError when there is not one view a setting, or as `slider`.
 */
export function candleReconstructionFigure(options: CandleReconstructionOptions): Figure {
  const { name, settings, views, start = 0 } = options;
  checkLength("views", views, settings.length);
  const most = 1.05 * Math.max(...views.flatMap(({ kl }) => Array.from(kl)));
  const steps = views.map(({ active, ...view }, i) => {
    const title = `${name} = ${settings[i]}: ${active} of ${view.kl.length} latent dimensions in use`;
    return { label: String(settings[i]), figure: reconstructionFigure({ ...view, title, most }) };
  });
  return sliderFigure({ name, steps, start });
}
