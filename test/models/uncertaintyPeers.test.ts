import { beforeAll, describe, expect, test } from "vitest";
import { momentsOf } from "../../lib/core/forecast.js";
import { fold, type Key, key, normals, uniforms } from "../../lib/core/random.js";
import { mean } from "../../lib/core/stats.js";
import { type BnnConfig, bnn, STANDARD_NORMAL } from "../../lib/models/bnn/bnn.js";
import { ensembleForecasts, firstMembers, memberKeys } from "../../lib/models/bnn/ensemble.js";
import { drawForecasts } from "../../lib/models/bnn/forecastDraws.js";
import type { NetworkConfig } from "../../lib/models/bnn/forecastNetwork.js";
import { lastLayerLaplace } from "../../lib/models/bnn/lastLayerLaplace.js";
import { mcDropout } from "../../lib/models/bnn/mcDropout.js";
import { plainNetwork } from "../../lib/models/bnn/plainNetwork.js";
import { bayesianLinearRegression, predictLinear } from "../../lib/models/inference/exact/conjugate.js";
import { startBackend } from "../../lib/nn/backend.js";
import { layoutsOf, type Model, type Weights } from "../../lib/nn/layers/model.js";
import type { Data } from "../../lib/nn/training/batches.js";
import { predict } from "../../lib/nn/training/predict.js";
import { train } from "../../lib/nn/training/train.js";
import { mixtureNll } from "../../lib/prob/distributions/drawMixture.js";
import { constant } from "../../lib/prob/divergences/schedule.js";
import { classUncertainty } from "../../lib/prob/divergences/uncertainty.js";

beforeAll(async () => {
  await startBackend("wasm"); // small tensors: several times faster than the native one
});

const root = key("peers");
const SD = 0.1;

/** A sine of x in [−1, 1], its noise of standard deviation `sd` at x. */
function sine(rows: number, of: Key, sd: (x: number) => number = () => SD): Data {
  const [u, e] = [uniforms(fold(of, "x"), rows), normals(fold(of, "e"), rows)];
  const x = Float32Array.from(u, (v) => 2 * v - 1);
  return { x, y: Float32Array.from(x, (v, n) => Math.sin(3 * v) + sd(v) * e[n]!), rows };
}

const curve = (changes: Partial<NetworkConfig> = {}): NetworkConfig => ({
  ...{ inputs: 1, hidden: [24, 24], activation: "tanh" as const, dropout: [], heads: ["return" as const] },
  noise: { variance: SD ** 2 },
  ...changes,
});
const prior = (layer: number) => ({ weightSd: layer === 0 ? 2 : 0.5, biasSd: 1 });

async function fitted(model: Model, data: Data, keys: readonly Key[], epochs = 500): Promise<Weights> {
  const fit = await train(model, data, {
    ...{ keys, batchSize: Math.min(data.rows, 100), epochs, beta: constant(1), sharedBatches: root },
    learningRate: (step) =>
      0.02 * 0.1 ** Math.max(0, (step * 100) / (epochs * Math.max(100, data.rows)) - 0.4),
  });
  return fit.weights;
}

const inside = Float32Array.from([-0.8, -0.4, 0, 0.4, 0.8]);
const outside = Float32Array.from([-3, -2, 2, 3]);

