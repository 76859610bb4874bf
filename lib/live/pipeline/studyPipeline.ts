/** The live pipeline of a study: what was trained, standing behind a stream with the settings of its data set. */
import type { Key } from "../../core/index.js";
import { fold } from "../../core/index.js";
import { FEATURE_LIMIT, marketInputStream } from "../../features/windows/index.js";
import type { Bnn } from "../../models/bnn/index.js";
import type { MarketVae } from "../../models/marketVae/index.js";
import type { StudyFit } from "../../models/study/index.js";
import { bnnForecaster, type LiveForecaster, vaeForecaster } from "./forecaster.js";
import type { PipelineOptions } from "./pipeline.js";

/** Settings of `studyPipeline`: the fit of a study and how its forecasts become sizes. */
export interface StudyPipelineOptions
  extends Pick<PipelineOptions, "rules" | "key" | "now" | "every" | "onForecast"> {
  /** Length of a bar in milliseconds. */
  readonly stepMs: number;
  /** S draws of the weights or of the latent vector, 100 by default. */
  readonly draws?: number;
  /** Of a Bayesian network: S networks drawn once and kept (the default), or drawn for each decision. */
  readonly posterior?: "kept" | "fresh";
}

/**
 * Options of a pipeline that computes features, windows, forecast and size as the study of `fit` did, on `marketInput` features.
 *
 * The forecaster in it stands ready and is the caller's until a `livePipeline` takes it: dispose it.
 * @param fit  of `models.train` with a model of `models.bnn` or `models.vae`
 * @throws RangeError when the features of the study are not those of `marketInput`, or its model is of another family.
 */
export function studyPipeline(fit: StudyFit, options: StudyPipelineOptions): PipelineOptions {
  const { stepMs, draws = 100, posterior = "kept", every = 1, rules, key, now, onForecast } = options;
  const { symbols, columns, length, scaler, targetScaler } = fit.data;
  const flow = [false, true].find(
    (own) => marketInputStream(stepMs, { flow: own }).names.join() === columns.join(),
  );
  if (flow === undefined)
    throw new RangeError(`columns: expected those of marketInput, got ${columns.join(", ")}`);
  return {
    ...{ symbols, stepMs, length, every, rules, key, now, scaler: scaler.x, clip: FEATURE_LIMIT },
    input: (step) => marketInputStream(step, { flow }),
    forecaster: forecasterOf(fit, { draws, posterior, key }),
    target: { centre: targetScaler.mean[0]!, deviation: targetScaler.deviation[0]! },
    ...(onForecast ? { onForecast } : {}),
  };
}

function forecasterOf(
  { model, weights, data }: StudyFit,
  of: { readonly draws: number; readonly posterior: "kept" | "fresh"; readonly key: Key },
): LiveForecaster {
  const rows = data.symbols.length;
  const { draws, posterior } = of;
  if (model.family === "bnn")
    return bnnForecaster(model.network as Bnn, weights, {
      ...{ draws, posterior, rows, key: fold(of.key, "posterior") },
    });
  if (model.family === "vae") return vaeForecaster(model.network as MarketVae, weights, { draws, rows });
  throw new RangeError(`model: expected one of models.bnn or models.vae, got ${model.family}`);
}
