/** Bars from where the user says: the simulation, a snapshot of `vitrade fetch`, a recording of `vitrade record`, or SYMBOL.csv.gz. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Bars } from "../../../core/index.js";
import { key } from "../../../core/index.js";
import { readFolder } from "../../../market/files/index.js";
import { holdsRecording, readRecorded } from "../../../market/flow/index.js";
import { countBefore, open as openMarket, sliceBars } from "../../../market/index.js";
import { readSnapshotBars, seriesOf } from "../../../market/store/index.js";
import { asUsage, UsageProblem } from "../../exit.js";
import { isoTime } from "../../output.js";

export interface SourceOptions {
  /** "simulated", or a folder. */
  readonly market: string;
  readonly symbols: readonly string[];
  /** Of a snapshot. */
  readonly interval: string;
  readonly category?: string | undefined;
  /** Bars a symbol, the last ones of a folder; default all of a folder's, 12,000 if simulated. */
  readonly bars?: number | undefined;
  /** Opening times from `since` to before `until`, UTC milliseconds. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** UTC milliseconds, to tell times from what can be none; default the system's clock. */
  readonly now?: number | undefined;
  /** Of the simulation. */
  readonly seed: number | string;
}

export interface Source {
  /** Where the bars are from, as a report says it. */
  readonly name: string;
  /** [A] as they came, not aligned. */
  readonly bars: readonly Bars[];
  /** What was recognised in the files of a folder, a line each. */
  readonly notes: readonly string[];
}

/** @param least  bars that a symbol must have @throws Error when a folder, symbol or file is missing or damaged; RangeError when no bar lies in the span. */
export async function readSource(options: SourceOptions, least = 2): Promise<Source> {
  const { market, symbols, interval, category, seed } = options;
  if (market === "simulated") {
    if (options.since !== undefined || options.until !== undefined)
      throw new UsageProblem("--since, --until: expected a folder with them, got the simulated market");
    const count = options.bars === undefined ? {} : { bars: options.bars };
    const { bars } = await openMarket({ folder: "simulated", symbols, key: key(seed), ...count });
    checkEnough(bars, least);
    return { name: `simulated, seed ${seed}`, bars, notes: [] };
  }
  const notes: string[] = [];
  const isSnapshot = existsSync(join(market, "manifest.json"));
  if (isSnapshot || holdsRecording(market))
    for (const symbol of symbols) asUsage(() => seriesOf({ symbol, interval, category }));
  const isRecorded = !isSnapshot && holdsRecording(market);
  const read = isRecorded ? readRecorded : readSnapshotBars;
  const all =
    isSnapshot || isRecorded
      ? await read(market, symbols, interval, category)
      : await readFolder(market, symbols, { least, say: (line) => notes.push(line), now: options.now });
  const name =
    isSnapshot || isRecorded
      ? ["Bybit", category, interval, isRecorded && "recorded"].filter(Boolean).join(" ")
      : basename(resolve(market));
  const asked = all.map((bars) => span(bars, options));
  checkEnough(asked, least);
  return { name, bars: asked, notes };
}

function checkEnough(bars: readonly Bars[], least: number): void {
  const short = bars.find(({ openTime }) => openTime.length < least);
  if (short)
    throw new UsageProblem(
      `${short.symbol}: expected at least ${least} bars for these settings, got ${short.openTime.length}; ask for more (--bars, --since, --until) or shorten data.sequenceLength`,
    );
}

function span(bars: Bars, { since, until, bars: count }: SourceOptions): Bars {
  const from = since === undefined ? 0 : countBefore(bars.openTime, since);
  const to = until === undefined ? bars.openTime.length : countBefore(bars.openTime, until);
  if (from >= to) {
    const [first, last] = [bars.openTime[0]!, bars.openTime[bars.openTime.length - 1]!].map(isoTime);
    const asked = `${isoTime(since ?? bars.openTime[0]!)} to ${until === undefined ? "the end" : isoTime(until)}`;
    throw new RangeError(
      `${bars.symbol}: expected bars from ${asked}, got none; there are ${first} to ${last}`,
    );
  }
  return sliceBars(bars, count === undefined ? from : Math.max(from, to - count), to);
}
