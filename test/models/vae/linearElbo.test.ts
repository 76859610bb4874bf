import { beforeAll, expect, test } from "vitest";
import { core, models, nn } from "../../../lib/index.js";

const { disentangle, autoencoder } = models;
const root = core.key("linear ELBO");
const { x, basis } = disentangle.linearCauses(root, 300);
const config = { inputShape: [6], latents: 3, noise: { variance: 0.1 } };
const model = autoencoder.vae({ ...config, encoder: { kind: "linear" } });

beforeAll(async () => {
  await nn.startBackend();
});

test("the closed form is the mean of the drawn bound, within four standard errors", () => {
  const weights = disentangle.linearWeights(model, { basis, posteriorVar: 0.2 });
  const codes = autoencoder.encodeRows(model, weights, x);
  const bounds = [...Array(40).keys()].map((s) =>
    core.mean(
      autoencoder.anomalyScores(model, weights, x, codes, { draws: 1, key: core.fold(root, s) }).bound,
    ),
  );
  const error = core.standardDeviation(bounds) / Math.sqrt(bounds.length);
  expect(Math.abs(-core.mean(bounds) - autoencoder.linearElbo(model, weights, x))).toBeLessThan(4 * error);
});

test("a rotation of the latent vector leaves it as it was; another posterior variance does not", () => {
  const turn = core.Matrix.eye(3, 3).sub(new core.Matrix(3, 3).fill(2 / 3));
  const elbo = (options: { turn?: core.Matrix; posteriorVar: number }) =>
    autoencoder.linearElbo(model, disentangle.linearWeights(model, { basis, ...options }), x);
  const plain = elbo({ posteriorVar: 0.05 });
  expect(Math.abs(elbo({ turn, posteriorVar: 0.05 }) - plain)).toBeLessThan(1e-4);
  expect(Math.abs(elbo({ posteriorVar: 0.5 }) - plain)).toBeGreaterThan(0.1);
});

test("networks that are not linear, or whose noise is learnt, are refused", () => {
  const weights = disentangle.linearWeights(model, { basis, posteriorVar: 0.05 });
  const curved = autoencoder.vae({ ...config, encoder: { kind: "mlp", hidden: [4] } });
  expect(() => autoencoder.linearElbo(curved, weights, x)).toThrow(/expected a linear encoder/);
  const learnt = autoencoder.vae({ ...config, encoder: { kind: "linear" }, noise: "learned" });
  expect(() => autoencoder.linearElbo(learnt, weights, x)).toThrow(/expected a stated variance/);
});
