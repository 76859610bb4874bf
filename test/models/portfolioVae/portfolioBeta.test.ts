import { beforeAll, expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { portfolioAutoencoder } from "../../../lib/models/portfolioVae/portfolioAutoencoder.js";
import { type BetaRow, bestBeta, betaRows } from "../../../lib/models/portfolioVae/portfolioBeta.js";
import { portfolioData, type WeightSet } from "../../../lib/models/portfolioVae/portfolioData.js";
import type { PortfolioLikelihood } from "../../../lib/models/portfolioVae/portfolioLikelihood.js";
import { portfolioVae } from "../../../lib/models/portfolioVae/portfolioVae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { train } from "../../../lib/nn/training/train.js";
import { compareSets } from "../../../lib/portfolio/latent/coverage.js";
import { constant } from "../../../lib/prob/divergences/schedule.js";
import { partOf, plantedPortfolios } from "../support/portfolios.js";

const root = key("portfolio beta");
const ASSETS = 8;
const BETAS = [0.1, 0.25, 0.5, 1, 2, 4];
const all = plantedPortfolios(fold(root, "set"), 3200, ASSETS);
const [training, heldOut] = [partOf(all, 0, 2400), partOf(all, 2400, 2800)];
const [reference, second] = [partOf(all, 2800, 3000), partOf(all, 3000, 3200)];
const settings = { neighbours: 5, copyDistance: 0.01 };

/** One training of all six, side by side. */
async function sweep(likelihood: PortfolioLikelihood): Promise<BetaRow[]> {
  const model = portfolioVae({ assets: ASSETS, latents: 4, hidden: [32, 16], likelihood });
  const fit = await train(model, portfolioData(model, training), {
    keys: BETAS.map((_, i) => fold(root, "replica", i)),
    ...{ sharedBatches: root, batchSize: 100, epochs: 50, clip: 10, beta: BETAS.map(constant) },
    learningRate: (step) => 0.005 * Math.min(1, 10 ** (0.5 - step / 800)),
  });
  const coders = BETAS.map((_, replica) => portfolioAutoencoder(model, fit.weights, { replica }));
  const agreement = (set: WeightSet) => compareSets(set, reference, settings);
  return betaRows(coders, { betas: BETAS, heldOut, agreement, count: 400, key: root });
}

let [learned, text]: BetaRow[][] = [];

beforeAll(async () => {
  await startBackend();
  learned = await sweep({ kind: "simplex", lots: 1000, concentration: "learned" });
  text = await sweep({ kind: "squared error", lots: 1000, variance: 0.5 });
});

// VP-30
test("the larger β, the fewer nats the codes hold and the worse portfolios come back", () => {
  const [low, high] = [learned![0]!, learned![5]!];
  expect(low.kl).toBeGreaterThan(high.kl + 1);
  expect(low.error).toBeLessThan(high.error);
});

test("the bound is highest at β = 1 or beside it, where it is what is trained", () => {
  const best = learned!.reduce((a, b) => (b.bound > a.bound ? b : a));
  expect(best.beta).toBeGreaterThanOrEqual(0.5);
  expect(best.beta).toBeLessThanOrEqual(2);
});

// VP-31
test("the band of β belongs to the likelihood: from 0.25 on the text's sum of squares holds no code", () => {
  const precision = 0.95 * compareSets(second, reference, settings).precision;
  const best = bestBeta(learned!, { precision });
  expect(best.coverage).toBeGreaterThan(0.9);
  for (const row of text!.slice(1))
    expect([row.beta, row.activeUnits, row.coverage < 0.2]).toEqual([row.beta, 0, true]);
  expect(text![0]!.coverage).toBeLessThan(0.5 * best.coverage);
});

test("the choice is the widest of the precise, and of equals the smoothest", () => {
  const row = (beta: number, precision: number, coverage: number): BetaRow => ({
    ...{ beta, precision, coverage, likelihoodPrecision: 1, bound: 0, kl: 0, activeUnits: 0, error: 0 },
  });
  const rows = [row(0.1, 0.5, 1), row(0.5, 0.96, 0.9), row(1, 0.97, 0.89), row(2, 0.99, 0.7)];
  expect(bestBeta(rows, { precision: 0.95 }).beta).toBe(1);
  expect(bestBeta(rows, { precision: 0.95, tie: 0 }).beta).toBe(0.5);
  expect(bestBeta(rows, { precision: 0.4 }).beta).toBe(0.1);
  expect(() => bestBeta(rows, { precision: 1 })).toThrow(
    "precision: expected a setting of at least 1, the best has 0.99",
  );
});
