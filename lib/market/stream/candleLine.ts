/** The candles of one symbol in order: what the wire brings, early, late, twice or never, and what REST has of the rest. */
import type { Candle } from "../bybit/page.js";
import type { Window } from "../bybit/span.js";
import type { CandleFrame } from "./frames.js";

type Origin = "stream" | "backfill";

/** What becomes of the candles; called in order of time. */
export interface CandleSink {
  bar(candle: Candle, origin: Origin): void;
  revision(candle: Candle): void;
  /** Candles that the exchange does not have. */
  missing(window: Window): void;
  /** So many candles of the window came by REST. */
  mended(window: Window, count: number): void;
  failed(window: Window, error: Error): void;
  duplicate(): void;
  bad(detail: string): void;
}

export interface CandleLineOptions {
  readonly stepMs: number;
  /** Opening time of the first candle wanted, UTC ms. */
  readonly since: number;
  /** How long after its close a candle may be under way before it is asked for, ms. */
  readonly lateMs: number;
  /** UTC milliseconds. */
  readonly now: () => number;
  /** Milliseconds that have passed, which never go back: of the pauses; default `now`. */
  readonly elapsed?: () => number;
  /** The closed candles of a window by REST, handed over in order. Tells how many candles of it had closed, there or not. */
  readonly fetch: (window: Window, take: (candle: Candle) => void) => Promise<number>;
  readonly sink: CandleSink;
}

/**
 * The line of one symbol. Each closed candle is told once and in order; the first that comes of a time counts.
 *
 * A closed candle with a hole before it waits until REST has told what belongs there. A hole is the exchange's own only when a later
 * candle has closed; before that it may just be late. A revision is told when it is of the candle that is due next.
 */
export class CandleLine {
  readonly #options: CandleLineOptions;
  /** Closed and waiting for what is before them. */
  readonly #held = new Map<number, Candle>();
  /** The newest revision, while it is not told. */
  #live: Candle | undefined;
  /** Which candle was revised last, and when. */
  #revised: { readonly candle: number; readonly at: number } | undefined;
  /** Opening time of the candle to be told next. */
  #next: number;
  #mending: Promise<void> | undefined;
  #pauseMs: number;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: CandleLineOptions) {
    this.#options = options;
    this.#next = options.since;
    this.#pauseMs = options.lateMs;
  }

  heard({ candle, confirmed, time }: CandleFrame): void {
    const known = candle.time < this.#next || this.#held.has(candle.time);
    const revised = this.#revised;
    if (known || (!confirmed && candle.time === revised?.candle && time < revised.at))
      this.#options.sink.duplicate();
    else if (confirmed) this.#held.set(candle.time, candle);
    else {
      this.#live = candle;
      this.#revised = { candle: candle.time, at: time };
    }
    this.#flush();
  }

  /** Asks for what should have come by now. */
  catchUp(): void {
    const { now, lateMs, stepMs } = this.#options;
    this.#flush();
    const until = this.#next + Math.floor((now() - lateMs - this.#next) / stepMs) * stepMs;
    if (until > this.#next && this.#held.size === 0) this.#ask(until);
  }

  /** Resolves once nothing is being asked for. */
  async settled(): Promise<void> {
    while (this.#mending) await this.#mending;
  }

  #flush(): void {
    if (this.#mending) return;
    for (let due = this.#held.get(this.#next); due; due = this.#held.get(this.#next))
      this.#tell(due, "stream");
    if (this.#held.size > 0) this.#ask(Math.min(...this.#held.keys()));
    else if (this.#live?.time === this.#next) {
      this.#options.sink.revision(this.#live);
      this.#live = undefined;
    }
  }

  /** Asks REST for everything before `until`, unless that was in vain a moment ago. */
  #ask(until: number): void {
    const { lateMs, stepMs, sink, elapsed = this.#options.now } = this.#options;
    if (this.#mending || elapsed() < this.#notBefore) return;
    const window = { since: this.#next, until };
    this.#mending = this.#mend(window)
      .catch((error: Error) => sink.failed(window, error))
      .then(() => {
        const vain = this.#next === window.since;
        this.#notBefore = vain ? elapsed() + this.#pauseMs : Number.NEGATIVE_INFINITY;
        this.#pauseMs = vain ? Math.min(2 * this.#pauseMs, Math.max(stepMs, lateMs)) : lateMs;
        this.#mending = undefined;
        this.#flush();
      });
  }

  async #mend(window: Window): Promise<void> {
    const { fetch, stepMs, sink } = this.#options;
    const later = this.#held.get(window.until);
    let count = 0;
    const closed = await fetch(window, (candle) => {
      if (this.#take(candle)) count++;
    });
    if (count > 0) sink.mended(window, count);
    if (!later || this.#next > later.time) return;
    if (closed === (window.until - window.since) / stepMs) return this.#tellThrough(later, "stream");
    this.#held.delete(later.time);
    sink.bad(
      `a candle at ${new Date(later.time).toISOString()}, which by the exchange's clock has not begun`,
    );
  }

  /** A candle that REST has; true if the wire has not brought it. */
  #take(candle: Candle): boolean {
    if (candle.time < this.#next) return false;
    const heard = this.#held.get(candle.time);
    this.#tellThrough(heard ?? candle, heard ? "stream" : "backfill");
    return !heard;
  }

  /** The candle, and before it the waiting ones of earlier times. */
  #tellThrough(candle: Candle, origin: Origin): void {
    const earlier = [...this.#held.keys()].filter((time) => time < candle.time).sort((a, b) => a - b);
    for (const time of earlier) this.#tell(this.#held.get(time)!, "stream");
    this.#tell(candle, origin);
  }

  #tell(candle: Candle, origin: Origin): void {
    const { sink, stepMs } = this.#options;
    this.#held.delete(candle.time);
    if (candle.time > this.#next) sink.missing({ since: this.#next, until: candle.time });
    this.#next = candle.time + stepMs;
    sink.bar(candle, origin);
  }
}
