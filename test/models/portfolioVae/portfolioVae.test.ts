import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { logSumExp, mean } from "../../../lib/core/stats.js";
import {
  type PortfolioAutoencoder,
  portfolioAutoencoder,
} from "../../../lib/models/portfolioVae/portfolioAutoencoder.js";
import { portfolioBounds } from "../../../lib/models/portfolioVae/portfolioBounds.js";
import { countsOf, portfolioData, type WeightSet } from "../../../lib/models/portfolioVae/portfolioData.js";
import {
  type PortfolioLikelihood,
  portfolioLogLikelihood,
  portfolioNll,
} from "../../../lib/models/portfolioVae/portfolioLikelihood.js";
import { type PortfolioVaeConfig, portfolioVae } from "../../../lib/models/portfolioVae/portfolioVae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { feedOf, initialWeights, layoutsOf } from "../../../lib/nn/layers/model.js";
import { train } from "../../../lib/nn/training/train.js";
import { lowVolatilityObjective, sharpeObjective } from "../../../lib/portfolio/latent/latentObjectives.js";
import { latentOptimise } from "../../../lib/portfolio/latent/latentOptimise.js";
import { constant } from "../../../lib/prob/divergences/schedule.js";
import { factorReturns, partOf, plantedMean, plantedPortfolios, rowOf } from "../support/portfolios.js";

const root = key("portfolio autoencoder");
const LOTS = 1000;
const learned: PortfolioLikelihood = { kind: "simplex", lots: LOTS, concentration: "learned" };

beforeAll(async () => {
  await startBackend();
});

describe("the likelihood", () => {
  const likelihoods: [string, PortfolioLikelihood, number][] = [
    ["Dirichlet of lots", { kind: "simplex", lots: 12, concentration: 3 }, 3],
    ["nearly multinomial", { kind: "simplex", lots: 12, concentration: 1e4 }, 1e4],
    ["squared error", { kind: "squared error", lots: 60, variance: 0.0025 }, 0.0025],
  ];
  const logMean = [0.3, 0.3, 0.4].map(Math.log);

  test.each(likelihoods)(
    "%s gives all portfolios of whole lots a probability of one together",
    (_, likelihood, spread) => {
      const { lots } = likelihood;
      let total = 0;
      for (let i = 0; i <= lots; i++)
        for (let j = 0; i + j <= lots; j++)
          total += Math.exp(portfolioLogLikelihood(likelihood, [i, j, lots - i - j], { logMean, spread }));
      expect(total).toBeCloseTo(1, likelihood.kind === "simplex" ? 9 : 3);
    },
  );

  test("at a large concentration it is the multinomial: lots times the cross entropy and the ways to deal them", () => {
    const likelihood: PortfolioLikelihood = { kind: "simplex", lots: 4, concentration: 1e9 };
    const log = portfolioLogLikelihood(likelihood, [2, 1, 1], { logMean, spread: 1e9 });
    expect(log).toBeCloseTo(Math.log(12 * 0.3 ** 2 * 0.3 * 0.4), 5);
  });

  const spreads: [PortfolioLikelihood["kind"], number][] = [
    ...[0.5, 20, 3000, 9e4].map((spread): [PortfolioLikelihood["kind"], number] => ["simplex", spread]),
    ["squared error", 0.003],
  ];
  test.each(spreads)("in float32 it is what it is in float64: %s, %d", (kind, spread) => {
    const likelihood = { kind, lots: LOTS, concentration: spread, variance: spread } as PortfolioLikelihood;
    const model = portfolioVae({ assets: 4, latents: 1, likelihood });
    const rows = [
      [1, 0, 0, 0],
      [0.25, 0.25, 0.25, 0.25],
      [0.7, 0.299, 0.001, 0],
    ];
    const { y } = portfolioData(model, { weights: Float64Array.from(rows.flat()), assets: 4 });
    const logits = [3, 0.1, -1, -20];
    const log = logits.map((v) => v - logSumExp(logits));
    const nll = tf.tidy(() => {
      const target = tf.tensor(y, [1, 3, 5]);
      const means = tf.tensor(log, [1, 1, 4]).add(tf.zeros([1, 3, 4]));
      return portfolioNll(likelihood, target, {
        logMean: means,
        logSpread: tf.scalar(Math.log(spread)),
      }).dataSync();
    });
    rows.forEach((w, n) => {
      const want = -portfolioLogLikelihood(likelihood, countsOf(w, LOTS), { logMean: log, spread });
      expect(Math.abs(nll[n]! - want)).toBeLessThan(1e-5 * Math.abs(want) + 0.01);
    });
  });
});