describe("on a sine seen between −1 and 1", () => {
  const data = sine(100, root);

  test("BN-01: the mode of the posterior fits, and says the same of what it has never seen: no doubt at all", async () => {
    const model = plainNetwork({ ...curve(), dataSize: 100, prior });
    const said = predict(model, await fitted(model, data, [root]), outside, { draws: 3, key: root });
    expect(Math.max(...said.epistemic)).toBeLessThan(1e-9);
    expect(said.aleatoric[0]).toBeCloseTo(SD ** 2, 6);
  });

  test("BN-65 VI-89: an ensemble's members differ where no data hold them, and their mixture is better than its members", async () => {
    const model = plainNetwork({ ...curve(), dataSize: 100, prior });
    const weights = await fitted(model, data, memberKeys(root, 5));
    expect(weights.parameters.length).toBe(5 * layoutsOf(model).parameters.total);
    const doubt = (x: Float32Array) =>
      mean(momentsOf(ensembleForecasts(model, weights, x, root).returns!).epistemic);
    expect(doubt(outside)).toBeGreaterThan(20 * doubt(inside));
    const fresh = sine(400, fold(root, "fresh"));
    const nll = (members: Weights) => {
      const draws = drawForecasts(model, members, fresh.x, { draws: 1, key: root, roles: [] }).returns!;
      return mean(mixtureNll(draws, fresh.y));
    };
    const total = layoutsOf(model).parameters.total;
    const alone = [0, 1, 2, 3, 4].map((m) =>
      nll({
        replicas: 1,
        parameters: weights.parameters.slice(m * total, (m + 1) * total),
        buffers: new Float32Array(0),
      }),
    );
    expect(nll(weights)).toBeLessThan(mean(alone));
    expect(nll(firstMembers(weights, 1))).toBeCloseTo(alone[0]!, 6);
    expect(() => ensembleForecasts(model, firstMembers(weights, 1), inside, root)).toThrow("members");
  });

  test("BN-64 VI-88: dropout that stays on spreads, costs no parameter, and does not know how many rows there were", async () => {
    const config = curve({ dropout: [0.1, 0.1] });
    const spreads = [];
    for (const rows of [50, 800]) {
      const model = plainNetwork({ ...config, dataSize: rows, prior });
      expect(layoutsOf(model).parameters.total).toBe(
        layoutsOf(plainNetwork({ ...curve(), dataSize: rows })).parameters.total,
      );
      const weights = await fitted(model, sine(rows, fold(root, "rows")), [root], rows === 50 ? 800 : 100);
      const draws = mcDropout(model, weights, inside, { draws: 200, key: root });
      spreads.push(mean(momentsOf(draws.returns!).epistemic));
    }
    expect(spreads[0]).toBeGreaterThan(1e-4);
    expect(spreads[1]! / spreads[0]!).toBeGreaterThan(0.3); // sixteen times the rows would make a posterior's variance a sixteenth
    const none = plainNetwork({ ...curve(), dataSize: 50 });
    const still = {
      replicas: 1,
      parameters: new Float32Array(layoutsOf(none).parameters.total),
      buffers: new Float32Array(0),
    };
    expect(() => mcDropout(none, still, inside, { draws: 2, key: root })).toThrow("dropout");
  });

  test("the last layer's Laplace keeps the fitted mean and doubts more off the data", async () => {
    const model = plainNetwork({ ...curve(), dataSize: 100, prior });
    const weights = await fitted(model, data, [root]);
    const laplace = lastLayerLaplace(model, weights, data, { weightSd: 0.5, biasSd: 1 });
    const [near, far] = [laplace.predict(inside), laplace.predict(outside)];
    expect(Array.from(near.mean)).toEqual(
      Array.from(predict(model, weights, inside, { draws: 1, key: root }).mean),
    );
    expect(mean(far.epistemic)).toBeGreaterThan(3 * mean(near.epistemic));
  });
});

test("without a hidden layer the last layer's Laplace is the exact posterior of linear regression", async () => {
  const rows = 40;
  const e = normals(fold(root, "linear"), rows * 3);
  const x = Float32Array.from({ length: rows * 2 }, (_, i) => e[i]!);
  const y = Float32Array.from(
    { length: rows },
    (_, n) => 0.5 * x[2 * n]! - x[2 * n + 1]! + 0.4 * e[2 * rows + n]!,
  );
  const config: NetworkConfig = { ...curve(), inputs: 2, hidden: [], noise: { variance: 0.16 } };
  const model = plainNetwork({ ...config, dataSize: rows, prior: () => ({ weightSd: 1, biasSd: 1 }) });
  const weights = await fitted(model, { x, y, rows }, [root], 600);
  const laplace = lastLayerLaplace(model, weights, { x, rows }, { weightSd: 1, biasSd: 1 });
  const design = Float64Array.from({ length: rows * 3 }, (_, i) =>
    i % 3 < 2 ? x[Math.floor(i / 3) * 2 + (i % 3)]! : 1,
  );
  const exact = bayesianLinearRegression({ x: design, columns: 3, y: Float64Array.from(y) }, 0.16, 1);
  const said = laplace.predict(Float32Array.from([1, -2, 0.5, 3]));
  const wanted = predictLinear(exact, Float64Array.from([1, -2, 1, 0.5, 3, 1]));
  [0, 1].forEach((n) => {
    expect(said.mean[n]).toBeCloseTo(wanted.mean[n]!, 2); // MAP of a conjugate model is its mean
    expect(said.epistemic[n]! / wanted.epistemic[n]!).toBeCloseTo(1, 4);
    expect(said.aleatoric[n]).toBeCloseTo(0.16, 5);
  });
});

