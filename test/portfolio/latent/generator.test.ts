import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { portfolioAutoencoder } from "../../../lib/models/portfolioVae/portfolioAutoencoder.js";
import { portfolioVae } from "../../../lib/models/portfolioVae/portfolioVae.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { checkWithin } from "../../../lib/portfolio/constraints/limits.js";
import { project } from "../../../lib/portfolio/constraints/projection.js";
import { boundaryLatent, portfolioGenerator } from "../../../lib/portfolio/latent/generator.js";
import { lowVolatilityObjective, sharpeObjective } from "../../../lib/portfolio/latent/latentObjectives.js";
import { limitedDecoder } from "../../../lib/portfolio/latent/limitedDecoder.js";
import { sampleDirichlet } from "../../../lib/portfolio/sample/dirichlet.js";
import { expectedVolatility } from "../../../lib/trading/performance/portfolioMoments.js";
import { factorReturns } from "../../models/support/portfolios.js";

const root = key("portfolio generator");
const [ASSETS, K] = [12, 8];

/** Weights of no training, large enough to decode to concentrated portfolios. */
const model = portfolioVae({
  ...{ assets: ASSETS, latents: K },
  likelihood: { kind: "simplex", lots: 1000, concentration: 50 },
});
const first = initialWeights(model, [root]);
const coder = portfolioAutoencoder(model, { ...first, parameters: first.parameters.map((v) => 1.4 * v) });
const row = (weights: Float64Array, n: number) => weights.slice(n * ASSETS, (n + 1) * ASSETS);
const distance = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((v, i) => v - b[i]!));
const sectors = [
  { name: "first", assets: [0, 1, 2, 3], most: 0.4 },
  { name: "second", assets: [4, 5, 6, 7], most: 0.5 },
];

// VP-09, VP-10, VP-16, VP-58, VP-59
test.each([
  ["a cap", { cap: 0.2 }, 20_000],
  ["a cap and a smallest position", { cap: 0.25, minimum: 0.05 }, 5000],
  ["a cap and sectors", { cap: 0.3, sectors }, 10_000],
  ["all of them", { cap: 0.3, sectors, minimum: 0.04 }, 1000],
])("none of thousands of generated portfolios breaks %s", (_, constraints, count) => {
  const { weights, codes } = portfolioGenerator(coder, { constraints }).sample(count, fold(root, "many"));
  expect(codes).toHaveLength(count * K);
  const minimum: number = "minimum" in constraints ? constraints.minimum : 0;
  let [broken, moved] = [0, 0];
  const raw = coder.decodeAll(codes);
  for (let n = 0; n < count; n++) {
    const w = row(weights, n);
    checkWithin(w, constraints, 1e-9);
    if (w.some((value) => value > 1e-9 && value < minimum - 1e-9)) broken++;
    if (distance(w, row(raw, n)) > 1e-6) moved++;
  }
  expect(broken).toBe(0);
  expect(moved).toBeGreaterThan(0.5 * count); // the limits had work to do
});

test("without limits the portfolios are what the decoder says of normal draws", () => {
  const { weights, codes } = portfolioGenerator(coder).sample(4000, root);
  const decoded = coder.decodeAll(codes);
  weights.forEach((w, i) => {
    expect(Math.abs(w - decoded[i]!)).toBeLessThan(1e-12);
  });
  const square = codes.reduce((total, z) => total + z * z, 0) / codes.length;
  expect(Math.abs(square - 1)).toBeLessThan(0.03); // sd of the average: √(2 / 32,000) = 0.008
});

test("the same key draws the same portfolios, and the first of many are those of few", () => {
  const generator = portfolioGenerator(coder, { constraints: { cap: 0.2 } });
  const [few, many] = [generator.sample(5, root), generator.sample(50, root)];
  expect(many.weights.slice(0, 5 * ASSETS)).toEqual(few.weights);
  expect(generator.sample(5, fold(root, 1)).weights).not.toEqual(few.weights);
});

// VP-24
test("codes stay within the radius and as even in direction as before; one that no draw reaches is refused", () => {
  const radius = 2;
  const { codes } = portfolioGenerator(coder, { radius }).sample(2000, root);
  const average = new Float64Array(K);
  for (let n = 0; n < 2000; n++) {
    const z = codes.slice(n * K, (n + 1) * K);
    expect(Math.hypot(...z)).toBeLessThanOrEqual(radius);
    z.forEach((value, k) => {
      average[k]! += value / 2000;
    });
  }
  expect(Math.max(...average.map(Math.abs))).toBeLessThan(0.06); // the sd of each is below 0.02
  expect(() => portfolioGenerator(coder, { radius: 0.01 }).sample(1, root)).toThrow(
    "radius: expected one that draws of 8 numbers reach, got 0.01",
  );
});

const [from, to] = [
  row(sampleDirichlet(root, 2, new Float64Array(ASSETS).fill(0.5)), 0),
  row(sampleDirichlet(root, 2, new Float64Array(ASSETS).fill(0.5)), 1),
];

