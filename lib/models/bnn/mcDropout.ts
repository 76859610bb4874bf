/** Dropout that stays on: the cheapest stand-in for a posterior, with the parameters of one plain network. */
import type { Weights } from "../../nn/layers/index.js";
import { type DrawOptions, drawForecasts, type ForecastDraws } from "./forecastDraws.js";
import type { ForecastNetwork } from "./forecastNetwork.js";

/**
 * Predictions by S passes of a plain network over x [N,F], each with dropout masks of its own for every row. Train it with `plainNetwork` and a rate of dropout.
 *
 * Its spread is set by the rate, which nothing learns, and does not fall as data grow: a posterior it is in name.
 * @throws RangeError when the network drops nothing, and all passes would be one.
 * @see Gal & Ghahramani 2016
 */
export function mcDropout(
  network: ForecastNetwork,
  weights: Weights,
  x: Float32Array,
  options: Omit<DrawOptions, "roles">,
): ForecastDraws {
  if (!network.noise.some((spec) => spec.role === "dropout"))
    throw new RangeError("mcDropout: expected a network with dropout, got one without");
  return drawForecasts(network, weights, x, { ...options, roles: ["dropout"] });
}
