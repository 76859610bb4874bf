/** The order book of one symbol, kept by its changes; thrown away as soon as one does not fit. */
import type { OrderBook } from "../bybit/public.js";
import type { BookFrame, Level } from "./frames.js";

export interface BookLineOptions {
  readonly symbol: string;
  /** Milliseconds that have passed, from any origin. */
  readonly now: () => number;
  /** How long a fresh snapshot may be under way before it is asked for again, ms. */
  readonly lateMs: number;
  /** Asks for a fresh snapshot. */
  readonly renew: () => void;
  readonly sink: {
    book(book: OrderBook): void;
    /** The book was thrown away, and why: it is not known until the next. */
    thrownAway(why: string): void;
    /** A fresh snapshot is in the place of the book that was thrown away, and why it was. */
    resynchronised(why: string): void;
  };
}

type Book = OrderBook & { readonly sequence: number };

/** The line of one book: whole and never crossed, or silent. */
export class BookLine {
  readonly #options: BookLineOptions;
  #book: Book | undefined;
  /** When a snapshot was asked for that has not come, and why: after a fault, or with the connection. */
  #asked: { readonly at: number; readonly why?: string } | undefined;

  constructor(options: BookLineOptions) {
    this.#options = options;
  }

  heard(frame: BookFrame): void {
    if (!frame.whole && !this.#book) return; // of the book that was thrown away
    const book = this.#after(frame);
    const fault = this.#faultOf(frame, book);
    const isLost = fault !== undefined && this.#book !== undefined;
    this.#book = fault ? undefined : book;
    const { now, renew, sink } = this.#options;
    if (fault) {
      if (isLost) sink.thrownAway(fault);
      this.#asked = { at: now(), why: fault };
      renew();
      return;
    }
    if (this.#asked?.why) sink.resynchronised(this.#asked.why);
    this.#asked = undefined;
    sink.book({ symbol: book.symbol, time: book.time, bids: book.bids, asks: book.asks });
  }

  /** The subscription stands: it begins with a snapshot, if that has not come yet. */
  asked(): void {
    if (!this.#book) this.#asked = { at: this.#options.now() };
  }

  /** The connection is gone. */
  lost(): void {
    this.#book = undefined;
    this.#asked = undefined;
  }

  /** Asks again for a snapshot that has not come. */
  catchUp(): void {
    const { now, lateMs, renew } = this.#options;
    if (!this.#asked || now() - this.#asked.at <= lateMs) return;
    this.#asked = { ...this.#asked, at: now() };
    renew();
  }

  #after({ whole, sequence, time, bids, asks }: BookFrame): Book {
    const before = whole ? undefined : this.#book;
    return {
      ...{ symbol: this.#options.symbol, time, sequence },
      bids: changed(before?.bids ?? [], bids, (a, b) => b[0] - a[0]),
      asks: changed(before?.asks ?? [], asks, (a, b) => a[0] - b[0]),
    };
  }

  #faultOf({ whole, sequence }: BookFrame, { bids, asks }: Book): string | undefined {
    const before = this.#book?.sequence;
    if (!whole && sequence !== before! + 1) return `change ${sequence} came after ${before}`;
    const [bid, ask] = [bids[0]?.[0] ?? 0, asks[0]?.[0] ?? Number.POSITIVE_INFINITY];
    return bid >= ask ? `crossed by change ${sequence}: a bid of ${bid}, an ask of ${ask}` : undefined;
  }
}

/** The side after a change, best first. */
function changed(
  side: readonly Level[],
  rows: readonly Level[],
  order: (a: Level, b: Level) => number,
): Level[] {
  const levels = new Map(side.map(([price, size]) => [price, size]));
  for (const [price, size] of rows) {
    if (size === 0) levels.delete(price);
    else levels.set(price, size);
  }
  return [...levels].sort(order);
}
