import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { momentsOf, totalVariances } from "../../../lib/core/forecast.js";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { marketForecast } from "../../../lib/models/marketVae/marketForecast.js";
import { openMarketForecaster } from "../../../lib/models/marketVae/marketForecaster.js";
import { marketVae } from "../../../lib/models/marketVae/marketVae.js";
import { encodeRows } from "../../../lib/models/vae/latents.js";
import type { EncoderConfig } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { predict } from "../../../lib/nn/training/predict.js";
import { classUncertainty } from "../../../lib/prob/divergences/uncertainty.js";

beforeAll(async () => {
  await startBackend("wasm");
});

const root = key("market forecaster");
const encoders: EncoderConfig[] = [
  { kind: "mlp", hidden: [8, 6], batchNorm: true, dropout: 0.1 },
  { kind: "lstm", units: 5, hidden: [6] },
  { kind: "transformer", width: 8, heads: 2, inner: 16, blocks: 1, hidden: [6] },
];
const [ROWS, SIZE] = [3, 12];
const x = normals32(fold(root, "x"), ROWS * SIZE);
const rowKeys = Array.from({ length: ROWS }, (_, n) => fold(root, "row", n));

// VI-94
test("every encoder: a window's draws are those of `marketForecast` for it alone, whatever stands beside it", () => {
  for (const encoder of encoders) {
    const model = marketVae({ inputShape: [4, 3], latents: 2, encoder, noise: "learned" });
    const weights = initialWeights(model, [root, fold(root, "other")]);
    const before = tf.memory().numTensors;
    const ready = openMarketForecaster(model, weights);
    for (const padTo of [0, 8]) {
      const said = ready.draw(ready.encode(x, padTo), { draws: 30, rowKeys, padTo });
      expect([said.draws, said.rows]).toEqual([60, ROWS]);
      const parts = momentsOf(said.returns);
      const regimes = classUncertainty(said.regimes).probability;
      const volatility = momentsOf(said.volatility);
      for (let n = 0; n < ROWS; n++) {
        const codes = encodeRows(model, weights, x.slice(n * SIZE, (n + 1) * SIZE));
        const alone = marketForecast(model, weights, codes, { draws: 30, key: rowKeys[n]! });
        expect(parts.mean[n]).toBeCloseTo(alone.mean[0]!, 6);
        expect(parts.aleatoric[n]).toBeCloseTo(alone.aleatoric[0]!, 5);
        expect(parts.latent[n]).toBeCloseTo(alone.latent[0]!, 6);
        expect(parts.epistemic[n]).toBeCloseTo(alone.epistemic[0]!, 6);
        expect(volatility.mean[n]).toBeCloseTo(alone.volatility[0]!, 6);
        expect(totalVariances(volatility)[n]).toBeCloseTo(alone.volatilityVariance[0]!, 5);
        for (let c = 0; c < 3; c++) expect(regimes[3 * n + c]).toBeCloseTo(alone.regimes[c]!, 6);
      }
    }
    ready.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
});

test("`predict` counts the spread over latents as latent and that between replicas as epistemic, as `marketForecast` does", () => {
  const model = marketVae({
    inputShape: [4, 3],
    latents: 2,
    encoder: { kind: "mlp", hidden: [8] },
    noise: "learned",
  });
  const weights = initialWeights(model, [root, fold(root, "other")]);
  const draws = 4000;
  const own = predict(model, weights, x, { draws, key: fold(root, "own") });
  const said = marketForecast(model, weights, encodeRows(model, weights, x), {
    draws,
    key: fold(root, "said"),
  });
  for (let n = 0; n < ROWS; n++) {
    const [latent, epistemic] = [said.latent[n]!, said.epistemic[n]!];
    expect(Math.abs(own.latent[n]! / latent - 1)).toBeLessThan(4.5 * Math.sqrt((2 * 2) / draws));
    const error = Math.sqrt((2 * latent) / draws); // of the difference between two replicas' means, twice over
    expect(Math.abs(own.epistemic[n]! - epistemic)).toBeLessThan(
      4.5 * error * (Math.sqrt(epistemic) + error),
    );
    expect(own.aleatoric[n]! / said.aleatoric[n]!).toBeCloseTo(1, 1);
  }
});

test("at the mean codes there is one draw a replica: what the heads say where nothing is drawn", () => {
  const model = marketVae({ inputShape: [4, 3], latents: 2, encoder: encoders[0]!, noise: "learned" });
  const weights = initialWeights(model, [root, fold(root, "other")]);
  const ready = openMarketForecaster(model, weights);
  const codes = ready.encode(x);
  const still = ready.atMeans(codes, 4);
  expect(still.draws).toBe(2);
  const certain = { ...codes, logVar: codes.logVar.map(() => -200) };
  const drawn = ready.draw(certain, { draws: 1, rowKeys });
  expect(Array.from(still.returns.mean)).toEqual(Array.from(drawn.returns.mean));
  expect(() => ready.draw(codes, { draws: 1, rowKeys: [] })).toThrow("rowKeys: expected 3 values, got 0");
  expect(() => ready.encode(x.slice(1))).toThrow("x: expected 36 values, got 35");
  ready.dispose();
});
