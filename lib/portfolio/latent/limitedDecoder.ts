/** A decoder whose portfolios keep their limits, with the slope that is left of its own. */

import { type Constraints, project } from "../constraints/projection.js";
import type { DifferentiableDecoder } from "./latentOptimise.js";

const NEAR = 1e-10;

/**
 * project(decode(z)): an optimum of it is the best latent vector among portfolios within limits, not one that limits spoil afterwards.
 *
 * Where a weight lies at a bound the slope ends; the others share what their sum forbids, a full sector on its own. At the latents where
 * a bound begins to hold the slope is that of one side.
 * @throws RangeError as `project`.
 */
export function limitedDecoder(
  decoder: DifferentiableDecoder,
  constraints: Constraints,
): DifferentiableDecoder {
  const decode = (z: Float64Array) => project(decoder.decode(z), constraints);
  return {
    latents: decoder.latents,
    decode,
    pullBack: (z, g) => decoder.pullBack(z, alongFace(decode(z), g, constraints)),
  };
}

/** The part of g that moves along the face of the limits on which w lies: what projection passes on, either way. */
function alongFace(w: Float64Array, g: Float64Array, constraints: Constraints): Float64Array {
  const { cap, longOnly = true, sectors = [], minimum = 0 } = constraints;
  const most = cap ?? (longOnly ? 1 : Number.POSITIVE_INFINITY);
  const bounds = [most, longOnly ? 0 : -most, ...(minimum > 0 ? [minimum] : [])];
  const group = new Int32Array(w.length).fill(-1);
  sectors.forEach(({ assets, most: limit }, s) => {
    if (assets.reduce((total, a) => total + w[a]!, 0) > limit - NEAR) for (const a of assets) group[a] = s;
  });
  const out = new Float64Array(w.length);
  for (let s = -1; s < sectors.length; s++) {
    const free = Array.from(w.keys()).filter(
      (a) => group[a] === s && bounds.every((bound) => Math.abs(w[a]! - bound) > NEAR),
    );
    const average = free.reduce((total, a) => total + g[a]!, 0) / free.length;
    for (const a of free) out[a] = g[a]! - average;
  }
  return out;
}
