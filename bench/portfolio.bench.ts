/** Portfolios optimised one by one, beside cvxpy, and evaluated by the ten thousand, beside numpy. */
import { describe } from "vitest";
import { fromFlat, type Matrix } from "../lib/core/linalg.js";
import { fold, key, normals } from "../lib/core/random.js";
import { portfolioAutoencoder } from "../lib/models/portfolioVae/portfolioAutoencoder.js";
import { portfolioVae } from "../lib/models/portfolioVae/portfolioVae.js";
import { initialWeights } from "../lib/nn/layers/model.js";
import { projectAll } from "../lib/portfolio/constraints/projection.js";
import { evaluatePortfolios } from "../lib/portfolio/evaluate/evaluator.js";
import { portfolioGenerator } from "../lib/portfolio/latent/generator.js";
import { meanVariance } from "../lib/portfolio/optimise/meanVariance.js";
import { riskParity } from "../lib/portfolio/optimise/riskParity.js";
import { sampleDirichlet } from "../lib/portfolio/sample/dirichlet.js";
import { race } from "./support/interleaved.js";
import { pythonContestant } from "./support/python.js";

const root = key("portfolio benchmark");

function returnsOf(bars: number, assets: number): Matrix {
  return fromFlat(
    normals(fold(root, bars, assets), bars * assets).map((z) => 0.0001 + 0.01 * z),
    bars,
    assets,
  );
}

const program = `
import cvxpy as cp, numpy as np
rng = np.random.default_rng(0)
r = 0.0001 + 0.01 * rng.standard_normal((200, 50))
w, mu = cp.Variable(50), r.mean(0)
risk = cp.quad_form(w, cp.psd_wrap(r.T @ r / 200))
problem = cp.Problem(cp.Maximize(mu @ w - 2.5 * risk), [cp.sum(w) == 1, w >= 0, w <= 0.1])
def work():
    for _ in range(10):
        problem.solve(solver=cp.CLARABEL)
    return 10
`;

describe("one portfolio of 50 assets", () => {
  const returns = returnsOf(200, 50);
  const covariance = returns.transpose().mmul(returns).div(200);
  const expected = Float64Array.from(
    { length: 50 },
    (_, a) => returns.getColumn(a).reduce((x, y) => x + y) / 200,
  );
  race("mean-variance weights of 50 assets, none above 0.1", {
    ...{ unit: "portfolio", rounds: 10, against: "vitrade" },
    goals: [{ own: "vitrade", peer: "cvxpy", most: 0.8 }],
    contestants: {
      vitrade: () => {
        for (let n = 0; n < 10; n++)
          meanVariance({ expected, covariance, riskAversion: 5, limits: { cap: 0.1 } });
        return 10;
      },
      "equal risk": () => {
        for (let n = 0; n < 10; n++) riskParity(covariance);
        return 10;
      },
      ...pythonContestant("cvxpy", { needs: ["cvxpy", "clarabel"], program }),
    },
  });
});

const vectorised = `
import numpy as np
rng = np.random.default_rng(0)
r = 0.0001 + 0.01 * rng.standard_normal((17520, 20))
w = rng.dirichlet(np.ones(20), 10000)
def work():
    for n in range(0, 10000, 500):
        p = r @ w[n:n + 500].T
        e = np.cumprod(1 + p, axis=0)
        (1 - e / np.maximum.accumulate(np.maximum(e, 1), axis=0)).max(0)
        np.sqrt((np.minimum(p, 0) ** 2).mean(0))
        p.mean(0), p.std(0, ddof=1)
    return 10000
`;

describe("ten thousand portfolios", () => {
  const returns = returnsOf(17_520, 20);
  const weights = sampleDirichlet(fold(root, "weights"), 10_000, new Float64Array(20).fill(0.5));
  race("10,000 portfolios projected under a cap and evaluated over 17,520 bars of 20 assets", {
    ...{ unit: "portfolio", rounds: 3, against: "vitrade" },
    contestants: {
      vitrade: () => {
        const capped = projectAll(weights, 20, { cap: 0.2 });
        evaluatePortfolios({ weights: capped, assets: 20 }, returns, 8760);
        return 10_000;
      },
      "projection alone": () => projectAll(weights, 20, { cap: 0.2 }).length / 20,
      ...pythonContestant("numpy, without projection", { needs: ["numpy"], program: vectorised }),
    },
  });
});

const generation = vectorised
  .replace(
    "w = rng.dirichlet(np.ones(20), 10000)",
    `layers = [(rng.standard_normal((i, o)) * (2 / i) ** 0.5, np.zeros(o)) for i, o in [(8, 32), (32, 64), (64, 20)]]
def decoded():
    h = rng.standard_normal((10000, 8))
    for k, (a, b) in enumerate(layers):
        h = (np.maximum(h, 0) if k else h) @ a + b
    e = np.exp(h - h.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)`,
  )
  .replace("def work():\n", "def work():\n    w = decoded()\n");

describe("ten thousand portfolios of a trained decoder", () => {
  const returns = returnsOf(17_520, 20);
  const model = portfolioVae({
    ...{ assets: 20, latents: 8 },
    likelihood: { kind: "simplex", lots: 1000, concentration: 50 },
  });
  const coder = portfolioAutoencoder(model, initialWeights(model, [root])); // untrained weights cost what trained ones do
  const generator = portfolioGenerator(coder, { constraints: { cap: 0.2 } });
  race("10,000 portfolios generated, projected and evaluated over 17,520 bars of 20 assets", {
    ...{ unit: "portfolio", rounds: 3, against: "vitrade" },
    contestants: {
      vitrade: () => {
        evaluatePortfolios(generator.sample(10_000, root), returns, 8760);
        return 10_000;
      },
      "generation and projection alone": () => generator.sample(10_000, root).weights.length / 20,
      ...pythonContestant("numpy, without projection", { needs: ["numpy"], program: generation }),
    },
  });
});
