/** Questions to REST: candles that the wire did not bring, whether a symbol is traded at all, and the time. */
import { z } from "zod";
import type { Bars } from "../../core/index.js";
import type { Bybit } from "../bybit/connect.js";
import { answerOf } from "../bybit/envelope.js";
import { BybitError } from "../bybit/error.js";
import { fetchBars } from "../bybit/fetch.js";
import type { Candle } from "../bybit/page.js";
import type { Window } from "../bybit/span.js";
import type { Category } from "../grid.js";
import type { Subject } from "./subjects.js";

const AT_ONCE = 10_000; // candles held in memory while they are fetched

/**
 * Hands over the closed candles of a window in order, and waits for room between pages.
 * @returns how many candles of the window had closed by the exchange's clock, there or not
 * @throws BybitError when they cannot be had; those before went to `take`
 */
export async function closedCandles(
  bybit: Bybit,
  { symbol, category, interval, stepMs }: Subject,
  { since, until }: Window,
  hooks: {
    readonly take: (candle: Candle) => void;
    readonly room: () => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  let closed = 0;
  for (let from = since; from < until; from += AT_ONCE * stepMs) {
    const to = Math.min(until, from + AT_ONCE * stepMs);
    const { bars, gaps } = await fetchBars(
      bybit,
      { symbol, category, interval, since: from, until: to },
      {
        signal: hooks.signal,
        onPage: async (page) => {
          for (const candle of candlesOf(page.bars)) hooks.take(candle);
          await hooks.room();
        },
      },
    );
    const known = gaps.reduce((sum, { missing }) => sum + missing, bars.openTime.length);
    closed += known;
    if (known < (to - from) / stepMs) break; // the exchange's clock is not there yet
  }
  return closed;
}

function candlesOf({ openTime, open, high, low, close, volume }: Bars): Candle[] {
  return Array.from(openTime, (time, t) => ({
    ...{ time, open: open[t]!, high: high[t]!, low: low[t]!, close: close[t]!, volume: volume[t]! },
  }));
}

/**
 * Makes sure that the exchange's clock agrees with this machine's.
 * @throws BybitError of kind "clock" when it does not, of others when it cannot be asked.
 */
export async function askClock(bybit: Bybit, signal: AbortSignal): Promise<void> {
  await bybit.ask({
    symbol: "time",
    endpoint: (p) => bybit.client.publicGetV5MarketTime(p),
    parameters: {},
    check: (body) => answerOf(body, { schema: z.unknown(), symbol: "time", what: "the time", most: 0 }),
    signal,
  });
}

const INSTRUMENTS = z.object({ list: z.array(z.object({ symbol: z.string(), status: z.string() })) });

/**
 * Makes sure that a symbol is traded.
 * @throws BybitError of kind "symbol", with names near it, when it is not.
 */
export async function checkListed(
  bybit: Bybit,
  { symbol, category }: { readonly symbol: string; readonly category: Category },
): Promise<void> {
  await bybit.ask({
    symbol,
    endpoint: (p) => bybit.client.publicGetV5MarketInstrumentsInfo(p),
    parameters: { category, symbol },
    check: (body) => {
      const { result } = answerOf(body, { schema: INSTRUMENTS, symbol, what: "an instrument", most: 1 });
      if (!result.list.some((one) => one.symbol === symbol && one.status === "Trading"))
        throw new BybitError("symbol", symbol, `expected a symbol that ${category} trades`);
    },
  });
}
