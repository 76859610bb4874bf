/** One row as an autoencoder sees it: what went in, what is decoded from its posterior mean, and what each dimension carries. */
import { mean } from "../../../core/index.js";
import { activeDimensions, replicaLatents } from "../../disentangle/activeDimensions.js";
import { decodeLatents } from "../../vae/latents.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";
import { encodedRow } from "./studyRow.js";

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
 * The reconstruction of a row of a part by one network, and the use of its dimensions over the part. `reconstructWindows` gives it in the unit
 * of the features, with fewer dimensions on request.
 * @throws RangeError when the row or the network is not there.
 */
export function reconstruct(
  fit: StudyFit<Vae>,
  part: StudyPart,
  row: number,
  { network = 0 }: { readonly network?: number } = {},
): Reconstruction {
  const { model, weights, input, posteriors, means } = encodedRow(fit, part, { row, network });
  const decoded = Float32Array.from(
    decodeLatents(model, weights, Float32Array.from(means), [1, model.latents]),
  );
  return {
    ...{ input, decoded },
    kl: posteriors.klPerDimension.slice().sort().reverse(),
    active: activeDimensions(replicaLatents(posteriors, 0), 0.01).active,
    error: mean(decoded.map((value, i) => (value - input[i]!) ** 2)),
  };
}
