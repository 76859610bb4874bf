/** KL of each latent dimension during training. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import type { FigureOptions } from "../../theme.js";
import { lineFigure } from "../shapes/curves.js";

/** Options of `latentKl`. */
export interface LatentKlOptions extends Pick<FigureOptions, "title" | "yRange" | "width" | "height"> {
  /** [E] of [R,K]: the KL of each dimension after each epoch, as `klHistory` of a fit; the first network is drawn. */
  readonly kl: readonly ArrayLike<number>[];
  /** K */
  readonly latents: number;
}

/**
 * A line a latent dimension, z1 to zK, over the epochs counted from 1.
 * @throws RangeError when there is no epoch, an epoch has no whole number of networks, or as `themed`.
 */
export function latentKlFigure({ kl, latents, ...options }: LatentKlOptions): Figure {
  checkCount("epochs", kl.length);
  checkCount("latents", latents);
  const networks = Math.max(1, Math.floor(kl[0]!.length / latents));
  for (const [e, own] of kl.entries()) checkLength(`kl[${e}]`, own, networks * latents);
  const epochs = kl.map((_, e) => e + 1);
  const series = Array.from({ length: latents }, (_, k) => ({
    ...{ name: `z${k + 1}`, x: epochs },
    y: kl.map((own) => own[k]!),
  }));
  return lineFigure({ ...options, xTitle: "epoch", yTitle: "KL [nats]", series });
}
