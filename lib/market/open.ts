/** One door to every market: simulated or real, the same shape. */
import { basename, dirname, resolve } from "node:path";
import type { Bars } from "../core/index.js";
import { checkCount, type Key, key, marketSource } from "../core/index.js";
import { alignBars, alignmentLines, checkBars, gaps, sliceBars } from "./bars.js";
import { clean } from "./clean.js";
import { chosenSymbols, preferred, type SymbolQuery, tooFewBars } from "./files/choice.js";
import { listSymbols, readFolder } from "./files/folder.js";
import { nearestData } from "./files/nearest.js";
import { holdsRecording, readRecorded, recordedInterval, recordedSymbols } from "./flow/recorder.js";
import { simulate } from "./simulate/simulate.js";
import type { Truth } from "./simulate/truth.js";
import { listSnapshotSymbols, readSnapshotBars } from "./store/snapshot.js";

/** Candles of several symbols at the same times: index t is the same hour in each. */
export interface Market {
  /** "simulated", "Bybit", or the name of the folder. */
  source: string;
  simulated: boolean;
  stepMs: number;
  /** [A] */
  symbols: readonly string[];
  /** [A], each of T bars */
  bars: readonly Bars[];
  /** What made the bars; only a simulated market has it. */
  truth?: Truth;
}

/** A query for a market. */
export interface MarketQuery extends SymbolQuery {
  /** Bars a symbol: 12,000 of the simulation, the last ones of a folder (default all). */
  bars?: number;
  /** Of the simulation (default key(2024)). */
  key?: Key;
  /** Where SYMBOL.csv.gz files lie, or what `vitrade record` recorded, with its flow; overrides the environment's MARKET. "simulated" asks for the simulation, "bybit" for the snapshot in data/. */
  folder?: string;
  /** UTC milliseconds (default the system's clock): bars of a folder open at most a day later. */
  now?: number;
  /** Told, line by line, what was recognised, what is odd and what was left out of real bars (default standard output). */
  say?: (line: string) => void;
}

/** One symbol of a market, as a table shows it. */
export type MarketRow = {
  source: string;
  symbol: string;
  /** Such as "1h". */
  interval: string;
  /** Opening of the first and last bar, ISO UTC to the minute. */
  first: string;
  last: string;
  rows: number;
  /** Bars that are not there between the first and the last. */
  gaps: number;
};

const DEFAULT_BARS = 12_000;

/**
 * The market that the query, or else the environment's MARKET, asks for; aligned on the times common to all symbols.
 *
 * It takes what is there: nothing is downloaded, filled or repaired. `symbols` are all taken or refused; of `prefer` those
 * that are there, so that a chapter written for five runs on two. The simulation has any symbol.
 * @throws Error when a folder, symbol or line is missing or damaged, or there are fewer symbols than `atLeast` or fewer common
 * bars than `minBars`: it says what is needed and what is there.
 */
export async function openMarket(query: MarketQuery = {}): Promise<Market> {
  const source = query.folder ?? marketSource();
  if (query.bars !== undefined) checkCount("bars", query.bars);
  if (source === "simulated") return simulatedMarket(preferred(query), query);
  const say = query.say ?? console.log;
  const isRecorded = source !== "bybit" && holdsRecording(source);
  const name = source === "bybit" || isRecorded ? "Bybit" : basename(resolve(source));
  const symbols = query.symbols ? preferred(query) : chosenSymbols(await symbolsOf(source), query, name);
  const there = await (source === "bybit"
    ? readSnapshotBars(snapshotFolder(), symbols)
    : isRecorded
      ? readRecorded(source, symbols, await recordedInterval(source))
      : readFolder(source, symbols, { now: query.now, say }));
  const { bars, report } = alignBars(there);
  const refusal = tooFewBars(there, bars[0]!.openTime.length, query, name);
  if (refusal) throw new Error(refusal);
  for (const line of [...bars.flatMap(oddities), ...alignmentLines(report)]) say(line);
  const latest = bars.map((b) => (query.bars === undefined ? b : sliceBars(b, -query.bars)));
  const { stepMs } = latest[0]!;
  return { source: name, simulated: false, stepMs, symbols: [...symbols], bars: latest };
}

/** The symbols that a folder, a recording or the snapshot has. */
async function symbolsOf(source: string): Promise<string[]> {
  if (source !== "bybit" && holdsRecording(source))
    return recordedSymbols(source, await recordedInterval(source));
  return source === "bybit" ? listSnapshotSymbols(snapshotFolder()) : listSymbols(source);
}

/** What is odd about bars, a line each; nothing of it is changed. */
function oddities(bars: Bars): string[] {
  const { report } = clean(bars);
  return report
    .filter((row) => row.bars > 0)
    .map(
      ({ symbol, found, bars: count, example }) => `${symbol}: ${found}, ${count} bars, the first ${example}`,
    );
}

/** One row a symbol: what the market holds. */
export function describeMarket(market: Market): MarketRow[] {
  return market.bars.map((bars) => ({
    source: market.source,
    symbol: bars.symbol,
    interval: interval(bars.stepMs),
    first: isoMinutes(bars.openTime[0]!),
    last: isoMinutes(bars.openTime[bars.openTime.length - 1]!),
    rows: bars.openTime.length,
    gaps: gaps(bars).reduce((total, gap) => total + gap.missing, 0),
  }));
}

/** The nearest folder data/ with a manifest, as notebooks run below the project's root. */
function snapshotFolder(): string {
  return dirname(nearestData("manifest.json"));
}

function simulatedMarket(symbols: readonly string[], query: MarketQuery): Market {
  const { bars, truth } = simulate({
    symbols,
    bars: query.bars ?? DEFAULT_BARS,
    key: query.key ?? key(2024),
  });
  for (const b of bars) checkBars(b);
  return {
    source: "simulated",
    simulated: true,
    stepMs: bars[0]!.stepMs,
    symbols: [...symbols],
    bars,
    truth,
  };
}

function isoMinutes(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

function interval(stepMs: number): string {
  const minutes = stepMs / 60_000;
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}min`;
}
