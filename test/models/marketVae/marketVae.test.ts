import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals, normals32 } from "../../../lib/core/random.js";
import { correlation, mean } from "../../../lib/core/stats.js";
import { marketForecast } from "../../../lib/models/marketVae/marketForecast.js";
import { marketVae, REGIMES } from "../../../lib/models/marketVae/marketVae.js";
import { anomalyScores } from "../../../lib/models/vae/anomaly.js";
import { encodeRows, type RowLatents } from "../../../lib/models/vae/latents.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { drawNoise, feedOf, initialWeights, layoutsOf } from "../../../lib/nn/layers/model.js";
import { evaluateModel } from "../../../lib/nn/training/evaluate.js";
import { train } from "../../../lib/nn/training/train.js";
import { constant } from "../../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("market VAE test");
const config = {
  inputShape: [4, 3] as const,
  latents: 2,
  encoder: { kind: "mlp", hidden: [16] } as const,
  noise: "learned each" as const,
  headWidth: 16,
};

/**
 * Windows of one hidden state s: every number is s + noise; the return is N(s, e^{s}), the log volatility s / 2 + noise, the regime s's third.
 */
function planted(rows: number, name: string) {
  const state = normals(fold(root, name, "state"), rows);
  const noise = normals(fold(root, name, "noise"), rows * 14);
  const x = Float32Array.from({ length: rows * 12 }, (_, i) => state[Math.floor(i / 12)]! + 0.3 * noise[i]!);
  const y = new Float32Array(rows * 5);
  for (let n = 0; n < rows; n++) {
    const s = state[n]!;
    y[n * 5] = s + Math.exp(s / 2) * noise[rows * 12 + n]!;
    y[n * 5 + 1] = s / 2 + 0.1 * noise[rows * 13 + n]!;
    y[n * 5 + 2 + (s < -0.43 ? 0 : s > 0.43 ? 2 : 1)] = 1;
  }
  return { x, y, rows, state };
}

const model = marketVae(config);
const settings = {
  keys: [fold(root, "a"), fold(root, "b")],
  batchSize: 100,
  epochs: 60,
  beta: constant(1),
  learningRate: constant(3e-3),
  sharedBatches: root,
};

describe("the parts of the likelihood", () => {
  const data = planted(6, "parts");
  const weights = initialWeights(model, settings.keys);
  const layouts = layoutsOf(model);

  /** Values of the parts, heads and gradient of one part's sum. */
  function run(y: Float32Array, part?: "return" | "volatility" | "regime") {
    return tf.tidy(() => {
      const state = {
        parameters: tf.tensor2d(weights.parameters, [2, layouts.parameters.total]),
        buffers: tf.zeros([2, 0]),
      };
      const z = tf.tensor3d(normals32(fold(root, "z"), 2 * 6 * 2), [2, 6, 2]);
      const [x, targets] = [tf.tensor4d(data.x, [1, 6, 4, 3]), tf.tensor3d(y, [1, 6, 5])];
      const feed = feedOf(layouts, state, {}, false);
      const heads = model.heads(feed, z);
      const parts = model.parts(feed, x, targets, z);
      const gradient = part
        ? tf.grad((flat) =>
            model
              .parts(feedOf(layouts, { ...state, parameters: flat }, {}, false), x, targets, z)
              [part].sum(),
          )(state.parameters)
        : tf.zeros([1]);
      const read = (t: tf.Tensor) => Array.from(t.dataSync());
      return {
        heads: Object.fromEntries(Object.entries(heads).map(([name, t]) => [name, read(t)])),
        parts: Object.fromEntries(Object.entries(parts).map(([name, t]) => [name, read(t)])),
        gradient: read(gradient),
      };
    });
  }

  // VI-21, VI-22, VI-23
  test("each is minus a normalised log density of its target", () => {
    const { heads, parts } = run(data.y);
    for (let r = 0; r < 2; r++) {
      for (let n = 0; n < 6; n++) {
        const i = r * 6 + n;
        const normal = (y: number, m: number, lv: number) =>
          0.5 * ((y - m) ** 2 / Math.exp(lv) + lv + Math.log(2 * Math.PI));
        const { returnMean, returnLogVar, volatilityMean, volatilityLogVar, regimeLogits } = heads;
        expect(parts.return![i]).toBeCloseTo(normal(data.y[n * 5]!, returnMean![i]!, returnLogVar![i]!), 4);
        const wanted = normal(data.y[n * 5 + 1]!, volatilityMean![i]!, volatilityLogVar![i]!);
        expect(parts.volatility![i]).toBeCloseTo(wanted, 4);
        const logits = regimeLogits!.slice(i * 3, i * 3 + 3);
        const label = [0, 1, 2].findIndex((c) => data.y[n * 5 + 2 + c] === 1);
        const total = Math.log(logits.reduce((sum, l) => sum + Math.exp(l), 0));
        expect(parts.regime![i]).toBeCloseTo(total - logits[label]!, 4);
      }
    }
  });

  test("a window without a regime adds nothing to the regimes' part", () => {
    const unlabelled = data.y.map((value, i) => (i % 5 >= 2 ? 0 : value));
    expect(run(unlabelled).parts.regime!.every((value) => value === 0)).toBe(true);
  });

  // VI-23: the head that never learnt is the commonest mistake of all
  test("every head has a gradient of its own", () => {
    for (const part of ["return", "volatility", "regime"] as const) {
      const size = run(data.y, part).gradient.reduce((sum, g) => sum + Math.abs(g), 0);
      expect(size, part).toBeGreaterThan(0.01);
    }
  });
});

