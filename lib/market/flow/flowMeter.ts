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

export interface FlowMeterOptions {
  readonly stepMs: number;
  /** Of an inverse market sizes are contracts of one dollar, and become units of the base asset here; linear unless given. */
  readonly category?: Category;
}

/** Levels a side that count as the depth of a book. */
export const DEPTH_LEVELS = 5;

/** Share of the candle's volume by which a tape may miss it and still pass as whole. */
const TAPE_TOLERANCE = 0.01;

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

/**
 * A meter that has heard nothing yet.
 *
 * Volumes are summed exactly, so that they do not depend on the order in which trades come. The tape of a bar is NaN unless it makes up
 * the volume of the candle, within 1 %: a recorder that began within the bar, or lost trades, does not tell a part for the whole. Quotes
 * are those of the last book before the close; NaN where it was lost, or has an empty side.
 */
export function flowMeter({ stepMs, category }: FlowMeterOptions): FlowMeter {
  const tapes = new Map<number, Tape>();
  const quotes: Quote[] = [];
  let heardFrom = Number.POSITIVE_INFINITY;
  let closed = Number.NEGATIVE_INFINITY;
  const openingOf = (time: number): number => Math.floor(time / stepMs) * stepMs;
  const sums = (candle: Candle): { buys: number; sells: number; whole: boolean } => {
    const tape = tapes.get(candle.time);
    const [buys, sells] = [tape?.buys.value() ?? 0, tape?.sells.value() ?? 0];
    return {
      ...{ buys, sells },
      whole: Math.abs(buys + sells - candle.volume) <= TAPE_TOLERANCE * candle.volume,
    };
  };
  const note = (quote: Quote): void => {
    const last = quotes.at(-1);
    if (last && openingOf(last.time) === openingOf(quote.time)) quotes.pop(); // of each bar the last one counts
    quotes.push(quote);
  };
  return {
    trade({ time, price, size, side }) {
      if (time < closed) return;
      heardFrom = Math.min(heardFrom, time);
      const opening = openingOf(time);
      const tape = tapes.get(opening) ?? { buys: exactSum(), sells: exactSum() };
      tapes.set(opening, tape);
      tape[side === "buy" ? "buys" : "sells"].add(category === "inverse" ? size / price : size);
    },
    book(book) {
      heardFrom = Math.min(heardFrom, book.time);
      note({ time: book.time, book });
    },
    lost() {
      const last = quotes.at(-1);
      if (last?.book) note({ time: last.time, book: undefined });
    },
    isWaiting: (candle) => heardFrom < candle.time + stepMs && !sums(candle).whole,
    take(candle) {
      closed = candle.time + stepMs;
      const { buys, sells, whole } = sums(candle);
      for (const opening of tapes.keys()) if (opening < closed) tapes.delete(opening);
      while (quotes.length > 1 && quotes[1]!.time < closed) quotes.shift();
      const standing = quotes[0] && quotes[0].time < closed ? quotes[0].book : undefined;
      return {
        buyVolume: whole ? buys : Number.NaN,
        sellVolume: whole ? sells : Number.NaN,
        ...quotesOf(standing, category),
      };
    },
  };
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
