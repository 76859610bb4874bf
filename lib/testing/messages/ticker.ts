/** The last day of a listing as `tickers` tells it. */

import { countBefore, intervalOf } from "../../market/index.js";
import type { Exchange } from "../exchange.js";
import type { Grid, Listing } from "../listing.js";
import { candleAt, candlesIn } from "./candles.js";
import { amounts } from "./category.js";
import { decimal } from "./decimal.js";

const DAY = 86_400_000;
const EIGHT_HOURS = DAY / 3;

/** The ticker of a listing as known at `now`; prices are empty before the first bar. */
export function tickerRow(exchange: Exchange, listed: Listing, now: number): Record<string, string> {
  const day = lastDay(exchange, listed, now);
  const book = exchange.book(listed, now, 1);
  const [bid, ask] = [book.bids[0], book.asks[0]];
  const common = {
    symbol: listed.symbol,
    ...day,
    bid1Price: textOf(bid?.[0]),
    bid1Size: textOf(bid?.[1]),
    ask1Price: textOf(ask?.[0]),
    ask1Size: textOf(ask?.[1]),
  };
  if (listed.category === "spot") return { ...common, usdIndexPrice: day.lastPrice };
  const funding = exchange.fundings(listed, now - DAY, now).at(-1);
  return {
    ...common,
    indexPrice: day.lastPrice,
    markPrice: day.lastPrice,
    openInterest: day.volume24h,
    openInterestValue: day.turnover24h,
    fundingRate: textOf(funding?.rate),
    nextFundingTime: String((Math.floor(now / EIGHT_HOURS) + 1) * EIGHT_HOURS),
    predictedDeliveryPrice: "",
    basisRate: "",
    deliveryFeeRate: "",
    deliveryTime: "0",
  };
}

function lastDay(exchange: Exchange, listed: Listing, now: number) {
  const grid = finestGrid(exchange, listed);
  const limit = Math.ceil(DAY / grid.bars.stepMs) + 1;
  const candles = candlesIn(grid, { start: now - DAY + 1, end: now, limit }, now);
  const last = candles.at(-1) ?? candleAt(grid, countBefore(grid.opening, now + 1) - 1, now);
  const first = candles[0] ?? last;
  const volume = candles.reduce((sum, candle) => sum + candle.volume, 0);
  const turnover = candles.reduce((sum, candle) => sum + candle.turnover, 0);
  const [volume24h, turnover24h] = amounts(volume, turnover, listed.category);
  return {
    lastPrice: textOf(last?.close),
    prevPrice24h: textOf(first?.open),
    price24hPcnt: last && first ? (last.close / first.open - 1).toFixed(6) : "",
    highPrice24h: last ? decimal(Math.max(...candles.map(({ high }) => high), last.close)) : "",
    lowPrice24h: last ? decimal(Math.min(...candles.map(({ low }) => low), last.close)) : "",
    volume24h,
    turnover24h,
  };
}

function finestGrid(exchange: Exchange, listed: Listing): Grid {
  return exchange.grid(listed, intervalOf(listed.series[0]!.stepMs)!)!;
}

function textOf(value: number | undefined): string {
  return value === undefined ? "" : decimal(value);
}
