/** A long run of a stream in accelerated time, with faults at seeded moments; every candle is checked as it comes. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { fold, integers, type Key, key, uniforms } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { openStream } from "../../../lib/market/stream/stream.js";
import type {
  MarketStream,
  StreamCounts,
  StreamEvent,
  StreamQuery,
} from "../../../lib/market/stream/types.js";
import { STREAM_FAULTS, type StreamFault } from "../../../lib/testing/disturb.js";
import type { FaultKind } from "../../../lib/testing/faults/faults.js";
import type { Loopback } from "../../../lib/testing/types.js";
import { blink, exchange, MINUTE, minutes, OPENED, openSockets, until } from "./streamFixtures.js";

export interface SoakOptions {
  readonly symbols: readonly string[];
  readonly minutes: number;
  readonly key: Key;
  /** Share of minutes in which something goes wrong. */
  readonly share: number;
  readonly query?: Partial<StreamQuery>;
  /** Told of everything but candles. */
  readonly onEvent?: (event: StreamEvent) => void;
  /** Whether all that is waited for has come; the candles unless given. */
  readonly settled?: () => boolean;
}

export interface SoakReport {
  /** Candles that came in their place and were the exchange's bit for bit, and those that were not. */
  readonly exact: number;
  readonly wrong: number;
  readonly seconds: number;
  /** Resident memory after a collection, at the start and after each quarter, MiB. */
  readonly residentMib: readonly number[];
  readonly rejections: number;
  readonly openSockets: number;
  readonly counts: StreamCounts;
  /** How often what was done. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Minutes after the last one, without faults, in which what is missing has to come. */
const REST_MINUTES = 10;
const LONGEST_LAG = 8 * MINUTE;

/** Runs to the end and closes everything. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const end = OPENED + options.minutes * MINUTE;
  const bars = options.symbols.map((symbol) => minutes(symbol, options.minutes + REST_MINUTES + 20));
  const loopback = await exchange(bars);
  let rejections = 0;
  const note = (): void => {
    rejections++;
  };
  process.on("unhandledRejection", note);
  const stream = await open(loopback, options);
  const check = checker(bars, end);
  const done = taken(stream, check, options);
  const strike = adversary(loopback, options);
  await Promise.all(topics(options).map((topic) => loopback.subscribed(topic)));
  const [from, residentMib] = [performance.now(), [resident()]];
  for (let minute = 1; minute <= options.minutes + REST_MINUTES; minute++) {
    strike(minute);
    await loopback.advance(OPENED + minute * MINUTE);
    await check.caughtUp(OPENED + minute * MINUTE);
    if (minute % Math.ceil(options.minutes / 4) === 0) residentMib.push(resident());
  }
  await until(() => check.told() === end && (options.settled?.() ?? true));
  const seconds = (performance.now() - from) / 1000;
  await stream.close();
  await done;
  await until(() => openSockets(loopback) === 0);
  await loopback.close();
  await blink();
  process.off("unhandledRejection", note);
  const left = { rejections, openSockets: openSockets(loopback) };
  return { ...check.found(), seconds, residentMib, ...left, counts: stream.counts(), faults: strike.done };
}

function open(loopback: Loopback, { symbols, query }: SoakOptions): Promise<MarketStream> {
  return openStream({
    query: { symbols, interval: "1", ...query },
    ...{
      restUrl: loopback.restUrl,
      wsUrl: loopback.wsUrl,
      now: loopback.now,
      key: key("soak"),
      sleep: blink,
    },
    ...{ rateLimitMs: 0.01, lateMs: 2.5 * MINUTE, staleMs: 3 * MINUTE, retries: 20 },
  });
}

function topics({ symbols, query }: SoakOptions): string[] {
  return symbols.flatMap((symbol) => [
    `kline.1.${symbol}`,
    ...(query?.trades ? [`publicTrade.${symbol}`] : []),
    ...(query?.bookDepth ? [`orderbook.${query.bookDepth}.${symbol}`] : []),
  ]);
}

async function taken(stream: MarketStream, check: Checker, { onEvent }: SoakOptions): Promise<void> {
  for await (const event of stream) {
    if (event.kind === "bar") check.take(event);
    else onEvent?.(event);
  }
}

interface Checker {
  take(event: StreamEvent & { kind: "bar" }): void;
  /** Up to when the candles of every symbol were told, at most to the end. */
  told(): number;
  /** Resolves when everything to a time was told, or nothing may come for now. */
  caughtUp(time: number): Promise<void>;
  found(): { readonly exact: number; readonly wrong: number };
}

