/** The symbols that the exchange lists, each with the candles it replays. */
import type { Bars, Flow } from "../core/index.js";
import type { Category } from "../market/index.js";
import { checkBars, INTERVALS, intervalOf, isMadeOf, openingAfter, openingOf } from "../market/index.js";

/** Candles to replay; a linear perpetual unless told. A row of NaN prices counts as missing. */
export interface ReplayedBars extends Bars {
  category?: Category;
}

/** One symbol of one category. */
export interface Listing {
  symbol: string;
  category: Category;
  base: string;
  quote: string;
  /** Decimals of a price: the tick is 10^−decimals. */
  decimals: number;
  /** The finest first; missing bars are absent rows. */
  series: readonly Bars[];
}

/** Candles of an interval as ranges of bars: candle w is made of bars first[w] … first[w + 1] − 1. */
export interface Grid {
  bars: Bars;
  interval: string;
  /** [W] opening times of the candles that have a bar. */
  opening: Float64Array;
  /** [W + 1] */
  first: Int32Array;
}

/**
 * The listings of the candles, bars of one symbol and category together.
 * @throws RangeError when candles are unsound, off the grid of their step, or come twice in one step.
 */
export function listings(all: readonly ReplayedBars[]): Listing[] {
  const groups = new Map<string, { category: Category; series: Bars[] }>();
  for (const bars of all) {
    const category = bars.category ?? "linear";
    const group = groups.get(`${category} ${bars.symbol}`) ?? { category, series: [] };
    group.series.push(sound(bars));
    groups.set(`${category} ${bars.symbol}`, group);
  }
  return [...groups.values()].map(({ category, series }) => listing(category, series));
}

/** The candles of `interval`; undefined when no bars of the listing add up to it. The coarsest bars that do are taken. */
export function gridOf(listed: Listing, interval: string): Grid | undefined {
  const bars = [...listed.series].reverse().find((series) => isMadeOf(interval, series.stepMs));
  if (!bars) return undefined;
  const opening: number[] = [];
  const first: number[] = [];
  let after = -Infinity;
  for (let t = 0; t < bars.openTime.length; t++) {
    if (bars.openTime[t]! < after) continue;
    opening.push(openingOf(interval, bars.openTime[t]!));
    after = openingAfter(interval, bars.openTime[t]!);
    first.push(t);
  }
  first.push(bars.openTime.length);
  return { bars, interval, opening: Float64Array.from(opening), first: Int32Array.from(first) };
}

function listing(category: Category, series: readonly Bars[]): Listing {
  const ordered = [...series].sort((a, b) => a.stepMs - b.stepMs);
  const { symbol, close } = ordered[0]!;
  const twice = ordered.find((bars, i) => bars.stepMs === ordered[i + 1]?.stepMs);
  if (twice)
    throw new RangeError(`${symbol}: expected one series of ${twice.stepMs} ms in ${category}, got more`);
  const [, base, quote] = /^(.+?)(USDT|USDC|USD)$/.exec(symbol) ?? [];
  if (!base || !quote) throw new RangeError(`${symbol}: expected a symbol that ends in USDT, USDC or USD`);
  const decimals = 6 - Math.floor(Math.log10(close[0]!)); // seven digits of the first price, as BTCUSDT has
  return { symbol, category, base, quote, decimals, series: ordered };
}

/** The bars without their NaN rows, checked. */
function sound(bars: Bars): Bars {
  const kept = present(bars);
  checkBars(kept);
  const { symbol, stepMs } = kept;
  const interval = intervalOf(stepMs);
  if (!interval)
    throw new RangeError(
      `${symbol}: expected bars of one of Bybit's intervals (${INTERVALS.join(" ")}), got ${stepMs} ms`,
    );
  const first = kept.openTime[0]!;
  if (openingOf(interval, first) !== first)
    throw new RangeError(`${symbol}, bar 0: expected a time on the grid of ${stepMs} ms, got ${first}`);
  return kept;
}

function present(bars: Bars): Bars {
  const keep = (column: Float64Array): Float64Array => column.filter((_, t) => !Number.isNaN(bars.close[t]!));
  const { symbol, stepMs, flow } = bars;
  const [openTime, open, high] = [keep(bars.openTime), keep(bars.open), keep(bars.high)];
  const [low, close, volume] = [keep(bars.low), keep(bars.close), keep(bars.volume)];
  const kept: Bars = { symbol, stepMs, openTime, open, high, low, close, volume };
  if (!flow) return kept;
  const columns = Object.entries(flow).map(([name, column]) => [name, keep(column as Float64Array)]);
  return { ...kept, flow: Object.fromEntries(columns) as Flow };
}
