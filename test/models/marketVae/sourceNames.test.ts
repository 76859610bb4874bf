/** The settings of source chapter 328 are read as they are printed. */
import { expect, test } from "vitest";
import { marketConfig, marketVaeOf, partsOf } from "../../../lib/models/marketVae/marketConfig.js";

const printed = `
model:
  input_dim: 64 # Number of input features
  latent_dim: 16
  hidden_dims: [256, 128, 64]
  beta: 4.0
  dropout: 0.1
training:
  batch_size: 128
  learning_rate: 0.001
  weight_decay: 0.0001
  max_epochs: 200
  early_stopping_patience: 20
  beta_start: 0.0
  beta_end: 4.0
  beta_warmup_epochs: 50
data:
  sequence_length: 60
  prediction_horizon: 5
  train_ratio: 0.7
  val_ratio: 0.15
  test_ratio: 0.15
`;

test("the printed settings are the defaults, under this library's names", () => {
  const own = marketConfig();
  const ratios = { trainRatio: 0.7, validationRatio: 0.15, testRatio: 0.15 };
  expect(marketConfig(printed)).toEqual({ ...own, data: { ...own.data, ...ratios } });
  const parts = { train: 0.6, validation: 0.2, test: 0.2 };
  expect(partsOf(own, parts)).toBe(parts);
  expect(partsOf(marketConfig(printed), parts)).toEqual({ train: 0.7, validation: 0.15, test: 0.15 });
  const other = marketConfig(
    printed
      .replace("latent_dim: 16", "latent_dim: 7")
      .replace("val_ratio: 0.15", "val_ratio: 0.1")
      .replace("test_ratio: 0.15", "test_ratio: 0.2"),
  );
  expect(other.model.latentDim).toBe(7);
  expect(other.data).toMatchObject({ trainRatio: 0.7, validationRatio: 0.1, testRatio: 0.2 });
});

test("a setting under two names, a β that contradicts itself, parts that are no whole: refused by name", () => {
  expect(() => marketConfig({ model: { latent_dim: 2, latentDim: 3 } })).toThrow(
    "model.latent_dim and model.latentDim",
  );
  expect(() => marketConfig(printed.replace("beta_end: 4.0", "beta_end: 2.0"))).toThrow("training.beta_end");
  expect(() => marketConfig({ data: { train_ratio: 0.8 } })).toThrow("add up to 1");
  expect(() => marketConfig({ training: { max_epoch: 3 } })).toThrow("training.max_epoch");
});

test("an LSTM and a Transformer have every hidden layer and its dropout", () => {
  for (const encoder of ["lstm", "transformer"] as const) {
    const model = marketVaeOf(
      marketConfig({ model: { inputDim: 3, encoder, hidden: [16, 8, 4], dropout: 0.1 } }),
    );
    expect(model.parameters.map(({ name }) => name)).toContain("encoder/1/weight");
    expect(model.noise.filter(({ name }) => name.includes("dropout"))).toHaveLength(3);
  }
});