test("whole lots are nearest weights: they add up, and none is a lot away", () => {
  const w = [0.3333, 0.3333, 0.3334, 0];
  expect(Array.from(countsOf(w, 1000))).toEqual([333, 333, 334, 0]);
  expect(Array.from(countsOf([0.5, 0.5], 3))).toEqual([2, 1]);
});

// VP-27, VP-28, VP-29
test("layers are those of the text, mirrored, and conditions are read beside weights and codes", () => {
  const shapes = (config: PortfolioVaeConfig) =>
    Object.fromEntries(portfolioVae(config).parameters.map((p) => [p.name, p.shape]));
  const plain = shapes({ assets: 20, latents: 8, likelihood: learned });
  expect(plain["encoder/0/weight"]).toEqual([20, 64]);
  expect(plain["encoder/1/weight"]).toEqual([64, 32]);
  expect(plain["codes/weight"]).toEqual([32, 16]);
  expect(plain["decoder/0/weight"]).toEqual([8, 32]);
  expect(plain["decoder/1/weight"]).toEqual([32, 64]);
  expect(plain["decoder/out/weight"]).toEqual([64, 20]);
  const told = shapes({ assets: 20, latents: 8, likelihood: learned, conditions: 3 });
  expect(told["encoder/0/weight"]).toEqual([23, 64]);
  expect(told["decoder/condition/weight"]).toEqual([3, 32]);
});

// VP-57
test("the gradient of the reconstruction alone reaches every layer of the encoder", () => {
  const set = plantedPortfolios(root, 50, 6);
  const model = portfolioVae({ assets: 6, latents: 3, likelihood: learned });
  const data = portfolioData(model, set);
  const layouts = layoutsOf(model);
  const start = initialWeights(model, [root]);
  const slopes = tf.tidy(() => {
    const x = tf.tensor(data.x, [1, 50, 6]);
    const y = tf.tensor(data.y, [1, 50, 7]);
    const noise = { codes: tf.tensor(normals32(root, 150), [1, 50, 3]) };
    const loss = (flat: tf.Tensor) =>
      model
        .terms(feedOf(layouts, { parameters: flat, buffers: tf.zeros([1, 0]) }, noise, true), x, y)
        .nll.sum();
    return tf
      .grad(loss)(tf.tensor2d(start.parameters, [1, layouts.parameters.total]))
      .dataSync();
  });
  let at = 0;
  layouts.parameters.specs.forEach(({ name }, i) => {
    const part = slopes.slice(at, at + layouts.parameters.sizes[i]!);
    at += layouts.parameters.sizes[i]!;
    expect([name, Math.max(...part.map(Math.abs)) > 1e-3]).toEqual([name, true]);
  });
});

test("a row's terms do not depend on the rows beside it or on their order", () => {
  const [rows, assets] = [20, 6];
  const set = plantedPortfolios(root, rows, assets);
  const model = portfolioVae({ assets, latents: 2, likelihood: learned });
  const data = portfolioData(model, set);
  const backwards = Array.from({ length: rows }, (_, n) => Array.from(rowOf(set, rows - 1 - n))).flat();
  const turned = portfolioData(model, { weights: Float64Array.from(backwards), assets });
  const layouts = layoutsOf(model);
  const start = initialWeights(model, [root]);
  const terms = (x: Float32Array, y: Float32Array) =>
    tf.tidy(() => {
      const state = {
        parameters: tf.tensor2d(start.parameters, [1, layouts.parameters.total]),
        buffers: tf.zeros([1, 0]),
      };
      const feed = feedOf(layouts, state, { codes: tf.zeros([1, rows, 2]) }, false);
      const { nll, kl } = model.terms(
        feed,
        tf.tensor(x, [1, rows, assets]),
        tf.tensor(y, [1, rows, assets + 1]),
      );
      return Array.from(nll.add(kl).dataSync());
    });
  const [one, other] = [terms(data.x, data.y), terms(turned.x, turned.y).reverse()];
  one.forEach((value, n) => {
    expect(other[n]).toBeCloseTo(value, 3);
  });
});

