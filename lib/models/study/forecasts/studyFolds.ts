/** A study repeated forward through time: one training a fold, and one forecast over all test parts. */
import { type Forecast, fold as foldKey, forecastOf, key as keyOf } from "../../../core/index.js";
import type { Model } from "../../../nn/layers/index.js";
import type { PredictSettings, StudyFit } from "../kinds/studyFit.js";
import type { StudyData, StudyModel } from "../kinds/studyModel.js";
import { type StudyTraining, train } from "../kinds/studyTraining.js";

/**
 * Trains one model a data set, in their order, each by a key of its own; see `train`.
 * @param modelOf  the model of a data set, such as `(data) => models.vae({ data, latent: 8 })`
 * @throws RangeError when there is no data set, or as `train`.
 */
export async function trainForward<Network extends Model, Data extends StudyData>(
  datasets: readonly Data[],
  modelOf: (data: Data) => StudyModel<Network>,
  options: StudyTraining,
): Promise<StudyFit<Network>[]> {
  if (datasets.length === 0) throw new RangeError("datasets: expected at least one, got none");
  const { key = keyOf("study"), ...rest } = options;
  const fits: StudyFit<Network>[] = [];
  for (const [i, data] of datasets.entries())
    fits.push(await train(modelOf(data), data, { ...rest, key: foldKey(key, "fold", i) }));
  return fits;
}

/**
 * The forecasts of the test parts of all fits as one, in their order.
 * @throws RangeError when the fits have different numbers of networks or symbols.
 */
export function predictForward<Network extends Model>(
  fits: readonly StudyFit<Network>[],
  options: PredictSettings = {},
): Forecast {
  const forecasts = fits.map((fit) => fit.predict(fit.data.test, options));
  const [first] = forecasts;
  if (!first?.draws) throw new RangeError("fits: expected at least one, got none");
  const { draws, parameterSets } = first.draws;
  for (const { draws: own, names } of forecasts)
    if (own?.draws !== draws || names?.join() !== first.names?.join())
      throw new RangeError(
        `fits: expected ${draws} draws of ${first.names?.join(", ")} each, got ${own?.draws} of ${names?.join(", ")}`,
      );
  const rows = forecasts.reduce((total, { asset }) => total + asset.length, 0);
  const merged = { mean: new Float64Array(draws * rows), variance: new Float64Array(draws * rows) };
  let from = 0;
  for (const { asset, draws: own } of forecasts) {
    for (const moment of ["mean", "variance"] as const)
      for (let s = 0; s < draws; s++)
        for (let n = 0; n < asset.length; n++)
          merged[moment][s * rows + from + n] = own![moment][s * asset.length + n]!;
    from += asset.length;
  }
  return forecastOf(
    { draws, ...merged, ...(parameterSets === undefined ? {} : { parameterSets }) },
    {
      asset: forecasts.flatMap(({ asset }) => Array.from(asset)),
      decidedAt: forecasts.flatMap(({ decidedAt }) => Array.from(decidedAt)),
      ...(first.names ? { names: first.names } : {}),
    },
  );
}
