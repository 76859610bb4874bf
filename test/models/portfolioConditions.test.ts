import { beforeAll, expect, test } from "vitest";
import { fold, key, normals } from "../../lib/core/random.js";
import { covariance as covarianceOf, mean, variance } from "../../lib/core/stats.js";
import {
  type PortfolioAutoencoder,
  portfolioAutoencoder,
} from "../../lib/models/portfolioVae/portfolioAutoencoder.js";
import {
  type Conditioner,
  conditionerOf,
  portfolioData,
  type WeightSet,
} from "../../lib/models/portfolioVae/portfolioData.js";
import { portfolioVae } from "../../lib/models/portfolioVae/portfolioVae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { train } from "../../lib/nn/training/train.js";
import { atVolatility, portfolioGenerator } from "../../lib/portfolio/latent/generator.js";
import { sampleCovariance } from "../../lib/portfolio/optimise/covariance.js";
import { minimumVariance } from "../../lib/portfolio/optimise/meanVariance.js";
import { constant } from "../../lib/prob/divergences/schedule.js";
import { expectedReturn, expectedVolatility } from "../../lib/trading/performance/portfolioMoments.js";
import { ASSETS, factorReturns, mixedPortfolios, partOf, rowOf, SECTORS } from "./support/portfolios.js";

const root = key("portfolio conditions");
const YEAR = 8760;
const NAMES = ["volatility", "largest sector", "expected return"];
const returns = factorReturns(fold(root, "returns"));
const covariance = sampleCovariance(returns);
const means = Float64Array.from({ length: ASSETS }, (_, a) => mean(returns.getColumn(a)));

const measures = [
  (w: Float64Array) => expectedVolatility(w, covariance) * Math.sqrt(YEAR),
  (w: Float64Array) => Math.max(...SECTORS.map((s) => s.reduce((total, a) => total + w[a]!, 0))),
  (w: Float64Array) => expectedReturn(w, means) * YEAR,
];

function measured(set: WeightSet): Float64Array {
  const rows = set.weights.length / set.assets;
  return Float64Array.from({ length: rows * 3 }, (_, i) => measures[i % 3]!(rowOf(set, Math.floor(i / 3))));
}

const column = (values: Float64Array, c: number) => values.filter((_, i) => i % 3 === c);

let [testSet, trainSet]: WeightSet[] = [];
let coder: PortfolioAutoencoder;
let conditioner: Conditioner;

beforeAll(async () => {
  await startBackend();
  const all = mixedPortfolios(fold(root, "set"), returns, 4000);
  const rows = all.weights.length / ASSETS;
  const [first, second] = [Math.floor(0.7 * rows), Math.floor(0.8 * rows)];
  const [training, validation] = [partOf(all, 0, first), partOf(all, first, second)];
  [trainSet, testSet] = [training, partOf(all, second, rows)];
  conditioner = conditionerOf({ names: NAMES, values: measured(training) });
  const model = portfolioVae({
    ...{ assets: ASSETS, latents: 8, conditions: 3 },
    likelihood: { kind: "simplex", lots: 1000, concentration: "learned" },
  });
  const data = (set: WeightSet) => portfolioData(model, set, { conditioner, values: measured(set) });
  const fit = await train(model, data(training), {
    ...{ keys: [fold(root, "model")], batchSize: 100, epochs: 150, beta: constant(1), clip: 10 },
    learningRate: (step) => 0.003 * Math.min(1, 10 ** (0.7 - step / 4500)),
    ...{ validation: data(validation), patience: 25 },
  });
  coder = portfolioAutoencoder(model, fit.weights, { conditioner });
});

/** Portfolios decoded from the prior, one for each held-out condition. */
function generated(): { readonly asked: Float64Array; readonly got: Float64Array } {
  const asked = measured(testSet!);
  const z = normals(fold(root, "codes"), (asked.length / 3) * coder.latents);
  return { asked, got: measured({ weights: coder.decodeAll(z, asked), assets: ASSETS }) };
}

function adherence(asked: Float64Array, got: Float64Array, c: number) {
  const [want, has] = [column(asked, c), column(got, c)];
  const error = mean(has.map((value, n) => (value - want[n]!) ** 2));
  return { slope: covarianceOf(want, has) / variance(want), explained: 1 - error / variance(want) };
}

// VP-18, VP-19
test("generated portfolios have the volatility that was asked for: slope near 1, R² above 0.9", () => {
  const { asked, got } = generated();
  const { slope, explained } = adherence(asked, got, 0);
  expect(slope).toBeGreaterThan(0.9);
  expect(slope).toBeLessThan(1.1);
  expect(explained).toBeGreaterThan(0.9);
});

