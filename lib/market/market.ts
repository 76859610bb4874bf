/** One door to every market: simulated or real, the same shape. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { checkCount } from "../core/axes.js";
import { type Key, key } from "../core/random.js";
import { marketSource } from "../core/settings.js";
import type { Bars } from "../core/types.js";
import { DEFAULT_SYMBOLS } from "./assets.js";
import { alignBars, alignmentLines, checkBars, gaps, sliceBars } from "./bars.js";
import { clean } from "./clean.js";
import { readFolder } from "./folder.js";
import { simulate } from "./simulate.js";
import { readSnapshotBars } from "./store/snapshot.js";
import type { Truth } from "./truth.js";

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

export interface MarketQuery {
  /** BTCUSDT, ETHUSDT, SOLUSDT unless given. */
  symbols?: readonly string[];
  /** How many bars: 12,000 if simulated; of a folder the last ones, all unless given. */
  bars?: number;
  /** Of the simulation; key(2024) unless given. */
  key?: Key;
  /** Where SYMBOL.csv.gz files lie; overrides the environment's MARKET. "simulated" asks for the simulation, "bybit" for the snapshot in data/. */
  folder?: string;
  /** UTC milliseconds: bars of a folder open at most a day later. The system's clock unless given. */
  now?: number;
  /** Told, line by line, what was recognised, what is odd and what was left out of real bars; standard error unless given. */
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
 * It takes what is there: nothing is downloaded, filled or repaired.
 * @throws Error when a folder, symbol or line is missing or damaged.
 */
export async function openMarket(query: MarketQuery = {}): Promise<Market> {
  const source = query.folder ?? marketSource();
  const symbols = query.symbols ?? DEFAULT_SYMBOLS;
  if (query.bars !== undefined) checkCount("bars", query.bars);
  checkSymbols(symbols);
  if (source === "simulated") return simulatedMarket(symbols, query);
  const say = query.say ?? console.warn;
  const there =
    source === "bybit"
      ? readSnapshotBars(snapshotFolder(), symbols)
      : readFolder(source, symbols, { now: query.now, say });
  const { bars, report } = alignBars(await there);
  for (const line of [...bars.flatMap(oddities), ...alignmentLines(report)]) say(line);
  const latest = bars.map((b) => (query.bars === undefined ? b : sliceBars(b, -query.bars)));
  const { stepMs } = latest[0]!;
  const name = source === "bybit" ? "Bybit" : basename(resolve(source));
  return { source: name, simulated: false, stepMs, symbols: [...symbols], bars: latest };
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

/** The nearest folder data/ with a manifest, from the working folder upwards, as notebooks run below the project's root. */
function snapshotFolder(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "data", "manifest.json"))) return join(folder, "data");
    if (folder === dirname(folder)) return join(process.cwd(), "data");
  }
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

function checkSymbols(symbols: readonly string[]): void {
  if (symbols.length === 0) throw new RangeError("symbols: expected at least one, got none");
  const twice = symbols.find((symbol, i) => symbols.indexOf(symbol) !== i);
  if (twice !== undefined) throw new RangeError(`symbols: expected each once, got ${twice} twice`);
}

function isoMinutes(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

function interval(stepMs: number): string {
  const minutes = stepMs / 60_000;
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}min`;
}
