/** A small market as a stream of events, and a maker of decisions that knows two candles. */
import { fold, key } from "../../lib/core/random.js";
import type { Bars, Panel } from "../../lib/core/types.js";
import type { BarStep, Decision, DecisionMaker } from "../../lib/live/types.js";
import type { StreamEvent } from "../../lib/market/stream/types.js";
import { HOUR, randomCandles } from "../trading/support/candles.js";

export const SYMBOLS = ["BTC", "ETH", "SOL"];

/** Random bars of the three symbols; a bar without a price is one that the exchange does not have. */
export function market(name: string, count: number, holes = 0.03): Bars[] {
  return SYMBOLS.map((symbol) => randomCandles(fold(key("paper"), name), symbol, { bars: count, holes }));
}

/** Reads the time of the event that was taken last. */
export interface Clock {
  time: number;
}

export interface FeedOptions {
  /** Opening time of the first bar. */
  readonly since?: number;
  /** Bars that are over when the stream begins come by backfill, symbol after symbol. */
  readonly startedAt?: number;
  /** Whether the live candles are seen while they form. */
  readonly revisions?: boolean;
  /** Called before each event. */
  readonly before?: (event: StreamEvent) => Promise<void> | void;
}

/** What a stream tells of the bars; it sets the clock. */
export async function* feedOf(
  bars: readonly Bars[],
  clock: Clock,
  options: FeedOptions = {},
): AsyncGenerator<StreamEvent> {
  for (const event of eventsOf(bars, options)) {
    await options.before?.(event);
    clock.time = event.at;
    yield event;
  }
}

function* eventsOf(
  bars: readonly Bars[],
  { since = Number.NEGATIVE_INFINITY, startedAt = Number.NEGATIVE_INFINITY, revisions = true }: FeedOptions,
): Generator<StreamEvent> {
  const { openTime } = bars[0]!;
  const isBackfilled = (t: number) => openTime[t]! + HOUR <= startedAt;
  const there = (b: Bars, t: number) => t < openTime.length && openTime[t]! >= since && b.close[t]! > 0;
  for (const b of bars)
    for (let t = 0; isBackfilled(t); t++)
      if (there(b, t))
        yield { kind: "bar", symbol: b.symbol, bar: candle(b, t), origin: "backfill", at: startedAt };
  for (let t = 0; t < openTime.length; t++) {
    if (isBackfilled(t)) continue;
    const seen = bars.filter((b) => there(b, t));
    for (const share of revisions ? [0.1, 0.6] : []) // of the bar
      for (const b of seen)
        yield { kind: "revision", symbol: b.symbol, bar: candle(b, t), at: openTime[t]! + share * HOUR };
    for (const b of seen)
      yield { kind: "bar", symbol: b.symbol, bar: candle(b, t), origin: "stream", at: openTime[t]! + HOUR };
  }
}

export function candle(b: Bars, t: number) {
  const column = (name: "open" | "high" | "low" | "close" | "volume") => b[name][t]!;
  return {
    time: b.openTime[t]!,
    ...{ open: column("open"), high: column("high"), low: column("low") },
    ...{ close: column("close"), volume: column("volume") },
  };
}

/** Follows the last return of each symbol at a fixed size; needs one candle to warm up. */
export function follower(
  symbols: readonly string[] = SYMBOLS,
  size = 0.3,
): DecisionMaker & { readonly learned: number[] } {
  const closes = symbols.map(() => Number.NaN);
  const learned: number[] = [];
  const returns = (step: BarStep) =>
    step.bars.map((bar, a) => {
      const before = closes[a]!;
      if (bar) closes[a] = bar.close;
      return bar ? Math.log(bar.close / before) : Number.NaN;
    });
  return {
    symbols,
    stepMs: HOUR,
    warmUp: 6,
    learned,
    learn(step) {
      learned.push(step.time);
      returns(step);
    },
    decide: (step) => decisionOf(step, returns(step), size),
    dispose: () => undefined,
  };
}

function decisionOf(step: BarStep, returns: readonly number[], size: number): Decision {
  return {
    time: step.time,
    targets: Float64Array.from(returns, (r, a) => (step.bars[a] ? size * (Math.sign(r) || 0) : Number.NaN)),
    signals: returns.map((r) =>
      Number.isFinite(r)
        ? {
            ...{ direction: "LONG", probability: 0.5, confidence: 0.5, size },
            ...{ aleatoric: 1e-4, latent: 0, epistemic: r * r },
          }
        : undefined,
    ),
    drawn: returns.map(() => true),
    readings: {},
  };
}

/** The targets that `follower` would have on these bars, for a backtest. */
export function followedWeights(bars: readonly Bars[]): Panel {
  const maker = follower(bars.map((b) => b.symbol));
  const { openTime } = bars[0]!;
  const values = new Float64Array(openTime.length * bars.length);
  openTime.forEach((time, t) => {
    const step = { time: time + HOUR, bars: bars.map((b) => (b.close[t]! > 0 ? candle(b, t) : undefined)) };
    values.set(maker.decide(step).targets, t * bars.length);
  });
  return { time: openTime.map((time) => time + HOUR), names: bars.map((b) => b.symbol), values };
}

/** A market of three coins under the names by which ccxt knows Bybit's, and an account in it: what a rehearsal lives through. */
export function rehearsedMarket(count: number) {
  const names = { BTC: "BTCUSDT", ETH: "ETHUSDT", SOL: "SOLUSDT" };
  const bars = market("rehearsed", count, 0).map((b) => ({
    ...b,
    symbol: names[b.symbol as keyof typeof names],
  }));
  const costs = { makerBps: 2, takerBps: 5.5, halfSpreadBps: 1, latencyBars: 0 };
  const account = { costs, capital: 10_000, rebalance: "when changed" } as const;
  return { bars, symbols: Object.values(names), at: (t: number) => bars[0]!.openTime[t]!, account };
}
