/** Anomaly scores of rows by a trained autoencoder. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, fold, type Key, normals32 } from "../../core/index.js";
import { feedOf, layoutsOf, type Weights } from "../../nn/layers/index.js";
import { sizeOf } from "../../nn/training/index.js";
import { type RowLatents, withWeights } from "./latents.js";
import { gaussianNll, type Vae } from "./vae.js";

/** Of N rows, nats, averaged over the replicas: larger is stranger. [N] each. */
export interface AnomalyScores {
  /** KL(q(z | x) ‖ N(0, I)): how far the latent vector lies from where latents lie. */
  readonly kl: Float64Array;
  /** −log p(x | z), averaged over the draws of the latent vector. */
  readonly reconstruction: Float64Array;
  /** −ELBO, their sum. */
  readonly bound: Float64Array;
}

const PASS = 4096;

/**
 * Three anomaly scores of each row, [N]. None is a probability, and a deep generative model may give strange rows a *high* likelihood
 * (Nalisnick et al. 2019): judge them on planted breaks before trusting one.
 * @param x      [N, …inputShape]
 * @param codes  of `encodeRows` of the same rows and weights
 * @throws RangeError when there are no draws.
 */
export function anomalyScores(
  model: Vae,
  weights: Weights,
  x: Float32Array,
  codes: RowLatents,
  { draws, key }: { readonly draws: number; readonly key: Key },
): AnomalyScores {
  checkCount("draws", draws);
  const [replicas, rows] = codes.shape;
  const kl = klOfRows(codes);
  const reconstruction = new Float64Array(rows);
  const chunk = Math.max(1, Math.floor(PASS / replicas));
  withWeights(model, weights, (state) => {
    for (let from = 0; from < rows; from += chunk) {
      const count = Math.min(chunk, rows - from);
      for (let s = 0; s < draws; s++) {
        const values = nllOfRows(model, state, x, codes, { from, count, key: fold(key, s, from) });
        for (let i = 0; i < values.length; i++)
          reconstruction[from + (i % count)]! += values[i]! / (replicas * draws);
      }
    }
  });
  return { kl, reconstruction, bound: kl.map((value, n) => value + reconstruction[n]!) };
}

function klOfRows({ shape, mean, logVar }: RowLatents): Float64Array {
  const [replicas, rows, latents] = shape;
  const out = new Float64Array(rows);
  for (let i = 0; i < mean.length; i++) {
    const own = 0.5 * (mean[i]! ** 2 + Math.exp(logVar[i]!) - logVar[i]! - 1);
    out[Math.floor(i / latents) % rows]! += own / replicas;
  }
  return out;
}

/** [R · count] */
function nllOfRows(
  model: Vae,
  state: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor },
  x: Float32Array,
  { shape, mean, logVar }: RowLatents,
  { from, count, key }: { from: number; count: number; key: Key },
): Float32Array {
  const [replicas, rows, latents] = shape;
  const noise = normals32(key, replicas * count * latents);
  const z = noise.map((e, i) => {
    const r = Math.floor(i / (count * latents));
    const k = (r * rows + from) * latents + (i % (count * latents));
    return mean[k]! + Math.exp(0.5 * logVar[k]!) * e;
  });
  const size = sizeOf(model.inputShape);
  const nll = tf.tidy(() => {
    const feed = feedOf(layoutsOf(model), state, {}, false);
    const decoded = model.decode(feed, tf.tensor3d(z, [replicas, count, latents]));
    const part = tf.tensor(x.subarray(from * size, (from + count) * size), [1, count, size]);
    return gaussianNll(part, decoded.reshape([replicas, count, size]), model.noiseLogVar(feed));
  });
  const values = nll.dataSync() as Float32Array;
  nll.dispose();
  return values;
}
