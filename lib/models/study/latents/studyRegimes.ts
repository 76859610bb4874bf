/** Regimes that the head of a study's VAE names. */
import { fold, type Key, key as keyOf } from "../../../core/index.js";
import { type MarketVae, marketForecast, REGIMES } from "../../marketVae/index.js";
import { likeliest } from "../../regimes/index.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

/**
 * Index of the likeliest regime of each row of a part, [N], by the regime head averaged over draws of the latents and all networks.
 * @param options  20 draws unless given
 * @throws RangeError as `marketForecast`.
 */
export function headRegimes(
  fit: StudyFit<MarketVae>,
  part: StudyPart,
  { draws = 20, key = fold(keyOf("study"), "regimes") }: { readonly draws?: number; readonly key?: Key } = {},
): Uint16Array {
  const { regimes } = marketForecast(fit.model.network, fit.weights, fit.encode(part), { draws, key });
  return likeliest(regimes, REGIMES.length);
}
