/** Anomaly scores of windows by a study's autoencoder. */
import type { Key } from "../../../core/index.js";
import { type AnomalyScores, anomalyScores } from "../../vae/anomaly.js";
import { encodeRows } from "../../vae/latents.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";

/**
 * KL, reconstruction and bound of each of N windows, [N] each, in nats: averaged over the networks of the fit and over `draws`.
 * @param x  [N,T,F] scaled as in training
 * @throws RangeError when x is not whole rows or there are no draws.
 */
export function anomalies(
  { model, weights }: StudyFit<Vae>,
  x: Float32Array,
  settings: { readonly draws: number; readonly key: Key },
): AnomalyScores {
  return anomalyScores(model.network, weights, x, encodeRows(model.network, weights, x), settings);
}
