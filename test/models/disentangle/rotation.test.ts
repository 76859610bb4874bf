import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fromFlat, fromRows, Matrix } from "../../../lib/core/linalg.js";
import { fold, integers, key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { replicaLatents } from "../../../lib/models/disentangle/activeDimensions.js";
import { linearWeights } from "../../../lib/models/disentangle/knownLatents.js";
import { latentColumns } from "../../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../../lib/models/disentangle/mig.js";
import { encodeRows } from "../../../lib/models/vae/latents.js";
import { LATENTS, vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { feedOf, layoutsOf, type Weights } from "../../../lib/nn/layers/model.js";
import { gaussianTotalCorrelation } from "../../../lib/prob/divergences/decompose.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("rotation");
const [rows, inputs, latents] = [1000, 6, 3];
const posteriorVar = 0.05;
const model = vae({ inputShape: [inputs], latents, encoder: { kind: "linear" }, noise: { variance: 0.1 } });

const factors = [3, 4, 5].map((n) => Float64Array.from(integers(fold(root, "factor", n), rows, n)));
const standardised = factors.map((f) => f.map((v) => (v - mean(f)) / standardDeviation(f)));
/** Orthonormal columns [D,K]. */
const loadings = fromRows([
  [1, 1, 0],
  [1, -1, 0],
  [0, 0, 1],
  [0, 0, 1],
  [0, 0, 1],
  [0, 0, 1],
]).mul(1);
for (let k = 0; k < latents; k++) {
  const size = Math.hypot(...loadings.getColumn(k));
  for (let d = 0; d < inputs; d++) loadings.set(d, k, loadings.get(d, k) / size);
}
const e = normals(fold(root, "e"), rows * inputs);
const x = Float32Array.from(e, (noise, i) => {
  const [row, d] = [Math.floor(i / inputs), i % inputs];
  return 0.03 * noise + standardised.reduce((total, f, k) => total + loadings.get(d, k) * f[row]!, 0);
});
/** An orthogonal matrix that gives every code a part of every factor. */
const rotation = Matrix.eye(latents, latents).sub(new Matrix(latents, latents).fill(2 / 3));

const weightsOf = (turn: Matrix) => linearWeights(model, { basis: loadings, turn, posteriorVar });

function termsOf(weights: Weights, noise: Matrix) {
  return tf.tidy(() => {
    const state = {
      parameters: tf.tensor2d(weights.parameters, [1, weights.parameters.length]),
      buffers: tf.zeros([1, 0]),
    };
    const draws = { [LATENTS]: tf.tensor(noise.to1DArray(), [1, rows, latents]) };
    const feed = feedOf(layoutsOf(model), state, draws, false);
    const { nll, kl } = model.terms(feed, tf.tensor(x, [1, rows, inputs]), tf.zeros([1, rows, 0]));
    return { nll: Array.from(nll.dataSync()), kl: Array.from(kl.dataSync()) };
  });
}

test("BV-18: a rotation leaves the bound of every row as it was, and takes the gap from above 0.9 to below 0.35", () => {
  const noise = fromFlat(normals(fold(root, "codes"), rows * latents), rows, latents);
  const [straight, turned] = [weightsOf(Matrix.eye(latents, latents)), weightsOf(rotation)];
  const before = termsOf(straight, noise);
  const after = termsOf(turned, noise.mmul(rotation.transpose()));
  before.nll.forEach((value, i) => {
    expect(after.nll[i]).toBeCloseTo(value, 3);
    expect(after.kl[i]).toBeCloseTo(before.kl[i]!, 3);
  });
  const gap = (weights: Weights) => {
    const { mean: codes } = replicaLatents(encodeRows(model, weights, x), 0);
    return mutualInformationGap({ codes: latentColumns(codes, latents), factors }).mig;
  };
  expect(gap(straight)).toBeGreaterThan(0.9);
  expect(gap(turned)).toBeLessThan(0.35);
});

test("the total correlation of a Gaussian does not see a rotation of equal variances", () => {
  const spread = Matrix.eye(latents, latents, 2.5);
  const turned = rotation.mmul(spread).mmul(rotation.transpose());
  expect(gaussianTotalCorrelation(turned)).toBeCloseTo(gaussianTotalCorrelation(spread), 12);
});