// VP-25
test("the ends of a blend are both reconstructions, or the two portfolios themselves", () => {
  const constraints = { cap: 0.4 };
  const generator = portfolioGenerator(coder, { constraints });
  const blend = generator.interpolate(from, to, { steps: 10 });
  expect(blend.weights).toHaveLength(11 * ASSETS);
  const back = (w: Float64Array) => project(coder.decode(coder.encode(w).mean), constraints);
  expect(distance(row(blend.weights, 0), back(from))).toBeLessThan(1e-12);
  expect(distance(row(blend.weights, 10), back(to))).toBeLessThan(1e-12);
  const exact = generator.interpolate(from, to, { steps: 10, exactEnds: true });
  expect(row(exact.weights, 0)).toEqual(project(from, constraints));
  expect(row(exact.weights, 10)).toEqual(project(to, constraints));
  expect(row(exact.weights, 5)).toEqual(row(blend.weights, 5));
  for (let n = 0; n <= 10; n++) checkWithin(row(blend.weights, n), constraints);
});

test("half-way between two centres a code is as near to one as to the other", () => {
  const [a, b] = [normals(fold(root, "a"), K), normals(fold(root, "b"), K)];
  const middle = boundaryLatent(a, b);
  expect(distance(middle, a)).toBeCloseTo(distance(middle, b), 12);
});

// VP-23, VP-59
test("the optimum lies within ball and limits, and is better than any of its generator's draws", () => {
  const returns = factorReturns(root);
  const covariance = returns.transpose().mmul(returns).div(returns.rows);
  const constraints = { cap: 0.25, sectors };
  const generator = portfolioGenerator(coder, { constraints, radius: 2.5 });
  const best = generator.optimise(lowVolatilityObjective(covariance), { starts: 10, key: root });
  checkWithin(best.weights, constraints, 1e-9);
  expect(Math.hypot(...best.z)).toBeLessThan(2.5 + 1e-9);
  expect(best.weights).toEqual(project(best.decoded, constraints));
  expect(best.value).toBeCloseTo(-expectedVolatility(best.weights, covariance), 14);
  const { weights } = generator.sample(500, root);
  for (let n = 0; n < 500; n++)
    expect(-expectedVolatility(row(weights, n), covariance)).toBeLessThan(best.value);
  expect(() =>
    portfolioGenerator(coder).optimise(lowVolatilityObjective(covariance), { starts: 1, key: root }),
  ).toThrow("radius: expected one to search within, got none");
});

test("under limits the slope is that of finite differences, wherever no bound begins", () => {
  const constraints = { cap: 0.25, sectors, minimum: 0.02 };
  const limited = limitedDecoder(coder, constraints);
  const g = normals(fold(root, "slope"), ASSETS);
  let near = 0;
  for (let n = 0; n < 60; n++) {
    const z = normals(fold(root, "points", n), K);
    const slope = limited.pullBack(z, g);
    const along = (k: number, by: number) =>
      limited.decode(z.map((v, i) => (i === k ? v + by : v))).reduce((total, w, a) => total + w * g[a]!, 0);
    if (slope.every((own, k) => Math.abs(own - (along(k, 1e-6) - along(k, -1e-6)) / 2e-6) < 1e-6)) near++;
  }
  expect(near).toBeGreaterThan(56);
});

// VP-23
test("with two codes the optimum under limits is the best of the whole limited image", () => {
  const flat = portfolioVae({ ...model.config, latents: 2 });
  const start = initialWeights(flat, [fold(root, "image")]);
  const image = portfolioAutoencoder(flat, { ...start, parameters: start.parameters.map((v) => 1.4 * v) });
  const returns = factorReturns(root);
  const covariance = returns.transpose().mmul(returns).div(returns.rows);
  const mean = Float64Array.from({ length: ASSETS }, (_, a) => 1e-4 * (a % 5));
  const [radius, steps] = [3, 60];
  const generator = portfolioGenerator(image, { radius, constraints: { cap: 0.3, sectors } });
  const side = Array.from({ length: steps + 1 }, (_, i) => ((2 * i) / steps - 1) * radius);
  const grid = side.flatMap((a) => side.flatMap((b) => (Math.hypot(a, b) <= radius ? [a, b] : [])));
  const { weights } = generator.fromCodes(Float64Array.from(grid));
  for (const objective of [lowVolatilityObjective(covariance), sharpeObjective({ mean, covariance })]) {
    let best = Number.NEGATIVE_INFINITY;
    for (let n = 0; n < grid.length / 2; n++) best = Math.max(best, objective.value(row(weights, n)));
    const found = generator.optimise(objective, { starts: 20, key: root });
    expect(found.value).toBeGreaterThan(best - 0.02 * Math.abs(best));
  }
});

test("limits that no portfolio keeps are refused at once", () => {
  expect(() => portfolioGenerator(coder, { constraints: { cap: 0.05 } })).toThrow(/cap: 12 assets/);
  expect(() => portfolioGenerator(coder, { radius: 0 })).toThrow("radius: expected a positive number, got 0");
  expect(() => portfolioGenerator(coder).fromCodes(new Float64Array(9))).toThrow(
    "codes: expected 8 values, got 9",
  );
});
