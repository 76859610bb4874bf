/** `vitrade fetch`: candles of Bybit into a snapshot folder; only what is not there yet. */
import { existsSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { connectBybit, fetchBars } from "../../../market/bybit/index.js";
import {
  type BarSource,
  type DownloadProgress,
  type DownloadReport,
  DownloadStopped,
  download,
  openStore,
  seriesOf,
  stepOf,
} from "../../../market/store/index.js";
import { asUsage, Interrupted, UsageProblem } from "../../exit.js";
import { isoTime } from "../../output.js";
import type { Shell } from "../../shell.js";

export interface FetchCommand {
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly category?: string | undefined;
  /** Opening times, UTC milliseconds; `until` is now by default. */
  readonly since: number;
  readonly until?: number | undefined;
  readonly folder: string;
  /** Another server than Bybit's. */
  readonly url?: string | undefined;
  /** Whether bars that the exchange did not have before are asked for again. */
  readonly refetch?: boolean | undefined;
}

export interface FetchReport {
  readonly folder: string;
  readonly interval: string;
  readonly category?: string | undefined;
  readonly reports: readonly DownloadReport[];
  readonly failures: readonly { readonly symbol: string; readonly error: string }[];
}

/** One symbol that fails does not stop the others. @throws Interrupted when it was stopped before its end. */
export async function fetch(options: FetchCommand, shell: Shell): Promise<FetchReport> {
  const { symbols, interval, category, folder } = options;
  const { until } = checkedSpan(options, shell);
  const settled = await downloadAll({ ...options, until }, shell);
  const failed = settled.flatMap((outcome, a) =>
    outcome.status === "rejected" ? [{ symbol: symbols[a]!, reason: outcome.reason as Error }] : [],
  );
  const stopped = failed.find(({ reason }) => reason instanceof DownloadStopped);
  if (stopped) throw new Interrupted(stopped.reason.message);
  const reports = settled.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failures = failed.map(({ symbol, reason }) => ({ symbol, error: named(symbol, reason.message) }));
  return { folder, interval, category, reports, failures };
}

/** Candles of an answer of Bybit. */
const PAGE = 1000;

/** How much `fetch` would ask for at most, what is there already included. */
export function planFetch(options: FetchCommand, shell: Shell) {
  const { until, stepMs } = checkedSpan(options, shell);
  const candles = Math.ceil((until - options.since) / stepMs);
  return {
    folder: options.folder,
    series: options.symbols.map((symbol) => ({
      ...{ symbol, interval: options.interval, from: isoTime(options.since), until: isoTime(until), candles },
      requests: Math.ceil(candles / PAGE),
    })),
  };
}

/** The end of what is asked for and the length of a bar. @throws UsageProblem when symbol, interval or span make no sense. */
function checkedSpan({ symbols, interval, category, since, ...options }: FetchCommand, shell: Shell) {
  const series = symbols.map((symbol) => asUsage(() => seriesOf({ symbol, interval, category })));
  const until = options.until ?? shell.clock.now();
  if (since >= until)
    throw new UsageProblem(`--since: expected a time before ${isoTime(until)}, got ${isoTime(since)}`);
  return { until, stepMs: stepOf(series[0]!.interval) };
}

async function downloadAll(
  options: FetchCommand & { readonly until: number },
  shell: Shell,
): Promise<PromiseSettledResult<DownloadReport>[]> {
  const { symbols, interval, category, since, until, refetch, url } = options;
  const { signal } = shell; // before the store's lock, which would outlive a process that is ended at once
  const bar = progressOfAll(shell);
  const bybit = await connectBybit({ now: shell.clock.now, ...(url === undefined ? {} : { restUrl: url }) });
  try {
    const isNew = !existsSync(options.folder);
    const store = await openStore(options.folder);
    try {
      for (const line of store.damaged) shell.say(`damaged, fetched again: ${line}`);
      const source: BarSource = { fetchBars: (query, hooks) => fetchBars(bybit, query, hooks) };
      const hooks = { now: shell.clock.now, signal, onProgress: bar.update };
      const query = { interval, category, since, until, refetch: refetch === true };
      return await Promise.allSettled(
        symbols.map((symbol) => download(source, store, { ...query, symbol }, hooks)),
      );
    } finally {
      bar.end();
      await store.close();
      if (isNew && store.manifest().series.length === 0) await removeEmpty(options.folder);
    }
  } finally {
    await bybit.close();
  }
}

/** Removes what a download that brought nothing has made: folders without a file. */
async function removeEmpty(folder: string): Promise<void> {
  for (const path of [join(folder, "bybit"), folder]) await rmdir(path).catch(() => undefined);
}

/** One line for all symbols together. */
function progressOfAll(shell: Shell) {
  const bar = shell.progress("downloading", "bars");
  const parts = new Map<string, DownloadProgress>();
  const sum = (name: "done" | "total") => [...parts.values()].reduce((all, part) => all + part[name], 0);
  return {
    update: (part: DownloadProgress) => {
      parts.set(part.symbol, part);
      bar.update(sum("done"), sum("total"));
    },
    end: () => bar.end(),
  };
}

function named(symbol: string, message: string): string {
  return message.includes(symbol) ? message : `${symbol}: ${message}`;
}