// VP-20, VP-21
test("the expected return follows its condition closely, the largest sector less so", () => {
  const { asked, got } = generated();
  const [sector, earned] = [adherence(asked, got, 1), adherence(asked, got, 2)];
  expect(earned.slope).toBeGreaterThan(0.9);
  expect(earned.slope).toBeLessThan(1.1);
  expect(earned.explained).toBeGreaterThan(0.9);
  expect(sector.slope).toBeGreaterThan(0.8);
  expect(sector.explained).toBeGreaterThan(0.6);
});

test("asked of a decoder that is told another row's conditions, the volatility does not follow", () => {
  const asked = measured(testSet!);
  const rows = asked.length / 3;
  const turned = Float64Array.from(
    { length: asked.length },
    (_, i) => asked[(i + 3 * Math.floor(rows / 2)) % asked.length]!,
  );
  const z = normals(fold(root, "codes"), rows * coder.latents);
  const got = measured({ weights: coder.decodeAll(z, turned), assets: ASSETS });
  expect(adherence(asked, got, 0).explained).toBeLessThan(0);
});

/** Mean distance between pairs. */
function spread(set: WeightSet): number {
  const rows = set.weights.length / set.assets;
  const all: number[] = [];
  for (let n = 0; n < rows; n++)
    for (let m = 0; m < n; m++) all.push(Math.hypot(...rowOf(set, n).map((w, a) => w - rowOf(set, m)[a]!)));
  return mean(all);
}

/** Conditions of the training portfolios' averages. */
const typical = () => [0, 1, 2].map((c) => conditioner.mean[c]!);

// VP-22
test("portfolios of one condition stay apart: at least 0.7 of the distance of training portfolios alike in it", () => {
  const one = portfolioGenerator(coder.given(typical())).sample(300, fold(root, "alike"));
  const known = measured(trainSet!);
  const near = Array.from({ length: known.length / 3 }, (_, n) => n).filter((n) =>
    typical().every((value, c) => Math.abs(known[3 * n + c]! - value) < 0.35 * conditioner.deviation[c]!),
  );
  expect(near.length).toBeGreaterThan(30);
  const alike = {
    weights: Float64Array.from(near.flatMap((n) => Array.from(rowOf(trainSet!, n)))),
    assets: ASSETS,
  };
  expect(spread(one)).toBeGreaterThan(0.7 * spread(alike));
});

// VP-20
test("a sector limit that is both told and enforced is never broken", () => {
  const most = 0.45;
  const c = [conditioner.mean[0]!, most, conditioner.mean[2]!];
  const sectors = SECTORS.map((assets, i) => ({ name: `sector ${i}`, assets, most }));
  const set = portfolioGenerator(coder.given(c), { constraints: { cap: 0.3, sectors } }).sample(2000, root);
  const largest = column(measured(set), 1);
  expect(Math.max(...largest)).toBeLessThanOrEqual(most + 1e-9);
  const raw = column(measured({ weights: coder.given(c).decodeAll(set.codes), assets: ASSETS }), 1);
  expect(Math.max(...raw)).toBeGreaterThan(most);
});

// VP-19
test("a volatility can be met exactly by mixing with a calm or a risky portfolio", () => {
  const target = conditioner.mean[0]! / Math.sqrt(YEAR);
  const set = portfolioGenerator(coder.given(typical())).sample(200, fold(root, "exact"));
  const calm = minimumVariance(covariance);
  const risky = new Float64Array(ASSETS);
  risky[ASSETS - 1] = 1;
  for (let n = 0; n < 200; n++) {
    const w = atVolatility(rowOf(set, n), { covariance, target, calm, risky });
    expect(expectedVolatility(w, covariance) / target).toBeCloseTo(1, 9);
    expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
  }
  expect(() => atVolatility(calm, { covariance, target: target / 10, calm, risky })).toThrow(
    "target: expected",
  );
});

test("one condition for all rows is the same as that condition for each, and as the coder that has it", () => {
  const z = normals(fold(root, "few"), 5 * coder.latents);
  const c = typical();
  const all = coder.decodeAll(z, Array.from({ length: 5 }, () => c).flat());
  expect(coder.decodeAll(z, c)).toEqual(all);
  expect(coder.given(c).decodeAll(z)).toEqual(all);
  const w = partOf(testSet!, 0, 5).weights;
  expect(coder.given(c).encodeAll(w)).toEqual(coder.encodeAll(w, c));
});

test("missing conditions, too many and ones that are no numbers are refused by name", () => {
  const z = new Float64Array(coder.latents);
  expect(() => coder.decode(z)).toThrow(
    "conditions: expected volatility, largest sector, expected return, got none",
  );
  expect(() => coder.decode(z, [1, Number.NaN, 1])).toThrow(
    "condition largest sector, row 0: expected a finite number",
  );
  expect(() => coder.given(typical()).decode(z, typical())).toThrow(
    "conditions: expected none, the coder has its own",
  );
  expect(() => conditionerOf({ names: ["a"], values: Float64Array.of(1, 1) })).toThrow(
    "condition a: expected values that differ",
  );
});
