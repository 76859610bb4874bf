/** Candles and their flow as arrays. */
import type { Bars, Flow } from "../../core/index.js";
import { BOOK_DEPTH, TAPE_AND_QUOTES } from "../../core/index.js";
import type { OrderBook, TakerTrade } from "../bybit/public.js";
import type { Category } from "../grid.js";
import { type BarFlow, type FlowCandle, flowMeter } from "./flowMeter.js";

const NAMES: readonly (keyof BarFlow)[] = [...TAPE_AND_QUOTES, ...BOOK_DEPTH];

/** Single trades and books of one symbol, each in any order; a book of which there is none leaves the quotes NaN. */
export interface HeardFlow {
  readonly trades: readonly TakerTrade[];
  readonly books: readonly OrderBook[];
  readonly category?: Category;
}

/**
 * The candles with the flow that trades and books make of them: the same, to the bit, as `flowStream` tells of a stream of them.
 *
 * What is not known is NaN, as `flowMeter` says. Row t depends on trades and books before the close of bar t alone.
 * @param bars ascending; flow that is there is replaced
 */
export function flowBars(bars: Bars, { trades, books, category }: HeardFlow): Bars {
  const byTime = (a: { time: number }, b: { time: number }): number => a.time - b.time;
  const meter = flowMeter({ stepMs: bars.stepMs, ...(category ? { category } : {}) });
  for (const trade of trades) meter.trade(trade);
  for (const book of [...books].sort(byTime)) meter.book(book);
  const rows = Array.from(bars.openTime, (time, t) => meter.take(candleAt(bars, t, time)));
  return { ...bars, flow: flowOf(rows) };
}

function candleAt(bars: Bars, t: number, time: number) {
  const { open, high, low, close, volume } = bars;
  return { time, open: open[t]!, high: high[t]!, low: low[t]!, close: close[t]!, volume: volume[t]! };
}

/** Candles of one symbol, ascending, as bars; flow that one of them lacks is NaN. */
export function barsOfCandles(symbol: string, stepMs: number, candles: readonly FlowCandle[]): Bars {
  const column = (of: (candle: FlowCandle) => number) => Float64Array.from(candles, of);
  return {
    ...{ symbol, stepMs, openTime: column(({ time }) => time) },
    ...{ open: column(({ open }) => open), high: column(({ high }) => high) },
    ...{ low: column(({ low }) => low), close: column(({ close }) => close) },
    volume: column(({ volume }) => volume),
    flow: flowOf(candles),
  };
}

function flowOf(rows: readonly Partial<BarFlow>[]): Flow {
  const columns = NAMES.map((name) => [name, Float64Array.from(rows, (row) => row[name] ?? Number.NaN)]);
  return Object.fromEntries(columns) as unknown as Flow;
}
