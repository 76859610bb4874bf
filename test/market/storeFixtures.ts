/** A market to download, a source that serves it page by page, and folders to throw away. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { fold, key, normals, uniforms } from "../../lib/core/random.js";
import type { Bars } from "../../lib/core/types.js";
import { gaps } from "../../lib/market/bars.js";
import { rowAt, rowsOf } from "../../lib/market/store/columns.js";
import type { BarSource, SourceQuery } from "../../lib/market/store/source.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const at = (text: string): number => Date.parse(`${text}Z`);

export interface MadeBars {
  symbol?: string;
  stepMs?: number;
  from: number;
  count: number;
  /** Leaves out the bars that open at these times. */
  without?: (openTime: number) => boolean;
}

/** A random walk of sound candles, the same for the same request. */
export function makeBars({ symbol = "BTCUSDT", stepMs = HOUR, from, count, without }: MadeBars): Bars {
  const root = fold(key("store"), symbol);
  const [moves, up, down] = [
    normals(fold(root, 0), count),
    uniforms(fold(root, 1), count),
    uniforms(fold(root, 2), count),
  ];
  const column = () => new Float64Array(count);
  const bars = {
    symbol,
    stepMs,
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
  };
  let price = 100;
  for (let t = 0; t < count; t++) {
    bars.openTime[t] = from + t * stepMs;
    bars.open[t] = price;
    price *= Math.exp(moves[t]! / 100);
    bars.close[t] = price;
    bars.high[t] = Math.max(bars.open[t]!, price) * (1 + up[t]! / 100);
    bars.low[t] = Math.min(bars.open[t]!, price) * (1 - down[t]! / 100);
  }
  const all: Bars = { ...bars, volume: uniforms(fold(root, 3), count) };
  return without ? keep(all, (time) => !without(time)) : all;
}

/** Bars that open from `since` to before `until`. */
export function between(bars: Bars, since: number, until: number): Bars {
  return rowsOf(bars, rowAt(bars.openTime, since), rowAt(bars.openTime, until));
}

function keep(bars: Bars, keeps: (openTime: number) => boolean): Bars {
  const rows = Array.from(bars.openTime.keys()).filter((t) => keeps(bars.openTime[t]!));
  const pick = (column: Float64Array) => Float64Array.from(rows, (t) => column[t]!);
  const { symbol, stepMs, open, high, low, close, volume } = bars;
  const prices = { open: pick(open), high: pick(high), low: pick(low), close: pick(close) };
  return { symbol, stepMs, openTime: pick(bars.openTime), ...prices, volume: pick(volume) };
}

export interface FakeSource extends BarSource {
  /** What it was asked for, in order. */
  readonly queries: SourceQuery[];
}

/** Serves bars in pages; `onPage` may throw to play a failure of the network after so many pages. */
export function sourceOf(
  bars: readonly Bars[],
  { pageBars = 100, failAfter = Number.POSITIVE_INFINITY } = {},
): FakeSource {
  const queries: SourceQuery[] = [];
  return {
    queries,
    async fetchBars(query, hooks) {
      queries.push(query);
      const truth = bars.find((b) => b.symbol === query.symbol)!;
      const window = pageBars * truth.stepMs;
      const total = Math.ceil((query.until - query.since) / window);
      for (let done = 1; done <= total; done++) {
        hooks?.signal?.throwIfAborted();
        if (done > failAfter) throw new Error("the network is gone");
        const since = query.since + (done - 1) * window;
        const until = Math.min(since + window, query.until);
        await hooks?.onPage?.({ bars: between(truth, since, until), since, until, done, total });
      }
      const all = between(truth, query.since, query.until);
      return { bars: all, gaps: gaps(all) };
    },
  };
}

/** A new empty folder, removed when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-store-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
