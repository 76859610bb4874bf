/** The ELBO of a linear autoencoder without draws. */
import { mean, sum } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { decodeLatents, encodeRows } from "./latents.js";
import type { Vae } from "./vae.js";

/**
 * The mean ELBO of rows by one linear network, in nats a row, in closed form: no latent vector is drawn.
 *
 * The expected squared error is that of the decoded mean plus Σₖ σₖ²‖wₖ‖², where wₖ is the decoder's column of dimension k.
 * @param x  [N, …inputShape]
 * @throws RangeError when the autoencoder is not linear, its noise variance is learnt, or there are several networks.
 * @see Lucas, Tucker, Grosse & Norouzi 2019
 */
export function linearElbo(model: Vae, weights: Weights, x: Float32Array): number {
  const { latents, config } = model;
  if (config.encoder.kind !== "linear")
    throw new RangeError(`model: expected a linear encoder and decoder, got kind "${config.encoder.kind}"`);
  if (typeof config.noise !== "object")
    throw new RangeError(`noise: expected a stated variance, got "${config.noise}"`);
  if (weights.replicas !== 1) throw new RangeError(`weights: expected one network, got ${weights.replicas}`);
  const { variance } = config.noise;
  const codes = encodeRows(model, weights, x);
  const rows = codes.shape[1];
  const size = x.length / rows;
  const decoded = decodeLatents(model, weights, Float32Array.from(codes.mean), [rows, latents]);
  const missed = sum(decoded.map((value, i) => (value - x[i]!) ** 2)) / rows;
  const lengths = columnLengths(model, weights, size);
  const spread = mean(
    Float64Array.from({ length: rows }, (_, n) =>
      lengths.reduce((total, length, k) => total + length * Math.exp(codes.logVar[n * latents + k]!), 0),
    ),
  );
  const logLikelihood = -0.5 * size * Math.log(2 * Math.PI * variance) - (missed + spread) / (2 * variance);
  return logLikelihood - sum(codes.klPerDimension);
}

/** [K] squared lengths of the decoder's columns. */
function columnLengths(model: Vae, weights: Weights, size: number): number[] {
  const { latents } = model;
  const units = Float32Array.from({ length: (latents + 1) * latents }, (_, i) =>
    Math.floor(i / latents) === (i % latents) + 1 ? 1 : 0,
  ); // the origin, then one unit vector a dimension
  const decoded = decodeLatents(model, weights, units, [latents + 1, latents]);
  return Array.from({ length: latents }, (_, k) =>
    sum(Float64Array.from({ length: size }, (_, d) => (decoded[(k + 1) * size + d]! - decoded[d]!) ** 2)),
  );
}
