/** `vitrade record`: closed candles with what trades and order book showed of them, from a live stream into files of days. */
import { existsSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import {
  flowStream,
  openRecorder,
  RECORDED,
  type RecordedRow,
  type Recorder,
} from "../../../market/flow/index.js";
import { type Series, seriesOf, stepOf } from "../../../market/store/index.js";
import { openStream } from "../../../market/stream/index.js";
import { asUsage, Interrupted } from "../../exit.js";
import type { Shell } from "../../shell.js";

export interface RecordCommand {
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly category?: string | undefined;
  readonly folder: string;
  /** Ends once so many candles of each symbol were added; never unless given. */
  readonly bars?: number | undefined;
  /** Days of each symbol that are kept; all unless given. */
  readonly keep?: number | undefined;
  readonly url?: string | undefined;
  readonly streamUrl?: string | undefined;
}

export interface RecordReport {
  readonly folder: string;
  readonly rows: readonly RecordedRow[];
}

/** Longest time from the wish to stop to the end of the process, milliseconds. */
const STOP_MS = 3000;

/** What would be listened to, and where what is heard would go. */
export interface RecordPlan {
  readonly folder: string;
  /** Candles of each symbol after which it would end; null: never. */
  readonly bars: number | null;
  readonly series: readonly Series[];
}

/** What would be recorded; nobody is asked. */
export function planRecording(options: RecordCommand): RecordPlan {
  const { folder, bars = null } = options;
  return { folder, bars, series: seriesOfEach(options) };
}

function seriesOfEach(options: RecordCommand): Series[] {
  return options.symbols.map((symbol) => asUsage(() => seriesOf({ ...options, symbol })));
}

/** @throws Interrupted when it was stopped before its last candle; what was heard is on disk. */
export async function record(options: RecordCommand, shell: Shell): Promise<RecordReport> {
  const series = seriesOfEach(options);
  const { folder, interval, keep } = options;
  const symbols = series.map(({ symbol }) => symbol);
  const wasThere = existsSync(folder);
  const { signal } = shell; // before the lock, which would outlive a process that is ended at once
  const recorder = await openRecorder({
    ...{ folder, symbols, interval, category: options.category, keepDays: keep },
  });
  try {
    for (const fault of recorder.damaged) shell.say(`put aside: ${fault}`);
    shell.endWithin(STOP_MS);
    await listen(options, { series, recorder, shell });
  } finally {
    await recorder.close();
    if (!wasThere) await removeEmpty(folder);
  }
  if (signal.aborted && !isOver(recorder, options))
    throw new Interrupted(`stopped; what was heard is in ${folder}, the same command goes on from there`);
  return { folder, rows: recorder.rows() };
}

/** Removes the folder of a recording in which nothing was recorded. */
async function removeEmpty(folder: string): Promise<void> {
  await rmdir(join(folder, RECORDED))
    .then(() => rmdir(folder))
    .catch(() => undefined); // not empty
}

interface Room {
  readonly series: readonly Series[];
  readonly recorder: Recorder;
  readonly shell: Shell;
}

async function listen(options: RecordCommand, { series, recorder, shell }: Room): Promise<void> {
  const [{ category, interval }] = series as [Series];
  const symbols = series.map(({ symbol }) => symbol);
  const stepMs = stepOf(interval);
  const { url, streamUrl } = options;
  const plain = await openStream({
    query: { symbols, interval, category, trades: true, bookDepth: 50, since: recorder.since },
    ...shell.clock,
    ...(url === undefined ? {} : { restUrl: url }),
    ...(streamUrl === undefined ? {} : { wsUrl: streamUrl }),
  });
  const stream = flowStream(plain, { symbols, stepMs, category });
  const stop = (): void => void stream.close();
  shell.signal.addEventListener("abort", stop);
  if (shell.signal.aborted) stop();
  const bar = shell.progress("recording", "candles");
  try {
    for await (const event of stream) {
      if (event.kind === "status") shell.say(`${event.what}: ${event.detail}`);
      if (event.kind === "bar") await recorder.add(event.symbol, event.bar);
      if (stream.counts().pending === 0) await recorder.flush();
      const added = Math.min(...recorder.rows().map((row) => row.added));
      if (event.kind === "bar" && options.bars !== undefined) bar.update(added, options.bars);
      if (isOver(recorder, options)) break;
    }
  } finally {
    bar.end();
    shell.signal.removeEventListener("abort", stop);
    await stream.close();
  }
}

function isOver(recorder: Recorder, { bars }: RecordCommand): boolean {
  return bars !== undefined && recorder.rows().every(({ added }) => added >= bars);
}
