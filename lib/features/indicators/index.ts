/**
 * Technical indicators as causal features.
 * @module
 */
export { type CrossSectionOptions, correlationNames, crossSection } from "./crossSection.js";
export {
  bookImbalance,
  buySellRatio,
  depth,
  depthImbalance,
  signedVolume,
  spread,
  tradeImbalance,
} from "./flow.js";
export { logReturn } from "./horizonReturns.js";
export { rsi } from "./indicators.js";
export { slidingDrawdown, slidingTailRisk } from "./losses.js";
export { rollingMinMax } from "./minMax.js";
export { meanReturn, momentum, trend } from "./momentum.js";
export { type CorrelationRange, correlationRange } from "./rollingCorrelation.js";
export { type StandardOptions, standardFeatures } from "./standardFeatures.js";
export { historicalVolatility } from "./volatility.js";
export { volumeRatio } from "./volume.js";
