/** A running stream: the connection, the lines of its topics, and the queue to the consumer. */
import type { Key } from "../../core/random.js";
import type { Bybit } from "../bybit/connect.js";
import { BybitError, isFatal } from "../bybit/error.js";
import { badFrame, type Desk, type Line, linesOf } from "./lines.js";
import { type EventQueue, eventQueue } from "./queue.js";
import { keepConnected, type Sleep, watch } from "./session.js";
import type { Subject } from "./subjects.js";
import type { MarketStream, StreamCounts, StreamEvent, StreamQuery, StreamStatus } from "./types.js";
import { openWire, type Wire, type WireEnd } from "./wire.js";

export interface LiveOptions {
  readonly query: StreamQuery;
  readonly now: () => number;
  readonly wsUrl: string | undefined;
  readonly staleMs: number;
  readonly lateMs: number;
  readonly pingMs: number;
  readonly pauseMs: number;
  readonly mostPending: number;
  readonly sleep: Sleep;
  readonly key: Key;
}

const LOOK_MS = 1000;

/** Owns the REST connection it is given, the WebSocket, and the timers. */
export class LiveStream implements MarketStream {
  readonly #bybit: Bybit;
  readonly #options: LiveOptions;
  readonly #queue: EventQueue;
  readonly #closing = new AbortController();
  readonly #counts = noCounts();
  readonly #desk: Desk;
  readonly #lines: ReadonlyMap<string, Line>;
  #wire: Wire | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #connections = 0;
  /** When the connection was dialled, stood, or last brought data; undefined while there is none. */
  #aliveAt: number | undefined;
  /** Whether this connection has brought data, and whether the server has taken its subscriptions. */
  #heard = false;
  #stood = false;

  constructor(bybit: Bybit, subjects: readonly Subject[], options: LiveOptions) {
    this.#bybit = bybit;
    this.#options = options;
    this.#queue = eventQueue(options.mostPending);
    this.#desk = this.#newDesk();
    const lines = linesOf(subjects, options.query, this.#desk);
    this.#lines = new Map(lines.map((line) => [line.topic, line]));
  }

  /** Begins to dial; resolves before the connection stands. */
  async start(category: Subject["category"]): Promise<void> {
    const { wsUrl, pingMs, staleMs, sleep } = this.#options;
    this.#wire = await openWire(
      this.#bybit.client,
      { category, wsUrl, pingMs },
      {
        onOpen: () => this.#stands(),
        onData: (topic, message) => this.#data(topic, message),
        onBad: (detail) => this.#bad(detail, [...this.#lines.values()]),
      },
    );
    const { signal } = this.#closing;
    this.#running = Promise.all([
      this.#connected(this.#wire),
      watch(() => this.#look(), { ms: Math.min(LOOK_MS, staleMs / 4), sleep, signal }),
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

  #connected(wire: Wire): Promise<void> {
    const { key, pauseMs, sleep, now } = this.#options;
    return keepConnected({
      ...{ wire, topics: [...this.#lines.keys()], key, pauseMs, sleep, signal: this.#closing.signal },
      room: () => this.#queue.room(),
      heard: () => this.#heard,
      dialling: () => {
        [this.#heard, this.#stood] = [false, false];
        this.#aliveAt = now();
      },
      over: (end) => this.#over(end),
    });
  }

  #stands(): void {
    const again = this.#connections++ > 0;
    if (again) this.#counts.reconnects++;
    this.#stood = true;
    this.#aliveAt = this.#options.now();
    this.#status("connected", `${this.#lines.size} subscriptions${again ? ", again" : ""}`);
    for (const line of this.#lines.values()) line.connected();
  }

  #over({ kind, detail }: WireEnd): void {
    this.#aliveAt = undefined;
    for (const line of this.#lines.values()) line.lost();
    if (kind !== "closed") this.#status(kind, detail);
  }

  #data(topic: string, message: unknown): void {
    this.#counts.frames++;
    this.#heard = true;
    if (this.#stood) this.#aliveAt = this.#options.now(); // who sends data but no answer is given up, too
    const line = this.#lines.get(topic);
    try {
      if (!line) throw new RangeError("not asked for");
      line.heard(message);
    } catch (error) {
      this.#bad(`${topic}: ${(error as Error).message}`, line ? [line] : []);
    }
  }

  #bad(detail: string, lines: readonly Line[]): void {
    badFrame(this.#desk, detail);
    for (const line of lines) line.missed();
  }

  #look(): void {
    const { now, staleMs } = this.#options;
    for (const line of this.#lines.values()) line.look();
    if (this.#aliveAt === undefined || now() - this.#aliveAt <= staleMs) return;
    const detail = `no data since ${new Date(this.#aliveAt).toISOString()}`;
    this.#aliveAt = undefined;
    this.#wire?.cut({ kind: "silent", detail });
  }

  #tell(event: StreamEvent): void {
    this.#queue.push(event);
    if (this.#queue.full && this.#aliveAt !== undefined)
      this.#wire?.cut({ kind: "full", detail: `${this.#queue.length} events are not yet taken` });
  }

  #status(what: StreamStatus, detail: string): void {
    this.#tell({ kind: "status", what, detail, at: this.#options.now() });
  }

  #failed(what: string, error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#status("backfill failed", `${what}: ${error.message}`);
    if (!(error instanceof BybitError) || !isFatal(error.kind)) return;
    this.#closed ??= this.#end(error);
    this.#closed.catch(() => undefined); // told to whoever closes
  }

  #newDesk(): Desk {
    const { lateMs, staleMs, now } = this.#options;
    return {
      ...{ bybit: this.#bybit, signal: this.#closing.signal, lateMs, staleMs, counts: this.#counts, now },
      tell: (event) => this.#tell(event),
      status: (what, detail) => this.#status(what, detail),
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
