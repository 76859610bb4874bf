/**
 * Factor portfolios: factor returns, hedges and long-short books.
 * @module
 */
export {
  type Exposures,
  factorExposures,
  factorHedge,
  type HedgeInstrument,
  hedgeInstruments,
} from "./factorHedge.js";
export { observableFactors } from "./factorReturns.js";
export { constantPanel, longShortPanel, longShortWeights } from "./longShort.js";
export { longShortLedger } from "./longShortLedger.js";