describe("trained on portfolios of two planted dimensions", () => {
  const [ROWS, ASSETS, K] = [4000, 12, 6];
  const planted = plantedPortfolios(fold(root, "planted"), ROWS, ASSETS);
  const [training, held] = [partOf(planted, 0, 3400), partOf(planted, 3400, ROWS)];
  const fitted = async (likelihood: PortfolioLikelihood): Promise<PortfolioAutoencoder> => {
    const model = portfolioVae({ assets: ASSETS, latents: K, likelihood });
    const fit = await train(model, portfolioData(model, training), {
      ...{ keys: [fold(root, "model")], batchSize: 100, epochs: 60, beta: constant(1), clip: 10 },
      learningRate: (step) => 0.004 * Math.min(1, 10 ** (0.7 - step / 1200)),
      ...{ validation: portfolioData(model, held), patience: 15 },
    });
    return portfolioAutoencoder(model, fit.weights);
  };
  const bounds = (coder: PortfolioAutoencoder, rows = 200) => {
    const { elbo, importance } = portfolioBounds(coder, partOf(held, 0, rows).weights, {
      draws: 60,
      key: root,
    });
    return { elbo: mean(elbo), importance: mean(importance) };
  };
  let coder: PortfolioAutoencoder;
  beforeAll(async () => {
    await startBackend();
    coder = await fitted(learned);
  });

  // VP-05
  test("two units are active, and the others say nothing", () => {
    const { mean: centre, variance } = coder.encodeAll(held.weights);
    const kl = Array.from({ length: K }, (_, k) => {
      const own = Array.from({ length: 600 }, (_, n) => n * K + k);
      return mean(own.map((i) => 0.5 * (centre[i]! ** 2 + variance[i]! - 1 - Math.log(variance[i]!))));
    });
    expect(kl.filter((nats) => nats > 1)).toHaveLength(2);
    expect(kl.filter((nats) => nats < 0.02)).toHaveLength(K - 2);
  });

  test("the concentration is the planted one, but for what the fit has missed", () => {
    expect(coder.precision / planted.concentration).toBeGreaterThan(0.75);
    expect(coder.precision / planted.concentration).toBeLessThan(1.25);
  });

  test("the held-out bound lies below the importance-weighted one, and that below what the planted model says", () => {
    const few = 40;
    const { elbo, importance } = bounds(coder, few);
    const exact = mean(plantedEvidence(few));
    expect(elbo).toBeLessThan(importance);
    expect(importance - elbo).toBeLessThan(0.6);
    expect(importance).toBeLessThan(exact + 0.5);
    expect(exact - elbo).toBeLessThan(2);
  });

  /** log p(w) of the planted model for the first held-out portfolios, by a grid over its two codes. */
  function plantedEvidence(count: number): number[] {
    const [step, reach] = [0.1, 4];
    const axis = Array.from({ length: Math.round((2 * reach) / step) + 1 }, (_, i) => i * step - reach);
    const grid = axis.flatMap((a) =>
      axis.map((b) => ({
        logMean: plantedMean(planted, a, b).map(Math.log),
        prior: 2 * Math.log(step) - Math.log(2 * Math.PI) - 0.5 * (a * a + b * b),
      })),
    );
    return Array.from({ length: count }, (_, n) => {
      const counts = countsOf(rowOf(held, n), LOTS);
      const given = { spread: planted.concentration };
      return logSumExp(
        grid.map(
          ({ logMean, prior }) => prior + portfolioLogLikelihood(learned, counts, { ...given, logMean }),
        ),
      );
    });
  }

  // VP-06, VP-30
  test("the text's sum of squares learns nothing at β = 1; with a learned variance it explains less than the simplex", async () => {
    const text = await fitted({ kind: "squared error", lots: LOTS, variance: 0.5 });
    const { mean: centre } = text.encodeAll(held.weights);
    expect(Math.max(...centre.map(Math.abs))).toBeLessThan(0.05);
    const normal = await fitted({ kind: "squared error", lots: LOTS, variance: "learned" });
    expect(bounds(coder).elbo - bounds(normal).elbo).toBeGreaterThan(2);
  });

  // VP-11
  test("portfolios come back from their codes, where the text's softmax after training would have flattened them", () => {
    const back = coder.decodeAll(coder.encodeAll(held.weights).mean);
    const distance = mean(Array.from(back, (w, i) => Math.abs(w - held.weights[i]!))) * ASSETS;
    const flat = mean(
      Array.from({ length: 600 }, (_, n) => {
        const raised = rowOf(held, n).map(Math.exp);
        const total = raised.reduce((a, b) => a + b, 0);
        return raised.reduce((sum, v, a) => sum + Math.abs(v / total - rowOf(held, n)[a]!), 0);
      }),
    );
    expect(distance).toBeLessThan(0.25);
    expect(flat).toBeGreaterThan(3 * distance);
  });
});

