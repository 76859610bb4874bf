/** One row as an autoencoder sees it: what went in, what is decoded from its posterior mean, and what each dimension carries. */
import { mean } from "../../core/index.js";
import { takeReplicas } from "../../nn/training/index.js";
import { activeDimensions, replicaLatents } from "../disentangle/activeDimensions.js";
import { decodeLatents, encodeRows } from "../vae/latents.js";
import type { Vae } from "../vae/vae.js";
import type { StudyFit } from "./studyFit.js";
import type { StudyPart } from "./studyModel.js";

/** Rows of a part beside their reconstructions. */
export interface Reconstruction {
  /** [T·F] scaled. */
  readonly input: Float32Array;
  /** [T·F] scaled mean of p(x | z) at the row's posterior mean. */
  readonly decoded: Float32Array;
  /** [K] KL of each dimension over the whole part, nats, largest first. */
  readonly kl: Float64Array;
  /** Dimensions whose posterior means vary over the part by more than 0.01. */
  readonly active: number;
  /** Mean squared difference of input and decoded values. */
  readonly error: number;
}

/**
 * The reconstruction of a row of a part by one network, and the use of its dimensions over the part.
 * @throws RangeError when the row or the network is not there.
 */
export function reconstruct(
  fit: StudyFit<Vae>,
  part: StudyPart,
  row: number,
  { network: replica = 0 }: { readonly network?: number } = {},
): Reconstruction {
  if (!(Number.isInteger(row) && row >= 0 && row < part.rows))
    throw new RangeError(`row: expected an index below ${part.rows}, got ${row}`);
  if (!(replica in fit.settings))
    throw new RangeError(`network: expected an index below ${fit.settings.length}, got ${replica}`);
  const { network } = fit.model;
  const own = takeReplicas(fit.weights, [replica]);
  const all = encodeRows(network, own, part.x);
  const size = part.x.length / part.rows;
  const input = part.x.slice(row * size, (row + 1) * size);
  const code = Float32Array.from(all.mean.subarray(row * network.latents, (row + 1) * network.latents));
  const decoded = Float32Array.from(decodeLatents(network, own, code, [1, network.latents]));
  return {
    ...{ input, decoded },
    kl: all.klPerDimension.slice().sort().reverse(),
    active: activeDimensions(replicaLatents(all, 0), 0.01).active,
    error: mean(decoded.map((value, i) => (value - input[i]!) ** 2)),
  };
}
