/** The pages of a download on their way to the disk. */
import { checkBars } from "../bars.js";
import { mergeBars, noBars } from "./columns.js";
import { type Range, union } from "./ranges.js";
import { closedUntil, iso, monthOf, nameOf, type Series, stepOf } from "./series.js";
import type { SourcePage } from "./source.js";
import type { Store } from "./store.js";

const SETTLED_MS = 3_600_000;

/** When pages are written. */
export interface FlushOptions {
  /** UTC milliseconds. */
  now: () => number;
  /** What is fetched is written at the end of each month, and at the latest after so much time or so many pages. */
  flushMs?: number;
  flushPages?: number;
}

/** Pages that wait to be written. */
export interface PageBuffer {
  /** How many pages came. */
  count(): number;
  /**
   * Takes a page, and writes all that wait when it is time.
   * @throws RangeError when its bars are not those of the series and of its time.
   */
  add(page: SourcePage): Promise<void>;
  flush(): Promise<void>;
}

/** Keeps pages until they are worth a write. */
export function pageBuffer(
  store: Store,
  series: Series,
  { now, flushMs = 20_000, flushPages = 20 }: FlushOptions,
): PageBuffer {
  let pages: SourcePage[] = [];
  let [count, since] = [0, now()];
  const isDue = () =>
    pages.length >= flushPages ||
    now() - since >= flushMs ||
    monthOf(pages[0]!.since) !== monthOf(pages.at(-1)!.until);
  const flush = async () => {
    if (pages.length === 0) return;
    const bars = mergeBars([
      noBars(series.symbol, stepOf(series.interval)),
      ...pages.map((page) => page.bars),
    ]);
    const asked = union(pages.map((page) => answered(page, now())));
    [pages, since] = [[], now()];
    await store.put(series, bars, asked);
  };
  return {
    count: () => count,
    flush,
    async add(page: SourcePage) {
      checkPage(page, series);
      pages.push(page);
      count++;
      if (isDue()) await flush();
    },
  };
}

/** The part of a page's time of which no more bars will come. */
function answered({ bars, since, until }: SourcePage, now: number): Range {
  const last = bars.openTime.at(-1);
  const reached = last === undefined ? since : Math.min(until, last + bars.stepMs);
  return { since, until: Math.max(reached, Math.min(until, now - SETTLED_MS)) };
}

function checkPage({ bars, since, until }: SourcePage, series: Series): void {
  const step = stepOf(series.interval);
  if (bars.symbol !== series.symbol || bars.stepMs !== step) {
    const came = `${bars.symbol} of ${bars.stepMs} ms`;
    throw new RangeError(`${nameOf(series)}: expected bars of ${series.symbol} of ${step} ms, got ${came}`);
  }
  if (bars.openTime.length === 0) return;
  checkBars(bars);
  const [first, last] = [bars.openTime[0]!, bars.openTime.at(-1)!];
  const onGrid = closedUntil(series.interval, first) === first;
  if (first >= since && last < until && onGrid) return;
  throw new RangeError(
    `${nameOf(series)}: expected bars on its grid from ${iso(since)} to ${iso(until)}, got ${iso(first)} to ${iso(last)}`,
  );
}
