/** Fetching what a store lacks, and nothing else: a download that is stopped at any moment goes on where it was. */
import { entryOf, present, type SeriesEntry } from "./manifest.js";
import { type FlushOptions, pageBuffer } from "./pages.js";
import { type Range, subtract, union } from "./ranges.js";
import { closedUntil, holdsBar, iso, nameOf, type Series, seriesOf, stepOf } from "./series.js";
import type { BarSource, SourcePage } from "./source.js";
import type { Store } from "./store.js";

/** Bars asked for: opening times from `since` to before `until`, UTC milliseconds. */
export interface DownloadQuery {
  symbol: string;
  /** Of Bybit V5: "1" … "720" minutes, "D", "W". */
  interval: string;
  since: number;
  until: number;
  /** Default the one that the name means. */
  category?: string | undefined;
  /** Asks again for the bars within the range that the exchange did not have before; default false. */
  refetch?: boolean;
}

/** Progress of a download, in bars of the time that was missing. */
export interface DownloadProgress {
  symbol: string;
  done: number;
  total: number;
}

/** The clock `now` decides which bars have closed: no other is asked for. */
export interface DownloadHooks extends FlushOptions {
  onProgress?: (progress: DownloadProgress) => void;
  /** Stops it: what was fetched is written first. */
  signal?: AbortSignal;
}

/** Report of a download: the bars that came, and those there are now. */
export type DownloadReport = {
  symbol: string;
  interval: string;
  category: string;
  /** Bars that came. */
  fetched: number;
  /** Bars on disk, bars that are not there between the first and the last, and files. */
  rows: number;
  missing: number;
  files: number;
};

/** A download that its signal stopped. What was fetched is on disk. */
export class DownloadStopped extends Error {
  override name = "DownloadStopped";
}

/**
 * Brings the candles of one series up to the query: only times never asked for, and those of damaged files.
 *
 * A hole is remembered as asked for, unless it is at the end and less than an hour old: such bars may still come.
 * @throws DownloadStopped when the signal stops it, RangeError when no bar of the query has closed, or what the source throws.
 */
export async function download(
  source: BarSource,
  store: Store,
  query: DownloadQuery,
  hooks: DownloadHooks,
): Promise<DownloadReport> {
  const series = seriesOf(query);
  const wanted = missingRanges(entryOf(store.manifest(), series), query, hooks.now());
  const step = stepOf(series.interval);
  const bars = ({ since, until }: Range) => Math.ceil((until - since) / step);
  const total = wanted.reduce((sum, range) => sum + bars(range), 0);
  let [fetched, done] = [0, 0];
  for (const range of wanted) {
    const onPage = (page: SourcePage): void => {
      fetched += page.bars.openTime.length;
      hooks.onProgress?.({
        symbol: series.symbol,
        done: done + bars({ since: range.since, until: page.until }),
        total,
      });
    };
    await fetchRange({ source, store, series, range }, { ...hooks, onPage });
    done += bars(range);
  }
  return report(entryOf(store.manifest(), series), fetched);
}

/** Times of the query, and those of damaged files, that the source is to be asked for. */
function missingRanges(entry: SeriesEntry, query: DownloadQuery, now: number): Range[] {
  const until = Math.min(query.until, closedUntil(entry.interval, now));
  const range = { since: query.since, until };
  if (![query.since, query.until].every(Number.isSafeInteger) || !holdsBar(entry.interval, range)) {
    throw new RangeError(
      `${nameOf(entry)}: expected a closed bar from ${iso(query.since)} to ${iso(query.until)}, got none at ${iso(now)}`,
    );
  }
  const known = query.refetch ? present(entry) : entry.asked;
  const missing = [...subtract([range], known), ...subtract(entry.lost, entry.asked)];
  return union(missing).filter((part) => holdsBar(entry.interval, part));
}

interface Fetch {
  source: BarSource;
  store: Store;
  series: Series;
  range: Range;
}

async function fetchRange(
  { source, store, series, range }: Fetch,
  hooks: DownloadHooks & { onPage: (page: SourcePage) => void },
): Promise<void> {
  const pages = pageBuffer(store, series, hooks);
  const stopped = () =>
    new DownloadStopped(
      `${nameOf(series)}: stopped; what was fetched is on disk, the same command goes on from there`,
    );
  const add = async (page: SourcePage) => {
    await pages.add(page);
    hooks.onPage(page);
  };
  const signal = hooks.signal ? { signal: hooks.signal } : {};
  try {
    if (hooks.signal?.aborted) throw stopped();
    const { bars } = await source.fetchBars({ ...series, ...range }, { onPage: add, ...signal });
    if (pages.count() === 0) await add({ bars, ...range, done: 1, total: 1 }); // a source without pages
  } catch (error) {
    await pages.flush();
    throw hooks.signal?.aborted ? stopped() : error;
  }
  await pages.flush();
}

function report(entry: SeriesEntry, fetched: number): DownloadReport {
  const { symbol, interval, category, rows, gaps, files } = entry;
  const missing = gaps.reduce((total, gap) => total + gap.missing, 0);
  return { symbol, interval, category, fetched, rows, missing, files: files.length };
}
