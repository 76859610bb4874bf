/** Windows written by a study's VAE, its latent plane, and studies repeated forward through time. */
import { beforeAll, expect, test } from "vitest";
import { core, features, market, models } from "../../../lib/index.js";

let bars: Awaited<ReturnType<typeof market.open>>;
let folds: features.Dataset[];
let fits: Awaited<
  ReturnType<typeof models.trainForward<ReturnType<typeof models.vae>["network"], features.Dataset>>
>;
const training = { epochs: 3, batchSize: 64, seeds: 2, recordKl: true };

beforeAll(async () => {
  bars = await market.open({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 1000 });
  folds = features.forwardDatasets(bars, { length: 12, horizon: 4, stride: 4, folds: 2, first: 0.5 });
  fits = await models.trainForward(folds, (data) => models.vae({ data, latent: 3, hidden: [16] }), training);
}, 300_000);

test("a reconstruction begins with the window itself; with no dimension kept it is that of the prior's mean", () => {
  const [fit, data] = [fits[0]!, folds[0]!];
  const { values } = models.reconstructWindows(fit, data.test, { row: 2, kept: [0, 3] });
  const [input] = models.windowsIn(data, data.test, [2]).values;
  expect(values[0]).toEqual(input);
  const network = fit.model.network;
  const one = fit.weights.replicas;
  const { mean: means } = fit.encode(data.test);
  const decode = (z: number[]) =>
    models.autoencoder.decodeLatents(network, fit.weights, Float32Array.from(z), [1, 3]);
  const size = data.length * data.columns.length;
  expect(one).toBe(2);
  const unscaled = (scaled: Float32Array) =>
    Array.from(scaled.subarray(0, size), (v, i) => {
      const f = i % data.columns.length;
      return v * data.scaler.x.standardDeviation[f]! + data.scaler.x.mean[f]!;
    });
  const prior = unscaled(decode([0, 0, 0]));
  const whole = unscaled(decode(Array.from(means.subarray(6, 9))));
  for (let i = 0; i < size; i++) {
    expect(values[1]![i]).toBeCloseTo(prior[i]!, 5);
    expect(values[2]![i]).toBeCloseTo(whole[i]!, 5);
  }
  expect(() => models.reconstructWindows(fit, data.test, { row: 2, kept: [4] })).toThrow("kept: expected");
});

test("both reconstructions are of the same row, and a row or a network that is not there is named", () => {
  const [fit, data] = [fits[0]!, folds[0]!];
  const { input, decoded } = models.reconstruct(fit, data.test, 2, { network: 1 });
  const { values } = models.reconstructWindows(fit, data.test, { row: 2, kept: [3], network: 1 });
  const { mean, standardDeviation } = data.scaler.x;
  [input, decoded].forEach((scaled, n) => {
    scaled.forEach((value, i) => {
      const f = i % data.columns.length;
      expect(values[n]![i]).toBeCloseTo(value * standardDeviation[f]! + mean[f]!, 9);
    });
  });
  const { rows } = data.test;
  for (const row of [-1, 1.5, rows]) {
    const message = `row: expected an index below ${rows}, got ${row}`;
    expect(() => models.reconstructWindows(fit, data.test, { row, kept: [1] })).toThrow(message);
    expect(() => models.windowsIn(data, data.test, [0, row])).toThrow(message);
  }
  expect(() => models.priorWindows(fit, { count: 1, key: core.key(1), network: 2 })).toThrow(
    "network: expected an index below 2, got 2",
  );
});

test("windows of the prior come again by their key and differ by another", () => {
  const of = (seed: number) => models.priorWindows(fits[0]!, { count: 2, key: core.key(seed) }).values;
  expect(of(1)).toEqual(of(1));
  expect(of(1)[0]).not.toEqual(of(2)[0]);
});

test("the recorded KL of a network's best epoch is that of its weights", () => {
  const fit = fits[1]!;
  const now = fit.encode(folds[1]!.validation).klPerDimension;
  expect(fit.klHistory.length).toBe(training.epochs);
  for (let r = 0; r < 2; r++)
    for (let k = 0; k < 3; k++)
      expect(fit.klHistory[fit.bestEpoch[r]!]![3 * r + k]).toBeCloseTo(now[3 * r + k]!, 6);
});

test("a forecast over all test parts holds each fold's own", () => {
  const all = models.predictForward(fits, { draws: 5 });
  expect(all.mean.length).toBe(folds[0]!.test.rows + folds[1]!.test.rows);
  const second = fits[1]!.predict(folds[1]!.test, { draws: 5 });
  const from = folds[0]!.test.rows;
  for (let n = 0; n < second.mean.length; n++) {
    expect(all.mean[from + n]).toBeCloseTo(second.mean[n]!, 12);
    expect(all.epistemic[from + n]).toBeCloseTo(second.epistemic[n]!, 15);
  }
  expect(Math.min(...all.epistemic)).toBeGreaterThan(0);
});

test("the plane holds the means' two widest directions; what is restored is at most all of it", () => {
  const plane = models.latentPlane(fits[0]!, folds[0]!.test);
  expect(plane.x.length).toBe(folds[0]!.test.rows);
  expect(core.variance(plane.x)).toBeGreaterThanOrEqual(core.variance(plane.y));
  expect(core.correlation(plane.x, plane.y)).toBeCloseTo(0, 6);
  const restored = models.restoredFeatures(fits[0]!, folds[0]!.test);
  expect(restored.map(({ feature }) => feature)).toEqual([...folds[0]!.columns]);
  for (const { decoded, windowMean } of restored) {
    expect(decoded).toBeLessThanOrEqual(1);
    expect(windowMean).toBeGreaterThanOrEqual(-1e-9);
  }
});

test("an LSTM and a Transformer use every entry of hidden, and drop units", () => {
  const data = folds[0]!;
  const parametersOf = (encoder: "lstm" | "transformer", hidden: number[], dropout = 0) =>
    models.vae({ data, latent: 2, encoder, hidden, dropout }).network;
  for (const encoder of ["lstm", "transformer"] as const) {
    const names = (hidden: number[]) => parametersOf(encoder, hidden).parameters.map(({ name }) => name);
    expect(names([16, 8, 4])).toContain("encoder/1/weight");
    expect(names([16, 8])).not.toContain("encoder/1/weight");
    const drops = parametersOf(encoder, [16, 8], 0.2).noise.filter(({ name }) => name.includes("dropout"));
    expect(drops.length).toBe(2);
  }
});
