/** A running stream: the connection, the lines of its topics, and the queue to the consumer. */
import type { Key } from "../../core/index.js";
import { AheadOfClock } from "../bybit/agreement.js";
import type { Bybit } from "../bybit/connect.js";
import { BybitError, isFatal } from "../bybit/error.js";
import type { ProxyChoice } from "../bybit/proxy.js";
import { askClock } from "./backfill.js";
import { type Connection, type ConnectionEnd, openConnection } from "./connection.js";
import { badFrame, type Desk, type Line, linesOf } from "./lines.js";
import { type EventQueue, eventQueue } from "./queue.js";
import { keepConnected, type Sleep, watch } from "./session.js";
import type { Subject } from "./subjects.js";
import type { MarketStream, StreamCounts, StreamEvent, StreamQuery, StreamStatus } from "./types.js";

export interface LiveOptions {
  readonly query: StreamQuery;
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly proxy: ProxyChoice;
  readonly wsUrl: string | undefined;
  readonly staleMs: number;
  readonly lateMs: number;
  /** Infinity: never. */
  readonly lookMs: number;
  readonly pingMs: number;
  readonly pauseMs: number;
  readonly mostPending: number;
  readonly sleep: Sleep;
  readonly key: Key;
}

const LONGEST_DETAIL = 300;
/** Of a subscription that the exchange will refuse again. */
const FOR_GOOD = /invalid symbol|handler not found|params error/i;
/** Bad frames one after the other with which a connection is given up. */
const MOST_BAD = 20;
/** Between two questions for the exchange's clock while it disagrees, ms. */
const CLOCK_MS = 30_000;

/** Owns the REST connection it is given, the WebSocket, and the timers. */
export class LiveStream implements MarketStream {
  readonly #bybit: Bybit;
  readonly #options: LiveOptions;
  readonly #queue: EventQueue;
  readonly #closing = new AbortController();
  readonly #counts = noCounts();
  readonly #desk: Desk;
  readonly #lines: ReadonlyMap<string, Line>;
  /** Their names, parted by commas. */
  readonly #symbols: string;
  #wire: Connection | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #connections = 0;
  /** When the connection was dialled, stood, or last brought sound data, by the time that has passed; undefined while there is none. */
  #aliveAt: number | undefined;
  /** When the exchange's clock was last asked for, while it disagrees with this machine's. */
  #clockAskedAt: number | undefined;
  /** Whether this connection has brought sound data, and whether the server has taken its subscriptions. */
  #heard = false;
  #stood = false;
  #badInRow = 0;

