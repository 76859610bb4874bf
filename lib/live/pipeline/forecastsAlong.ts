/** Forecasts of a pipeline along bars. */
import type { Bars, Forecast } from "../../core/index.js";
import { decideAll } from "./history.js";
import type { PipelineOptions } from "./pipeline.js";

/**
 * The forecasts on which the pipeline's decisions rest, one for each decision that drew, in order of time; the forecaster stays the
 * caller's.
 * @throws RangeError as `decideAll`.
 */
export function forecastsAlong(options: PipelineOptions, bars: readonly Bars[]): Forecast[] {
  const forecasts: Forecast[] = [];
  decideAll({ ...options, onForecast: (forecast) => forecasts.push(forecast) }, bars);
  return forecasts.map((forecast) => ({ ...forecast, names: options.symbols }));
}