const bayes = (dataSize: number, changes: Partial<BnnConfig> = {}): BnnConfig => ({
  ...{ ...curve({ hidden: [16] }), dataSize, prior: STANDARD_NORMAL, sampling: "local" as const },
  ...changes,
});

describe("what moves which part", () => {
  test("BN-31 BN-35 BN-92: with more data the epistemic part falls, and the aleatoric one does not", async () => {
    const parts = [];
    for (const [rows, epochs] of [
      [60, 900],
      [300, 300],
      [1500, 80],
    ] as const) {
      const model = bnn(bayes(rows, { noise: "learned" }));
      const weights = await fitted(
        model,
        sine(rows, fold(root, "more"), () => 0.3),
        [root],
        epochs,
      );
      parts.push(predict(model, weights, inside, { draws: 300, key: root }));
    }
    const [few, some, many] = parts.map((p) => mean(p.epistemic)) as [number, number, number];
    expect(some).toBeLessThan(0.5 * few);
    expect(many).toBeLessThan(0.5 * some);
    // with few rows mean-field takes some of the sine for noise; then it settles at the truth and stays there
    const noise = parts.map((p) => Math.sqrt(p.aleatoric[0]!));
    for (const sd of noise) expect(sd).toBeGreaterThan(0.27);
    expect(Math.abs(noise[1]! - 0.3)).toBeLessThan(0.06);
    expect(Math.abs(noise[2]! / noise[1]! - 1)).toBeLessThan(0.12);
  });

  test("BN-26 BN-34 BN-93: the aleatoric part rises where the noise is, the epistemic one does not follow it", async () => {
    const noisy = (x: number) => (x > 0 ? 0.6 : 0.1);
    const data = sine(600, fold(root, "noise"), noisy);
    const model = bnn(bayes(600, { noise: "each" }));
    const weights = await fitted(model, data, [root], 250);
    const said = predict(model, weights, inside, { draws: 300, key: root });
    const [calm, wild] = [Math.sqrt(said.aleatoric[1]!), Math.sqrt(said.aleatoric[4]!)];
    expect(calm).toBeLessThan(0.25);
    expect(Math.abs(wild - 0.6)).toBeLessThan(0.15);
    expect(said.epistemic[4]!).toBeLessThan(0.25 * said.aleatoric[4]!);
  });

  test("BN-02 BN-03 BN-32 BN-92: of a new regime the Bayesian network knows that it knows less", async () => {
    const rows = 300;
    const e = normals(fold(root, "regime"), rows * 3);
    const x = Float32Array.from({ length: rows * 2 }, (_, i) => e[i]!);
    const y = Float32Array.from({ length: rows }, (_, n) => {
      const score = 1.5 * x[2 * n]! + 0.5 * e[2 * rows + n]!;
      return score < -0.5 ? 0 : score > 0.5 ? 2 : 1;
    });
    const config = { inputs: 2, activation: "relu" as const, heads: ["direction" as const] };
    const model = bnn(bayes(rows, config));
    const weights = await fitted(model, { x, y, rows }, [root], 300);
    const doubt = (at: number[]) =>
      mean(
        classUncertainty(
          drawForecasts(model, weights, Float32Array.from(at), { draws: 200, key: root }).direction!,
        ).epistemic,
      );
    const known = doubt([-1, 0.3, 1, -0.5, 1.5, 0.2, -1.4, 0]);
    const strange = doubt([0.1, 9, 0.3, -9, -0.2, 8, -0.4, -8]); // a level of the second input never seen
    expect(strange).toBeGreaterThan(4 * known);
    const plain = plainNetwork({
      ...curve(config),
      hidden: [16],
      dataSize: rows,
      prior: () => ({ weightSd: 1, biasSd: 1 }),
    });
    const mode = await fitted(plain, { x, y, rows }, [root], 300);
    const sure = classUncertainty(
      drawForecasts(plain, mode, Float32Array.from([0.1, 9, 0.3, -9]), { draws: 5, key: root }).direction!,
    );
    expect(Math.max(...sure.epistemic)).toBeLessThan(1e-9); // the plain one has no word for it
  });
});
