/** A live stream whose closed candles carry what tape and book showed of them. */
import type { Candle } from "../bybit/page.js";
import type { Category } from "../grid.js";
import type { MarketStream, StreamEvent, StreamStatus } from "../stream/types.js";
import { type FlowMeter, flowMeter } from "./flowMeter.js";

/** Settings of `flowStream`: symbols, length of a bar and kind of market. */
export interface FlowStreamOptions {
  /** By the exchange's names. */
  readonly symbols: readonly string[];
  readonly stepMs: number;
  readonly category?: Category;
  /** How long a closed candle waits for trades that are under way, ms of the wall's clock; 1,000 unless given. */
  readonly waitMs?: number;
}

type BarEvent = Extract<StreamEvent, { kind: "bar" }>;

/** A closed candle that waits for its trades. */
interface Held {
  readonly event: BarEvent;
  /** Resolves when it has waited long enough. */
  readonly late: Promise<void>;
  readonly timer: NodeJS.Timeout;
  isLate: boolean;
}

interface Desk {
  readonly meters: ReadonlyMap<string, FlowMeter>;
  /** By symbol, in order of time. */
  readonly held: ReadonlyMap<string, Held[]>;
  readonly waitMs: number;
}

/** What happened after which the last book need not be the newest: the connection ended, or a frame that was not read may have been one. */
const LOST: readonly StreamStatus[] = ["dropped", "refused", "silent", "full", "bad frame"];

/**
 * The stream, its events as they are but that each closed candle carries its flow; closing it closes the stream.
 *
 * Ask the stream for trades and at least five levels of the book. A candle may be told before its last trades: it then waits, and later
 * candles of its symbol with it. What was not heard is NaN, as `flowMeter` says.
 */
export function flowStream(stream: MarketStream, options: FlowStreamOptions): MarketStream {
  const { symbols, stepMs, category, waitMs = 1000 } = options;
  const meterOptions = { stepMs, ...(category ? { category } : {}) };
  const desk: Desk = {
    meters: new Map(symbols.map((symbol) => [symbol, flowMeter(meterOptions)])),
    held: new Map(symbols.map((symbol) => [symbol, []])),
    waitMs,
  };
  const told = events(stream, desk);
  return {
    close: () => stream.close(),
    counts: () => stream.counts(),
    [Symbol.asyncIterator]: () => told,
  };
}

async function* events(stream: MarketStream, desk: Desk): AsyncGenerator<StreamEvent, undefined> {
  const source = stream[Symbol.asyncIterator]();
  try {
    let coming: Promise<IteratorResult<StreamEvent>> | undefined;
    while (true) {
      coming ??= source.next();
      const waiting = [...desk.held.values()].flatMap(([first]) => (first ? [first.late] : []));
      const next = await Promise.race([coming, ...waiting]);
      if (next?.done) break;
      if (next) {
        coming = undefined;
        yield* taken(desk, next.value);
      }
      yield* released(desk);
    }
    for (const held of desk.held.values()) for (const one of held) one.isLate = true;
    yield* released(desk);
    return undefined;
  } finally {
    for (const held of desk.held.values()) for (const { timer } of held) clearTimeout(timer);
    await source.return?.();
  }
}

/** What an event tells the meters; the event itself unless it is a closed candle. */
function* taken(desk: Desk, event: StreamEvent): Generator<StreamEvent> {
  if (event.kind === "status") {
    const lost = event.what === "book lost" ? desk.meters.get(event.symbol ?? "") : undefined;
    lost?.lost();
    if (LOST.includes(event.what)) for (const meter of desk.meters.values()) meter.lost();
  }
  if (event.kind === "trade") desk.meters.get(event.symbol)?.trade(event.trade);
  if (event.kind === "book") desk.meters.get(event.symbol)?.book(event.book);
  if (event.kind === "bar" && desk.meters.has(event.symbol)) hold(desk, event);
  else yield event;
}

function hold({ held, waitMs }: Desk, event: BarEvent): void {
  let end = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(() => {
    one.isLate = true;
    end();
  }, waitMs);
  const one: Held = { event, late, timer, isLate: false };
  held.get(event.symbol)!.push(one);
}

/** The candles that wait for nothing, or have waited long enough, with their flow. */
function* released({ meters, held }: Desk): Generator<StreamEvent> {
  for (const [symbol, waiting] of held) {
    const meter = meters.get(symbol)!;
    for (let one = waiting[0]; one && (one.isLate || !meter.isWaiting(one.event.bar)); one = waiting[0]) {
      waiting.shift();
      clearTimeout(one.timer);
      yield { ...one.event, bar: withFlowOf(meter, one.event.bar) };
    }
  }
}

function withFlowOf(meter: FlowMeter, bar: Candle): BarEvent["bar"] {
  return { ...bar, ...meter.take(bar) };
}