test("the weight of the targets multiplies their part alone", () => {
  const data = planted(50, "weight");
  const heavy = marketVae({ ...config, targetWeight: 3 });
  const mute = marketVae({ ...config, targetWeight: 0 });
  const weights = initialWeights(model, [fold(root, "a")]);
  const layouts = layoutsOf(model);
  const state = {
    parameters: tf.tensor2d(weights.parameters, [1, layouts.parameters.total]),
    buffers: tf.zeros([1, 0]),
  };
  const nll = [mute, model, heavy].map(
    (m) => evaluateModel(m, layouts, state, data, { keys: [fold(root, "a")], chunk: 50 }).nll[0]!,
  );
  expect(nll[2]! - nll[0]!).toBeCloseTo(3 * (nll[1]! - nll[0]!), 2);
  tf.dispose([state.parameters, state.buffers]);
  expect(() => marketVae({ ...config, targetWeight: -1 })).toThrow(/targetWeight/);
});

// VI-18 … VI-24, VI-28, VI-107
test("trained on a planted market it says what follows, how surely, and in which regime", async () => {
  const data = planted(3000, "train");
  const later = planted(2000, "test");
  const before = tf.memory().numTensors;
  const fit = await train(model, data, settings);
  expect(fit.history.at(-1)!.elbo[0]!).toBeGreaterThan(fit.history[0]!.elbo[0]! + 5);
  const codes = encodeRows(model, fit.weights, later.x);
  const outcome = Float64Array.from({ length: later.rows }, (_, n) => later.y[n * 5]!);
  const says = marketForecast(model, fit.weights, codes, {
    draws: 50,
    key: fold(root, "forecast"),
    levels: { outcome, zero: new Float64Array(later.rows) },
  });
  expect(tf.memory().numTensors).toBe(before);

  expect(correlation(says.mean, later.state)).toBeGreaterThan(0.95);
  const spread = says.aleatoric.map((v, n) => Math.log(v) - later.state[n]!);
  expect(Math.abs(mean(spread))).toBeLessThan(0.15); // the true variance is e^s
  expect(correlation(says.volatility, later.state)).toBeGreaterThan(0.97);

  const covered = (pit: Float64Array) => mean(pit.map((p) => (p > 0.05 && p < 0.95 ? 1 : 0)));
  expect(covered(says.below.outcome!)).toBeGreaterThan(0.88);
  expect(covered(says.below.outcome!)).toBeLessThan(0.92);
  expect(covered(says.belowByMeans.outcome!)).toBeLessThan(0.4); // the spread of the means is no predictive distribution

  let right = 0;
  for (let n = 0; n < later.rows; n++) {
    const p = says.regimes.subarray(n * 3, n * 3 + 3);
    expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 5);
    if (later.y[n * 5 + 2 + p.indexOf(Math.max(...p))] === 1) right++;
  }
  expect(right / later.rows).toBeGreaterThan(0.85);
  expect(REGIMES).toEqual(["bear", "sideways", "bull"]);

  // the law of total variance: the parts add up to the variance of the mixture, here by its own distribution function
  const total = says.aleatoric.map((v, n) => v + says.latent[n]! + says.epistemic[n]!);
  const inTwo = marketForecast(model, fit.weights, codes, {
    draws: 50,
    key: fold(root, "forecast"),
    levels: {
      low: says.mean.map((m, n) => m - 2 * Math.sqrt(total[n]!)),
      high: says.mean.map((m, n) => m + 2 * Math.sqrt(total[n]!)),
    },
  });
  const inside = inTwo.below.high!.map((p, n) => p - inTwo.below.low![n]!);
  expect(mean(inside)).toBeCloseTo(0.954, 2);

  // anomalies: windows of noise alone are strange
  const calm = anomalyScores(model, fit.weights, later.x, codes, { draws: 2, key: root });
  const noise = normals32(fold(root, "strange"), later.x.length).map((value) => 2 * value);
  const strangeCodes = encodeRows(model, fit.weights, noise);
  const strange = anomalyScores(model, fit.weights, noise, strangeCodes, { draws: 2, key: root });
  expect(mean(strange.bound)).toBeGreaterThan(mean(calm.bound) + 20);
  const kls = codes.klPerDimension.reduce((a, b) => a + b, 0) / 2;
  expect(mean(calm.kl)).toBeCloseTo(kls, 6);
  expect(calm.bound[7]!).toBeCloseTo(calm.kl[7]! + calm.reconstruction[7]!, 12);
});