describe("the float64 coder", () => {
  const [ASSETS, K] = [7, 3];
  const model = portfolioVae({ assets: ASSETS, latents: K, likelihood: learned });
  const weights = initialWeights(model, [fold(root, "first"), fold(root, "second")]);
  const coder = portfolioAutoencoder(model, weights, { replica: 1 });
  const set = plantedPortfolios(root, 40, ASSETS);
  const codes = normals32(fold(root, "z"), 40 * K);

  test("says what the tensors say, to 1e-5", () => {
    const layouts = layoutsOf(model);
    const { x } = portfolioData(model, set);
    const [centre, decoded] = tf.tidy(() => {
      const state = {
        parameters: tf.tensor2d(weights.parameters, [2, layouts.parameters.total]),
        buffers: tf.zeros([2, 0]),
      };
      const feed = feedOf(layouts, state, {}, false);
      const means = model
        .encode(feed, tf.tensor(x, [1, 40, ASSETS]))
        .mean.dataSync()
        .slice(40 * K);
      const z = tf.tensor(Float32Array.from([...codes, ...codes]), [2, 40, K]);
      return [
        means,
        model
          .decode(feed, z)
          .dataSync()
          .slice(40 * ASSETS),
      ] as const;
    });
    coder.encodeAll(set.weights).mean.forEach((value, i) => {
      expect(Math.abs(value - centre[i]!)).toBeLessThan(1e-5);
    });
    coder.decodeAll(codes).forEach((value, i) => {
      expect(Math.abs(value - decoded[i]!)).toBeLessThan(1e-5);
    });
  });

  test("decodes to weights that are positive and sum to one, many at once as one by one", () => {
    const all = coder.decodeAll(codes);
    for (let n = 0; n < 40; n++) {
      const one = coder.decode(codes.subarray(n * K, (n + 1) * K));
      expect(one).toEqual(all.slice(n * ASSETS, (n + 1) * ASSETS));
      expect(Math.abs(one.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
      expect(Math.min(...one)).toBeGreaterThan(0);
      expect(coder.encode(rowOf(set, n)).mean).toEqual(
        coder.encodeAll(set.weights).mean.slice(n * K, (n + 1) * K),
      );
    }
  });

  test("its Jacobian is that of finite differences, and pulling back is its transpose", () => {
    const z = Float64Array.of(0.4, -0.9, 1.3);
    const jacobian = coder.jacobian(z);
    const g = Float64Array.from({ length: ASSETS }, (_, a) => a - 2);
    const pulled = coder.pullBack(z, g);
    for (let k = 0; k < K; k++) {
      const moved = (by: number) => coder.decode(z.map((v, i) => (i === k ? v + by : v)));
      const [up, down] = [moved(1e-5), moved(-1e-5)];
      up.forEach((value, a) => {
        expect(jacobian[a * K + k]).toBeCloseTo((value - down[a]!) / 2e-5, 7);
      });
      expect(pulled[k]).toBeCloseTo(
        g.reduce((t, value, a) => t + value * jacobian[a * K + k]!, 0),
        12,
      );
    }
  });

  // VP-23
  test("with two codes the latent optimum is the best of the decoder's whole image", () => {
    const flat = portfolioVae({ assets: 12, latents: 2, likelihood: learned });
    const first = initialWeights(flat, [fold(root, "image")]);
    const image = portfolioAutoencoder(flat, { ...first, parameters: first.parameters.map((v) => 1.5 * v) });
    const returns = factorReturns(root);
    const means = Float64Array.from({ length: 12 }, (_, a) => mean(returns.getColumn(a)));
    const covariance = returns.transpose().mmul(returns).div(returns.rows);
    for (const objective of [
      sharpeObjective({ mean: means, covariance }),
      lowVolatilityObjective(covariance),
    ]) {
      const [radius, steps] = [3, 300];
      const grid = new Float64Array(2 * (steps + 1) ** 2);
      for (let i = 0; i <= steps; i++)
        for (let j = 0; j <= steps; j++) {
          const z = [((2 * i) / steps - 1) * radius, ((2 * j) / steps - 1) * radius];
          grid.set(Math.hypot(...z) <= radius ? z : [0, 0], 2 * (i * (steps + 1) + j));
        }
      const decoded = image.decodeAll(grid);
      let best = Number.NEGATIVE_INFINITY;
      for (let n = 0; n < decoded.length; n += 12)
        best = Math.max(best, objective.value(decoded.subarray(n, n + 12)));
      const found = latentOptimise(image, objective, { radius, starts: 20, key: root });
      expect(found.value).toBeGreaterThan(best - 0.02 * Math.abs(best));
      expect(Math.hypot(...found.z)).toBeLessThan(radius + 1e-9);
    }
  });

  test("a replica that is not there, codes and weights of the wrong length are refused", () => {
    expect(() => portfolioAutoencoder(model, weights, { replica: 2 })).toThrow(
      "replicas: expected some of 0 to 1, got 2",
    );
    expect(() => coder.decode([1])).toThrow("z: expected 3 values, got 1");
    expect(() => coder.decodeAll([1, 2, 3, 4])).toThrow("z: expected 3 values, got 4");
    expect(() => coder.decode([1, Number.NaN, 2])).toThrow("z[1]: expected a finite number");
    expect(() => coder.encode([1])).toThrow("weights: expected 7 values, got 1");
  });
});

test("weights that are no long-only portfolio are refused by row and asset", () => {
  const model = portfolioVae({ assets: 2, latents: 1, likelihood: learned });
  const data = (...weights: number[]) =>
    portfolioData(model, { weights: Float64Array.from(weights), assets: 2 });
  expect(() => data(0.5, 0.5, 1.2, -0.2)).toThrow("weights: row 1, asset 1: expected 0 or more, got -0.2");
  expect(() => data(Number.NaN, 1)).toThrow("weights: row 0, asset 0: expected 0 or more, got NaN");
  expect(() => data(0.5, 0.5, 0.5, 0.4)).toThrow("weights: row 1: expected a sum of 1, got 0.9");
  expect(() => data(0.5, 0.5, 0.5)).toThrow("weights: expected 4 values, got 3");
  const other: WeightSet = { weights: Float64Array.of(1), assets: 1 };
  expect(() => portfolioData(model, other)).toThrow("weights: expected 2 assets, got 1");
  expect(() =>
    portfolioVae({
      assets: 2,
      latents: 1,
      likelihood: { ...learned, concentration: -1 } as PortfolioLikelihood,
    }),
  ).toThrow("likelihood: concentration or variance: expected a positive number, got -1");
});
