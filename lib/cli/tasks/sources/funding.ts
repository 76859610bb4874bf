/** Funding of perpetuals of a public exchange, told to a paper run as it falls due. */
import type { Session } from "../../../live/index.js";
import { checkFundingTimes, connectBybit, fetchFundingRates } from "../../../market/bybit/index.js";

const HOUR = 3_600_000;

export interface FundingWatch {
  /** Called with each close, UTC milliseconds: once an hour the rates since the last answer are asked for. */
  see(time: number): void;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Asks a server for the funding of the symbols and tells the session; what could not be had is asked for again an hour later.
 * @param options.since   the first due time that counts, UTC milliseconds
 * @param options.failed  told why an answer did not come
 */
export async function watchFunding(options: {
  readonly url?: string | undefined;
  readonly symbols: readonly string[];
  readonly since: number;
  readonly session: Pick<Session, "fund">;
  readonly failed: (why: string) => void;
  /** This machine's clock, UTC milliseconds, with which the exchange's must agree. */
  readonly now: () => number;
}): Promise<FundingWatch> {
  const { url, symbols, session, failed, now } = options;
  const server = url === undefined ? {} : { restUrl: url };
  const bybit = await connectBybit({ now, clocks: "agree", ...server });
  const stop = new AbortController();
  const since = new Map(symbols.map((symbol) => [symbol, options.since]));
  const told = new Map<string, number>();
  let [asked, asking] = [Math.floor(options.since / HOUR), Promise.resolve()];
  const ask = async (until: number): Promise<void> => {
    for (const symbol of symbols) {
      try {
        const query = { symbol, since: since.get(symbol)!, until };
        const { time, rate } = await fetchFundingRates(bybit, query, stop);
        checkFundingTimes(symbol, [...(told.has(symbol) ? [told.get(symbol)!] : []), ...time]);
        time.forEach((due, i) => {
          told.set(symbol, due);
          session.fund(symbol, { time: due, rate: rate[i]! });
        });
        since.set(symbol, until);
      } catch (error) {
        if (!stop.signal.aborted) failed(`funding of ${(error as Error).message}`);
      }
    }
  };
  return {
    see(time) {
      const hour = Math.floor(time / HOUR);
      if (hour <= asked) return;
      asked = hour;
      asking = asking.then(() => ask(time + 1));
    },
    async close() {
      stop.abort();
      await asking;
      await bybit.close();
    },
  };
}
