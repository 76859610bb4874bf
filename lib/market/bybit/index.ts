/**
 * Bybit's public market data: a paced connection, candles, funding rates and the order book, each answer checked.
 * @module
 */
export { CLOCK_MARGIN_MS } from "./agreement.js";
export { type Bybit, type ConnectOptions, connectBybit } from "./connect.js";
export {
  type BarQuery,
  type Fetched,
  type FetchHooks,
  type FetchOutcome,
  fetchBars,
  fetchMany,
} from "./fetch.js";
export type { Candle } from "./page.js";
export {
  checkFundingTimes,
  type FundingQuery,
  type FundingRates,
  fetchFundingRates,
  fetchOrderBook,
  type OrderBook,
  type TakerTrade,
} from "./public.js";
