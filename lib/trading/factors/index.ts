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
  portfolioExposures,
} from "./factorHedge.js";
export { observableFactors } from "./factorReturns.js";
export { type HeldOptions, type HeldRow, heldPortfolios } from "./heldPortfolios.js";
export { constantPanel, longShortPanel, longShortWeights } from "./longShort.js";
export { longShortLedger } from "./longShortLedger.js";
export {
  type ExpectedCoefficient,
  expectedCoefficients,
  type LongShortComparison,
  type LongShortOptions,
  type LongShortRow,
  longShortTable,
} from "./longShortTable.js";
export { type VarianceContractOptions, varianceContract } from "./varianceContract.js";
