import { expect, test } from "vitest";
import { fromFlat, Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { factorRisk } from "../../../lib/portfolio/evaluate/factorRisk.js";
import {
  diversificationObjective,
  linearSoftmaxDecoder,
  lowVolatilityObjective,
  sharpeObjective,
} from "../../../lib/portfolio/latent/latentObjectives.js";
import { latentOptimise } from "../../../lib/portfolio/latent/latentOptimise.js";
import { minimumVariance } from "../../../lib/portfolio/optimise/meanVariance.js";
import { expectedVolatility, riskContributions } from "../../../lib/trading/performance/portfolioMoments.js";

const root = key("latent optimum");
const [ASSETS, LATENTS] = [5, 3];
const draw = (name: string, rows: number, columns: number) =>
  fromFlat(normals(fold(root, name), rows * columns), rows, columns);
const decoder = linearSoftmaxDecoder(draw("decoder", ASSETS, LATENTS), normals(fold(root, "bias"), ASSETS));
const loose = draw("covariance", ASSETS, ASSETS);
const covariance = loose.mmul(loose.transpose()).mul(1e-4);
const mean = normals(fold(root, "mean"), ASSETS).map((z) => 0.001 * z);
const objectives = {
  sharpe: sharpeObjective({ mean, covariance }),
  calm: lowVolatilityObjective(covariance),
  diversification: diversificationObjective(covariance),
};

// VP-63
test.each(Object.entries(objectives))(
  "the slope of %s through the decoder is that of finite differences",
  (_, objective) => {
    const z = Float64Array.of(0.3, -0.7, 0.2);
    const slope = decoder.pullBack(z, objective.gradient(decoder.decode(z)));
    for (let k = 0; k < LATENTS; k++) {
      const moved = (by: number) =>
        objective.value(decoder.decode(z.map((value, i) => (i === k ? value + by : value))));
      expect(slope[k]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 7);
    }
  },
);

// VP-23, VP-24
test("no code of the ball is better than the optimum, which stays in the ball", () => {
  for (const radius of [0.5, 2]) {
    const best = latentOptimise(decoder, objectives.sharpe, { radius, starts: 8, key: root });
    expect(Math.hypot(...best.z)).toBeLessThan(radius + 1e-8);
    expect(best.weights).toEqual(decoder.decode(best.z));
    const tries = normals(fold(root, "tries"), 3000 * LATENTS);
    for (let n = 0; n < 3000; n++) {
      const z = tries.slice(n * LATENTS, (n + 1) * LATENTS);
      const norm = Math.hypot(...z);
      const inside = norm > radius ? z.map((value) => (value / norm) * radius) : z;
      expect(objectives.sharpe.value(decoder.decode(inside))).toBeLessThan(best.value + 1e-9);
    }
  }
});

test("a decoder that reaches every portfolio finds the one of least variance", () => {
  const all = linearSoftmaxDecoder(Matrix.eye(ASSETS, ASSETS), new Float64Array(ASSETS));
  const diagonal = Matrix.diag([1, 2, 3, 4, 5]);
  const best = latentOptimise(all, lowVolatilityObjective(diagonal), { radius: 20, starts: 2, key: root });
  expect(-best.value).toBeCloseTo(expectedVolatility(minimumVariance(diagonal), diagonal), 9);
});

test("the same key finds the same code; an objective that is nowhere finite is refused", () => {
  const search = { radius: 1, starts: 2, key: root };
  expect(latentOptimise(decoder, objectives.calm, search)).toEqual(
    latentOptimise(decoder, objectives.calm, search),
  );
  const nowhere = { value: () => Number.NaN, gradient: (w: Float64Array) => w };
  expect(() => latentOptimise(decoder, nowhere, search)).toThrow(
    "objective: expected a finite value at one of 2 codes",
  );
});

test("shares of a factor model's risk add to one and are those of its covariance", () => {
  const loadings = draw("loadings", ASSETS, 2);
  const model = {
    loadings,
    factorCovariance: Matrix.diag([0.04, 0.01]),
    ownVariance: [0.01, 0.02, 0.03, 0.01, 0.02],
  };
  const w = Float64Array.of(0.5, 0.3, 0.4, -0.4, 0.2);
  const full = loadings
    .mmul(model.factorCovariance)
    .mmul(loadings.transpose())
    .add(Matrix.diag(model.ownVariance));
  const found = factorRisk(w, model);
  riskContributions(w, full).forEach((share, a) => {
    expect(found.assetShares[a]).toBeCloseTo(share, 12);
  });
  const total = [...found.factorShares, ...found.ownShares].reduce((a, b) => a + b, 0);
  expect(total).toBeCloseTo(1, 12);
  expect(found.systematicShare + found.ownShare).toBeCloseTo(1, 12);
  expect(() => factorRisk([1], model)).toThrow("weights: expected 5 values, got 1");
});