// VI-24
test("confidence falls as the posterior of the code spreads, and as the replicas part", () => {
  const weights = initialWeights(model, settings.keys);
  const x = planted(40, "confidence").x;
  const codes = encodeRows(model, weights, x);
  const wider = (by: number): RowLatents => ({ ...codes, logVar: codes.logVar.map((value) => value + by) });
  const options = { draws: 200, key: fold(root, "confidence") };
  const [tight, as, wide] = [-2, 0, 2].map((by) => marketForecast(model, weights, wider(by), options));
  for (let n = 0; n < 40; n++) {
    expect(tight!.confidence[n]!).toBeGreaterThan(as!.confidence[n]!);
    expect(as!.confidence[n]!).toBeGreaterThan(wide!.confidence[n]!);
    expect(as!.confidence[n]!).toBeLessThanOrEqual(1);
  }
  const single = initialWeights(model, settings.keys.slice(0, 1));
  const alone = marketForecast(model, single, encodeRows(model, single, x), options);
  expect(alone.epistemic.every((value) => value === 0)).toBe(true);
  expect(mean(as!.epistemic)).toBeGreaterThan(0);
});

test("a forecast is the same however many rows are asked for at once, and refuses levels of another length", () => {
  const weights = initialWeights(model, [fold(root, "a")]);
  const x = planted(700, "chunks").x;
  const options = { draws: 100, key: fold(root, "chunks") };
  const all = marketForecast(model, weights, encodeRows(model, weights, x), options);
  const few = marketForecast(model, weights, encodeRows(model, weights, x.subarray(0, 12 * 20)), options);
  for (let n = 0; n < 20; n++) expect(all.mean[n]!).toBeCloseTo(few.mean[n]!, 5);
  const codes = encodeRows(model, weights, x);
  expect(() => marketForecast(model, weights, codes, { ...options, levels: { zero: [0] } })).toThrow(/700/);
});

test("the heads read the noise of the code that training draws", () => {
  const noise = drawNoise(model.noise, [root], 4, ["x"]);
  expect(Object.keys(noise)).toContain("codes");
  tf.dispose(Object.values(noise));
});
