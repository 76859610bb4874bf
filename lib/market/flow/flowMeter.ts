/** What tape and book show of each bar of one symbol, from single trades and books as they come. */
import type { Candle } from "../bybit/page.js";
import type { OrderBook, TakerTrade } from "../bybit/public.js";
import type { Category } from "../grid.js";
import { type ExactSum, exactSum } from "./exactSum.js";

/** Flow of one bar, as a row of `Flow`; what is not known is NaN. */
export interface BarFlow {
  buyVolume: number;
  sellVolume: number;
  bid: number;
  ask: number;
  bidSize: number;
  askSize: number;
  bidDepth: number;
  askDepth: number;
}

/** A closed candle, with its flow where that was heard. */
export type FlowCandle = Candle & Partial<BarFlow>;

/** Settings of `flowMeter`: length of a bar and kind of market. */
export interface FlowMeterOptions {
  readonly stepMs: number;
  /** Of an inverse market sizes are contracts of one dollar, and become units of the base asset here; linear unless given. */
  readonly category?: Category;
}

/** Levels a side that count as the depth of a book. */
export const DEPTH_LEVELS = 5;

/** Share of the candle's volume by which a tape may miss it and still pass as whole. */
const TAPE_TOLERANCE = 0.01;

/** A meter of order flow: takes trades and books as they come, and gives the flow of each closed bar. */
export interface FlowMeter {
  /** Takes a trade; one of a bar that was taken comes too late, and is left out. */
  trade(trade: TakerTrade): void;
  book(book: OrderBook): void;
  /** The books that come next do not join on to the last one. */
  lost(): void;
  /** Whether there is something to wait for: trades of the candle that were heard do not make up its volume yet. */
  isWaiting(candle: Candle): boolean;
  /** The flow of a closed candle; all that came before its close is forgotten. */
  take(candle: Candle): BarFlow;
}

interface Quote {
  /** UTC milliseconds. */
  readonly time: number;
  /** None where books were lost after this time. */
  readonly book: OrderBook | undefined;
}

interface Tape {
  readonly buys: ExactSum;
  readonly sells: ExactSum;
}

interface State {
  readonly stepMs: number;
  /** By opening time of the bar. */
  readonly tapes: Map<number, Tape>;
  /** In order of time, the last of each bar. */
  readonly quotes: Quote[];
  /** When the first trade or book was of; and up to where bars were taken. */
  heardFrom: number;
  closed: number;
}

/**
 * A meter that has heard nothing yet.
 *
 * Volumes are summed exactly, so that they do not depend on the order in which trades come. The tape of a bar is NaN unless it makes up
 * the volume of the candle, within 1 %: a recorder that began within the bar, or lost trades, does not tell a part for the whole. Quotes
 * are those of the last book before the close; NaN where it was lost, or has an empty side.
 */
export function flowMeter({ stepMs, category }: FlowMeterOptions): FlowMeter {
  const state: State = {
    ...{ stepMs, tapes: new Map(), quotes: [] },
    ...{ heardFrom: Number.POSITIVE_INFINITY, closed: Number.NEGATIVE_INFINITY },
  };
  return {
    trade({ time, price, size, side }) {
      if (time < state.closed) return;
      state.heardFrom = Math.min(state.heardFrom, time);
      tapeAt(state, time)[side === "buy" ? "buys" : "sells"].add(
        category === "inverse" ? size / price : size,
      );
    },
    book(book) {
      state.heardFrom = Math.min(state.heardFrom, book.time);
      note(state, { time: book.time, book });
    },
    lost() {
      const last = state.quotes.at(-1);
      if (last?.book) note(state, { time: last.time, book: undefined });
    },
    isWaiting: (candle) => state.heardFrom < candle.time + stepMs && !sums(state, candle).whole,
    take(candle) {
      const { buys, sells, whole } = sums(state, candle);
      const book = closeBar(state, candle.time + stepMs);
      const [buyVolume, sellVolume] = whole ? [buys, sells] : [Number.NaN, Number.NaN];
      return { buyVolume, sellVolume, ...quotesOf(book, category) };
    },
  };
}

function openingOf({ stepMs }: State, time: number): number {
  return Math.floor(time / stepMs) * stepMs;
}

/** The tape of the bar that holds a time. */
function tapeAt(state: State, time: number): Tape {
  const opening = openingOf(state, time);
  const tape = state.tapes.get(opening) ?? { buys: exactSum(), sells: exactSum() };
  state.tapes.set(opening, tape);
  return tape;
}

/** What was heard of a candle's trades, and whether it makes up its volume. */
function sums({ tapes }: State, { time, volume }: Candle): { buys: number; sells: number; whole: boolean } {
  const tape = tapes.get(time);
  const [buys, sells] = [tape?.buys.value() ?? 0, tape?.sells.value() ?? 0];
  return { buys, sells, whole: Math.abs(buys + sells - volume) <= TAPE_TOLERANCE * volume };
}

function note(state: State, quote: Quote): void {
  const last = state.quotes.at(-1);
  if (last && openingOf(state, last.time) === openingOf(state, quote.time)) state.quotes.pop();
  state.quotes.push(quote);
}

/** Forgets what is over by a close, and returns the book that stood at it. */
function closeBar(state: State, closed: number): OrderBook | undefined {
  const { tapes, quotes } = state;
  state.closed = closed;
  for (const opening of tapes.keys()) if (opening < closed) tapes.delete(opening);
  while (quotes.length > 1 && quotes[1]!.time < closed) quotes.shift();
  const [standing] = quotes;
  return standing && standing.time < closed ? standing.book : undefined;
}

/** What a book shows; NaN without one, or where a side of it is empty. */
function quotesOf(
  book: OrderBook | undefined,
  category: Category | undefined,
): Omit<BarFlow, "buyVolume" | "sellVolume"> {
  const [bids, asks] = [book?.bids ?? [], book?.asks ?? []];
  const base = ([price, size]: readonly [number, number]): number =>
    category === "inverse" ? size / price : size;
  const depth = (side: OrderBook["bids"]): number =>
    side.slice(0, DEPTH_LEVELS).reduce((total, level) => total + base(level), 0);
  const [bid, ask] = [bids[0], asks[0]];
  if (!bid || !ask) {
    const none = Number.NaN;
    return { bid: none, ask: none, bidSize: none, askSize: none, bidDepth: none, askDepth: none };
  }
  return {
    ...{ bid: bid[0], ask: ask[0], bidSize: base(bid), askSize: base(ask) },
    ...{ bidDepth: depth(bids), askDepth: depth(asks) },
  };
}