  constructor(bybit: Bybit, subjects: readonly Subject[], options: LiveOptions) {
    this.#bybit = bybit;
    this.#options = options;
    this.#queue = eventQueue(options.mostPending, subjects[0]!.stepMs);
    this.#desk = this.#newDesk();
    this.#symbols = subjects.map(({ symbol }) => symbol).join(", ");
    const lines = linesOf(subjects, options.query, this.#desk);
    this.#lines = new Map(lines.map((line) => [line.topic, line]));
  }

  /** Begins to dial; resolves before the connection stands. */
  async start(category: Subject["category"]): Promise<void> {
    const { wsUrl, pingMs, lookMs, sleep, proxy } = this.#options;
    this.#wire = await openConnection(
      this.#bybit.client,
      { category, wsUrl, pingMs, proxy },
      {
        onOpen: () => this.#stands(),
        onData: (topic, message) => this.#data(topic, message),
        onBad: (detail) => this.#bad(detail, [...this.#lines.values()]),
      },
    );
    const { signal } = this.#closing;
    this.#running = Promise.all([
      this.#connected(this.#wire),
      Number.isFinite(lookMs) ? watch(() => this.#look(), { ms: lookMs, sleep, signal }) : undefined,
    ]);
  }

  counts(): StreamCounts {
    return { ...this.#counts, pending: this.#queue.length };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return {
      next: () => this.#queue.next(),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async #end(error?: Error): Promise<void> {
    this.#closing.abort();
    this.#queue.end(error);
    await this.#bybit.close();
    await this.#running;
    await Promise.all([...this.#lines.values()].map((line) => line.settled()));
  }

  #connected(wire: Connection): Promise<void> {
    const { key, pauseMs, sleep, elapsed } = this.#options;
    return keepConnected({
      ...{ wire, topics: [...this.#lines.keys()], key, pauseMs, sleep, signal: this.#closing.signal },
      room: () => this.#queue.room(),
      heard: () => this.#heard,
      dialling: () => {
        [this.#heard, this.#stood, this.#badInRow] = [false, false, 0];
        this.#aliveAt = elapsed();
      },
      over: (end) => this.#over(end),
    });
  }

  #stands(): void {
    const again = this.#connections++ > 0;
    if (again) this.#counts.reconnects++;
    this.#stood = true;
    this.#aliveAt = this.#options.elapsed();
    this.#status("connected", `${this.#lines.size} subscriptions${again ? ", again" : ""}`);
    for (const line of this.#lines.values()) line.connected();
  }

  #over({ kind, detail }: ConnectionEnd): void {
    this.#aliveAt = undefined;
    for (const line of this.#lines.values()) line.lost();
    if (kind !== "closed") this.#status(kind, detail);
    if (kind === "refused" && FOR_GOOD.test(detail))
      this.#fail(new BybitError("symbol", this.#symbols, detail));
  }

  #data(topic: string, message: unknown): void {
    this.#counts.frames++;
    const line = this.#lines.get(topic);
    try {
      if (!line) throw new RangeError("not asked for");
      line.heard(message);
      this.#heard = true;
      this.#badInRow = 0;
      if (this.#stood) this.#aliveAt = this.#options.elapsed(); // who sends data but no answer is given up, too
    } catch (error) {
      if (error instanceof AheadOfClock) this.#disagree(error.message);
      this.#bad(`${topic}: ${(error as Error).message}`, line ? [line] : []);
    }
  }

  #bad(detail: string, lines: readonly Line[]): void {
    badFrame(this.#desk, detail);
    for (const line of lines) line.missed();
    if (++this.#badInRow >= MOST_BAD)
      this.#wire?.cut({ kind: "dropped", detail: `${MOST_BAD} bad frames one after the other` });
  }

  #look(): void {
    const { elapsed, staleMs } = this.#options;
    for (const line of this.#lines.values()) line.look();
    if (this.#clockAskedAt !== undefined && elapsed() - this.#clockAskedAt >= CLOCK_MS) this.#askClock();
    if (this.#aliveAt === undefined || elapsed() - this.#aliveAt <= staleMs) return;
    const detail = `no sound data for ${Math.round((elapsed() - this.#aliveAt) / 1000)} s`;
    this.#aliveAt = undefined;
    this.#wire?.cut({ kind: "silent", detail });
  }

  /** The clocks disagree: told once, and the exchange's is asked for until they agree. */
  #disagree(detail: string): void {
    if (this.#clockAskedAt !== undefined) return;
    this.#status("clocks disagree", detail);
    this.#askClock();
  }

  #askClock(): void {
    this.#clockAskedAt = this.#options.elapsed();
    askClock(this.#bybit, this.#closing.signal).then(
      () => {
        this.#clockAskedAt = undefined;
        this.#status("clocks agree", "asked by REST");
      },
      () => undefined, // asked again
    );
  }

  #tell(event: StreamEvent): void {
    this.#queue.push(event);
    if (this.#queue.full && this.#aliveAt !== undefined)
      this.#wire?.cut({ kind: "full", detail: `${this.#queue.length} events are not yet taken` });
  }

  #status(what: StreamStatus, detail: string, symbol?: string): void {
    const short = detail.slice(0, LONGEST_DETAIL); // it may quote a frame
    const whose = symbol === undefined ? {} : { symbol };
    this.#tell({ kind: "status", what, detail: short, ...whose, at: this.#options.now() });
  }

  #failed(what: string, error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#status("backfill failed", `${what}: ${error.message}`);
    if (!(error instanceof BybitError) || !isFatal(error.kind)) return;
    if (error.kind === "clock") {
      this.#disagree(error.message);
      return;
    }
    this.#fail(error);
  }

  /** Ends with an error that no other attempt mends. */
  #fail(error: BybitError): void {
    this.#closed ??= this.#end(error);
    this.#closed.catch(() => undefined); // told to whoever closes
  }

  #newDesk(): Desk {
    const { lateMs, staleMs, now, elapsed } = this.#options;
    return {
      ...{
        bybit: this.#bybit,
        signal: this.#closing.signal,
        lateMs,
        staleMs,
        counts: this.#counts,
        now,
        elapsed,
      },
      tell: (event) => this.#tell(event),
      status: (what, detail, symbol) => this.#status(what, detail, symbol),
      failed: (what, error) => this.#failed(what, error),
      room: () => this.#queue.room(),
      renew: (topic) => this.#wire?.renew(topic),
    };
  }
}

function noCounts(): StreamCounts {
  const candles = { bars: 0, backfilled: 0, gapsMended: 0, missing: 0, revisions: 0 };
  const rest = { trades: 0, books: 0, duplicates: 0, resynchronised: 0, reconnects: 0, badFrames: 0 };
  return { frames: 0, ...candles, ...rest, pending: 0 };
}
