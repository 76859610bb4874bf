/** The settings of source chapter 328 as printed there, under the names of this library. */

const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  model: { input_dim: "inputDim", latent_dim: "latentDim", hidden_dims: "hidden" },
  training: {
    ...{ batch_size: "batchSize", learning_rate: "learningRate", weight_decay: "weightDecay" },
    ...{ max_epochs: "epochs", early_stopping_patience: "patience" },
    ...{ beta_start: "betaStart", beta_warmup_epochs: "warmUpEpochs" },
  },
  data: {
    ...{ sequence_length: "sequenceLength", prediction_horizon: "predictionHorizon" },
    ...{ train_ratio: "trainRatio", val_ratio: "validationRatio", test_ratio: "testRatio" },
  },
};

/**
 * The settings with the chapter's names replaced; `training.beta_end` becomes `model.beta`. Other names stay as they are.
 * @throws RangeError when a setting is there under both names, or `beta_end` differs from `model.beta`.
 */
export function withOwnNames(plain: unknown): unknown {
  if (!isObject(plain)) return plain;
  const renamed = Object.fromEntries(
    Object.entries(plain).map(([group, values]) => [group, renamedGroup(group, values)]),
  );
  return withBetaEnd(renamed);
}

function renamedGroup(group: string, values: unknown): unknown {
  const names = NAMES[group];
  if (!names || !isObject(values)) return values;
  const twice = Object.keys(values).find((name) => names[name] !== undefined && names[name]! in values);
  if (twice !== undefined)
    throw new RangeError(`config: ${group}.${twice} and ${group}.${names[twice]} are one setting, give one`);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]));
}

function withBetaEnd(settings: Record<string, unknown>): Record<string, unknown> {
  const { training, model = {} } = settings;
  if (!isObject(training) || !("beta_end" in training) || !isObject(model)) return settings;
  const { beta_end: end, ...rest } = training;
  if (model.beta !== undefined && model.beta !== end)
    throw new RangeError(
      `config: training.beta_end: expected model.beta, ${JSON.stringify(model.beta)}, got ${JSON.stringify(end)}`,
    );
  return { ...settings, model: { ...model, beta: end }, training: rest };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
