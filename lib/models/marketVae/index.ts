/**
 * The market VAE: windows of candles to latents, regimes and return forecasts.
 * @module
 */
export { type MarketConfig, marketConfig, marketVaeOf, partsOf, trainingOf } from "./marketConfig.js";
export { type ForecastOptions, type MarketForecast, marketForecast } from "./marketForecast.js";
export { type MarketForecaster, openMarketForecaster, type WindowLatents } from "./marketForecaster.js";
export { type MarketVae, type MarketVaeConfig, marketVae, REGIMES } from "./marketVae.js";
