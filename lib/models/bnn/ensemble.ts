/** The deep ensemble: networks that differ by their first weights and the order of their batches, as replicas of one training. */
import { checkCount, fold, type Key } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { drawForecasts, type ForecastDraws } from "./forecastDraws.js";
import type { ForecastNetwork } from "./forecastNetwork.js";

/**
 * Keys, one a member, for `train`: members are exchangeable, so that their spread is epistemic.
 * @throws RangeError when there are fewer than two members.
 */
export function memberKeys(key: Key, members: number): Key[] {
  checkCount("members", members, 2);
  return Array.from({ length: members }, (_, m) => fold(key, "member", m));
}

/**
 * The prediction of each member for rows x [N,F]; nothing else is drawn. Their mixture is the forecast.
 * @throws RangeError when there are fewer than two members.
 * @see Lakshminarayanan, Pritzel & Blundell 2017
 */
export function ensembleForecasts(
  network: ForecastNetwork,
  weights: Weights,
  x: Float32Array,
  key: Key,
): ForecastDraws {
  checkCount("members", weights.replicas, 2);
  return drawForecasts(network, weights, x, { draws: 1, key, roles: [] });
}

/**
 * The weights of the first members of an ensemble, such as to see what more of them bring.
 * @throws RangeError when there are not so many.
 */
export function firstMembers(weights: Weights, members: number): Weights {
  checkCount("members", members);
  if (members > weights.replicas)
    throw new RangeError(`members: expected at most ${weights.replicas}, got ${members}`);
  const part = (values: Float32Array) => values.slice(0, (values.length / weights.replicas) * members);
  return { replicas: members, parameters: part(weights.parameters), buffers: part(weights.buffers) };
}
