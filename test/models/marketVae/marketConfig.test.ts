import { beforeAll, expect, test } from "vitest";
import { key, normals32 } from "../../../lib/core/random.js";
import { marketConfig, marketVaeOf, trainingOf } from "../../../lib/models/marketVae/marketConfig.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { train } from "../../../lib/nn/training/train.js";
import type { Schedule } from "../../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend();
});

// VI-68, VI-69, VI-70, VI-72
test("without a word it has the defaults, and builds a network of those sizes", () => {
  const config = marketConfig();
  expect(config.model).toMatchObject({
    inputDim: 64,
    latentDim: 16,
    hidden: [256, 128, 64],
    beta: 4,
    dropout: 0.1,
  });
  expect(config.training).toMatchObject({
    batchSize: 128,
    learningRate: 1e-3,
    weightDecay: 1e-4,
    epochs: 200,
  });
  expect(config.training).toMatchObject({ patience: 20, warmUpEpochs: 50, betaStart: 0 });
  expect(config.data).toEqual({ sequenceLength: 60, predictionHorizon: 5 });
  const { parameters, latents, inputShape } = marketVaeOf(config);
  expect(latents).toBe(16);
  expect(inputShape).toEqual([60, 64]);
  const weights = parameters.filter((p) => p.name.endsWith("weight")).map((p) => p.shape);
  expect(weights).toEqual([
    [3840, 256],
    [256, 128],
    [128, 64],
    [64, 32],
    [16, 64],
    [64, 128],
    [128, 256],
    [256, 3840],
    [16, 32],
    [32, 7],
  ]);
});

// VI-73
test("YAML and JSON say the same; what is not said has its default", () => {
  const yaml = "model:\n  beta: 2\n  hidden: [32, 16]\ntraining:\n  epochs: 10\n";
  const json = '{"model": {"beta": 2, "hidden": [32, 16]}, "training": {"epochs": 10}}';
  expect(marketConfig(yaml)).toEqual(marketConfig(json));
  expect(marketConfig(yaml).model).toMatchObject({ beta: 2, hidden: [32, 16], latentDim: 16 });
  expect(marketConfig("")).toEqual(marketConfig({}));
});

// VI-73
test("unknown keys and impossible values are refused with their path and what came", () => {
  expect(() => marketConfig({ model: { latent: 8 } })).toThrow("unknown key model.latent");
  expect(() => marketConfig({ modle: {} })).toThrow("unknown key modle");
  expect(() => marketConfig({ training: { batchSize: 0 } })).toThrow(/training\.batchSize: .*got 0/);
  expect(() => marketConfig({ model: { hidden: [64, -1] } })).toThrow(/model\.hidden\.1: .*got -1/);
  expect(() => marketConfig({ model: { dropout: 1 } })).toThrow(/model\.dropout/);
  expect(() => marketConfig({ model: { encoder: "gru" } })).toThrow(/model\.encoder.*got "gru"/);
  expect(() => marketConfig({ training: { learningRate: "fast" } })).toThrow(
    /training\.learningRate.*got "fast"/,
  );
  expect(() => marketConfig("model: [")).toThrow(/expected YAML or JSON/);
  expect(() => marketConfig({ model: { beta: -1 }, data: { steps: 3 } })).toThrow(
    /model\.beta.*unknown key data\.steps/,
  );
});

// VI-71
test("β rises from 0 to 4 over fifty epochs and stays", () => {
  const rows = 1000; // seven batches of 128 an epoch
  const beta = trainingOf(marketConfig(), { rows, replicas: 2 }).beta as Schedule;
  const at = (epoch: number) => beta(epoch * 7);
  expect([0, 25, 50, 199].map(at)).toEqual([0, 2, 4, 4]);
  const none = trainingOf(marketConfig({ training: { warmUpEpochs: 0 } }), { rows, replicas: 1 })
    .beta as Schedule;
  expect(none(0)).toBe(4);
});

// VI-16
test("encoders are told apart by one word and have the same contract", () => {
  for (const encoder of ["mlp", "lstm", "transformer"] as const) {
    const config = marketConfig({
      model: { encoder, inputDim: 6, hidden: [16, 8] },
      data: { sequenceLength: 5 },
    });
    const model = marketVaeOf(config);
    expect(model.inputShape).toEqual([5, 6]);
    expect(model.latents).toBe(16);
  }
});

// VI-73
test("the same seed gives the same bits, another seed others", async () => {
  const settings = {
    model: { inputDim: 3, hidden: [8], latentDim: 2, dropout: 0.2 },
    training: { epochs: 2, batchSize: 16, warmUpEpochs: 1 },
    data: { sequenceLength: 4 },
  };
  const data = { x: normals32(key("x"), 64 * 12), y: normals32(key("y"), 64 * 5), rows: 64 };
  const run = async (seed: string) => {
    const config = marketConfig({ ...settings, seed });
    const { patience: _, leastEpochs: __, ...options } = trainingOf(config, { rows: 64, replicas: 2 });
    return (await train(marketVaeOf(config), data, options)).weights.parameters;
  };
  const [first, again, other] = [await run("one"), await run("one"), await run("two")];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});