/** Compares the candles with the exchange's, one by one. */
function checker(all: readonly Bars[], end: number): Checker {
  const next = new Map(all.map(({ symbol, openTime }) => [symbol, openTime.indexOf(OPENED)]));
  const bySymbol = new Map(all.map((bars) => [bars.symbol, bars]));
  let [exact, wrong] = [0, 0];
  const toldOf = ({ symbol, openTime }: Bars) => openTime[next.get(symbol)!]!;
  const told = () => Math.min(end, ...all.map(toldOf));
  return {
    take({ symbol, bar }) {
      const bars = bySymbol.get(symbol)!;
      const t = next.get(symbol)!;
      next.set(symbol, t + 1);
      if (bar.time >= end) return;
      const same =
        bar.time === bars.openTime[t] &&
        (["open", "high", "low", "close", "volume"] as const).every((name) => bar[name] === bars[name][t]);
      if (same) exact++;
      else wrong++;
    },
    told,
    async caughtUp(time) {
      const wanted = Math.min(time, end);
      for (let turn = 0; told() < wanted && turn < 12; turn++) await blink();
      await until(() => told() >= wanted - LONGEST_LAG);
    },
    found: () => ({ exact, wrong }),
  };
}

/** The faults that can befall the frames of a query. */
function framesOf({ trades, bookDepth }: Partial<StreamQuery> = {}): StreamFault[] {
  return STREAM_FAULTS.filter((fault) => {
    if (fault.endsWith("-trades")) return trades;
    return fault.endsWith("-candle") || fault === "bad-json" || bookDepth !== undefined;
  });
}

/** Rows are not left out: a candle that two answers leave out is one that the exchange does not have. */
const ANSWERS: readonly FaultKind[] = [
  "http-500",
  "empty-body",
  "null-list",
  "nan-field",
  "http-429",
  "reset",
];
const SILENT_MINUTES = 6; // longer than it takes to notice

/** What goes wrong in a minute: frames, answers of REST, or the connection; nothing after the last minute. */
function adversary(loopback: Loopback, { key: k, share, minutes: count, query }: SoakOptions) {
  const frames = framesOf(query);
  const done: Record<string, number> = {};
  let silentUntil = 0;
  const did = (name: string): void => {
    done[name] = (done[name] ?? 0) + 1;
  };
  const connection = (which: number, minute: number): void => {
    if (which === 0) {
      silentUntil = minute + SILENT_MINUTES;
      loopback.silence(true);
    } else {
      if (which === 1) loopback.refuse(3);
      loopback.drop();
    }
    did(["silence", "refuse", "drop"][which]!);
  };
  const strike = (minute: number): void => {
    if (minute === silentUntil || minute > count) loopback.silence(false);
    if (minute > count || uniforms(fold(k, minute), 1)[0]! >= share) return;
    const draws = integers(fold(k, minute, "which"), 3, 1 << 20);
    const kind = draws[0]! % 4;
    const times = 1 + (draws[2]! % 3);
    const [answer, frame] = [ANSWERS[draws[1]! % ANSWERS.length]!, frames[draws[1]! % frames.length]!];
    if (kind === 0) connection(draws[1]! % 3, minute);
    else if (kind === 1) loopback.fail(answer, times);
    else loopback.disturb(frame, times);
    if (kind > 0) did(kind === 1 ? answer : frame);
  };
  return Object.assign(strike, { done });
}

let collect: (() => void) | undefined;

/** Resident memory after a collection, MiB. */
function resident(): number {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage.rss() / 2 ** 20;
}
