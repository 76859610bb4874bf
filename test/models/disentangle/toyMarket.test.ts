import { beforeAll, expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { correlation, mean, variance } from "../../../lib/core/stats.js";
import { activeDimensions, replicaLatents } from "../../../lib/models/disentangle/activeDimensions.js";
import { type BottleneckRow, bottleneckRows } from "../../../lib/models/disentangle/bottleneck.js";
import { elbow } from "../../../lib/models/disentangle/elbow.js";
import { latentColumns, quantileClasses } from "../../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../../lib/models/disentangle/mig.js";
import { alignLatents } from "../../../lib/models/disentangle/stability.js";
import { TOY_INPUTS, toyMarket } from "../../../lib/models/disentangle/toyMarket.js";
import { betaTcVae } from "../../../lib/models/vae/betaTcVae.js";
import { encodeRows, type RowLatents } from "../../../lib/models/vae/latents.js";
import { movements, rowSpread, traverse } from "../../../lib/models/vae/traversal.js";
import { vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import type { Weights } from "../../../lib/nn/layers/model.js";
import { train } from "../../../lib/nn/training/train.js";
import { constant, type Schedule } from "../../../lib/prob/divergences/schedule.js";

const root = key("toy market");
const rows = 1200;
const market = toyMarket(root, rows, [1.5, 1.15, 0.9, 0.65]);
const factors = market.factors.map((factor) => quantileClasses(factor, 5));
const part = market.x.subarray(0, 700 * TOY_INPUTS); // rows of the decomposition, whose cost is N²
const data = { x: market.x, y: new Float32Array(0), rows };
const model = vae({
  inputShape: [TOY_INPUTS],
  latents: 6,
  encoder: { kind: "mlp", hidden: [32, 16] },
  noise: { variance: 0.04 },
});
const settling: Schedule = (step) => 5e-3 * Math.min(1, 10 ** (1 - step / 800));
const settings = { batchSize: 100, sharedBatches: root, learningRate: settling };
/** A sweep of one seed, its ends again from another, and a β that is far too high. */
const betas = [1, 2, 4, 8, 1, 8, 500];
const seeds = [0, 0, 0, 0, 1, 1, 0];

let weights: Weights;
let codes: RowLatents;
let table: BottleneckRow[];
const columns = (r: number) => latentColumns(replicaLatents(codes, r).mean, 6);
const mig = (r: number) => mutualInformationGap({ codes: columns(r), factors }).mig;

beforeAll(async () => {
  await startBackend();
  const keys = seeds.map((seed) => fold(root, "seed", seed));
  const beta = betas.map((b) => constant(b));
  ({ weights } = await train(model, data, { ...settings, keys, beta, epochs: 100 }));
  codes = encodeRows(model, weights, market.x);
  table = bottleneckRows(model, weights, part, { betas, key: root });
});

test("the observables are centred, of the stated strengths, and the factors are independent", () => {
  const seen = latentColumns(market.x, TOY_INPUTS);
  [1.5, 1.15, 0.9, 0.65].forEach((strength, f) => {
    for (let d = 3 * f; d < 3 * f + 3; d++) {
      expect(Math.abs(mean(seen[d]!))).toBeLessThan(0.15);
      expect(Math.abs(variance(seen[d]!) / (strength ** 2 + 0.14 ** 2) - 1)).toBeLessThan(0.15);
      expect(correlation(seen[d]!, market.factors[f]!)).toBeGreaterThan(0.9);
    }
  });
  for (let f = 1; f < 4; f++)
    expect(Math.abs(correlation(market.factors[0]!, market.factors[f]!))).toBeLessThan(0.1);
});

test("BV-07: total correlation falls strictly as β rises", () => {
  const sweep = [0, 1, 2, 3].map((r) => table[r]!.totalCorrelation);
  for (let i = 1; i < 4; i++) expect(sweep[i]).toBeLessThan(0.7 * sweep[i - 1]!);
});

test("BV-03, BV-04: information and rate fall, distortion rises, and I(x; z) ≤ E KL", () => {
  for (const r of [0, 1, 2, 3]) {
    expect(table[r]!.information).toBeLessThan(table[r]!.rate);
    expect(table[r]!.information).toBeLessThan(table[r]!.ceiling);
  }
  for (const r of [1, 2, 3]) {
    expect(table[r]!.rate).toBeLessThan(table[r - 1]!.rate);
    expect(table[r]!.information).toBeLessThan(table[r - 1]!.information);
    expect(table[r]!.distortion).toBeGreaterThan(table[r - 1]!.distortion);
  }
});

test("BV-05: the three parts sum to the KL within the error of the estimator", () => {
  for (const row of table.slice(0, 4)) {
    const sum = row.information + row.totalCorrelation + row.dimensionwise;
    expect(Math.abs(sum - row.rate)).toBeLessThan(0.3);
  }
});

test("from β = 4 on there are as many active units as there are factors", () => {
  for (const r of [2, 3, 5]) expect(table[r]!.activeUnits).toBe(4);
  expect(table[0]!.activeUnits).toBeGreaterThan(4);
});

test("BV-18: the gap rises from β = 1 to 8 in the mean of two seeds, and stays short of a perfect score", () => {
  const [one, eight] = [(mig(0) + mig(4)) / 2, (mig(3) + mig(5)) / 2];
  expect(eight).toBeGreaterThan(one + 0.05);
  expect(eight).toBeLessThan(0.8);
});

test("BV-38: at a very high β the posterior collapses, and the detector says so", () => {
  const collapsed = activeDimensions(replicaLatents(codes, 6), 0.01);
  expect(collapsed.isCollapsed).toBe(true);
  expect(collapsed.collapsed).toEqual([0, 1, 2, 3, 4, 5]);
  const alive = activeDimensions(replicaLatents(codes, 3), 0.01);
  expect(alive.isCollapsed).toBe(false);
  expect(alive.activeByKl).toBe(4);
  expect(alive.collapsed.length).toBe(2);
});

test("BV-45: the elbow of rate and distortion is a β of the sweep's inside", () => {
  const sweep = table.slice(0, 4).reverse();
  const { index } = elbow(
    sweep.map((row) => row.rate),
    sweep.map((row) => row.distortion),
  );
  expect([1, 2]).toContain(index);
});

test("BV-51: the traversal of a dimension moves the observables of the factor that it codes", () => {
  const spread = rowSpread(codes, 3);
  const reference = market.x.slice(0, TOY_INPUTS);
  const traversal = traverse(model, weights, reference, {
    replica: 3,
    sigmas: [-3, -1.5, 0, 1.5, 3],
    spread,
  });
  const readings = [0, 1, 2, 3].map((f) => ({ name: `${f}`, of: (row: Float32Array) => row[3 * f]! }));
  const all = movements(traversal, readings);
  const { agreement, dimension } = alignLatents(
    [...market.factors, ...market.factors.slice(0, 2)],
    columns(3),
  );
  const best = [0, 1, 2, 3].reduce((a, b) => (agreement[b]! > agreement[a]! ? b : a));
  const found = all.filter((one) => one.latent === dimension[best]);
  const strongest = found.reduce((a, b) => (b.share > a.share ? b : a));
  expect(strongest.reading).toBe(`${best}`);
  expect(strongest.share).toBeGreaterThan(0.4);
  const asleep = activeDimensions(replicaLatents(codes, 3), 0.01).collapsed[0]!;
  for (const one of all.filter(({ latent }) => latent === asleep)) expect(one.share).toBeLessThan(0.1);
});

test("BV-08: weight on the total correlation alone lowers it and keeps more information than as much β", async () => {
  const apart = betaTcVae(model, rows, { information: 1, totalCorrelation: [1, 8], dimensionwise: 1 });
  const keys = [0, 0].map((seed) => fold(root, "seed", seed));
  const fit = await train(apart, data, { ...settings, batchSize: 60, keys, beta: constant(1), epochs: 30 });
  const [one, eight] = bottleneckRows(apart, fit.weights, part, { betas: [1, 8], key: root }) as [
    BottleneckRow,
    BottleneckRow,
  ];
  expect(eight.totalCorrelation).toBeLessThan(0.6 * one.totalCorrelation);
  expect(eight.information).toBeGreaterThan(table[3]!.information);
});
