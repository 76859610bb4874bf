/** A folder of SYMBOL.csv or SYMBOL.csv.gz: bars as users have them, recognised and said; what is damaged is named and never half-read. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Bars } from "../../core/index.js";
import { systemClock } from "../../core/index.js";
import { type Dialect, dialectOf, withoutMark } from "./csv/dialect.js";
import { linesOf } from "./csv/lines.js";
import { orderedBars } from "./csv/order.js";
import { openRows } from "./csv/rows.js";

const SUFFIXES = [".csv.gz", ".csv"] as const;
const DAY = 86_400_000;

/** Options of `readFolder`. */
export interface FolderOptions {
  /** UTC milliseconds (default the system's clock): bars open at most a day later. */
  readonly now?: number | undefined;
  /** Bars that a file must have (default 2, for a step). */
  readonly least?: number | undefined;
  /** Told, in one line a file, what was recognised that is not as in a plain file. */
  readonly say?: ((line: string) => void) | undefined;
}

/**
 * The candles of `symbols`, each from its SYMBOL.csv.gz or SYMBOL.csv in `folder`.
 *
 * A plain file is a header `timestamp,open,high,low,close,volume` and one line a bar: UTC milliseconds of its opening, prices,
 * volume in units of the base asset. Recognised, and said: names in other letters, semicolons or tabs, decimal commas, quotes, a byte
 * order mark, no header, more columns, times in seconds, micro- or nanoseconds or ISO 8601, rows out of order, repeated or without
 * prices. The step is the smallest distance of two bars. Symbols are not aligned.
 * @throws Error when the folder or a symbol is not there, or a file is damaged or holds too few bars: names the file and line.
 */
export async function readFolder(
  folder: string,
  symbols: readonly string[],
  options: FolderOptions = {},
): Promise<Bars[]> {
  const files = await listFiles(folder);
  const found = symbols.map((symbol) => ({ symbol, file: fileOf(symbol, files) }));
  const missing = found.filter(({ file }) => file === undefined).map(({ symbol }) => symbol);
  if (missing.length > 0) {
    const there = files.length > 0 ? files.map(symbolIn).join(", ") : "no SYMBOL.csv.gz at all";
    throw new Error(`${missing.join(", ")}: not in the folder ${basename(folder)}, which holds ${there}`);
  }
  const bars: Bars[] = [];
  for (const { symbol, file } of found) bars.push(await readBars(symbol, folder, file!, options));
  return bars;
}

/** The symbols that have a SYMBOL.csv.gz or SYMBOL.csv in `folder`, in alphabetical order. */
export async function listSymbols(folder: string): Promise<string[]> {
  return [...new Set((await listFiles(folder)).map(symbolIn))].sort();
}

async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such folder" : error.message;
    throw new Error(`market folder ${folder}: ${reason}; expected a folder of SYMBOL.csv.gz or SYMBOL.csv`);
  });
  return names.filter((name) => suffixOf(name) !== undefined).sort();
}

function suffixOf(name: string): string | undefined {
  return SUFFIXES.find((suffix) => name.toLowerCase().endsWith(suffix));
}

function symbolIn(file: string): string {
  return file.slice(0, -suffixOf(file)!.length);
}

/** The file of a symbol, by its letters as they are or else whatever their case, packed rather than plain. */
function fileOf(symbol: string, files: readonly string[]): string | undefined {
  const packedFirst = SUFFIXES.flatMap((suffix) => files.filter((file) => suffixOf(file) === suffix));
  const named = (same: (file: string) => boolean) => packedFirst.find(same);
  return (
    named((file) => symbolIn(file) === symbol) ??
    named((file) => symbolIn(file).toLowerCase() === symbol.toLowerCase())
  );
}

async function readBars(
  symbol: string,
  folder: string,
  file: string,
  { now = systemClock.now(), least = 2, say }: FolderOptions,
): Promise<Bars> {
  const packed = suffixOf(file) === ".csv.gz";
  const { dialect, rows } = await readRows(join(folder, file), { file, packed, latest: now + DAY });
  if (rows.count < least) throw tooShort(file, least, rows.count);
  const { bars, notes } = orderedBars(symbol, rows, file);
  if (bars.openTime.length < least) throw tooShort(file, least, bars.openTime.length);
  const name = [
    file === symbol + (packed ? ".csv.gz" : ".csv") ? "" : `read for ${symbol}`,
    packed ? "" : "not packed",
  ];
  const all = [...name, ...dialect.notes, ...rows.notes, ...notes].filter((note) => note !== "");
  if (all.length > 0) say?.(`${file}: ${all.join("; ")}`);
  return bars;
}

function tooShort(file: string, least: number, got: number): Error {
  const bars = least === 2 ? "two" : least.toLocaleString("en");
  const remedy = least === 2 ? "add bars to the file" : "add bars to the file or shorten the windows";
  return new Error(`${file}: expected at least ${bars} bars, got ${got}; ${remedy}`);
}

interface Source {
  readonly file: string;
  readonly packed: boolean;
  readonly latest: number;
}

/** Pieces past a bad row after which its packed file is not read on. */
const MOST_PAST = 4096;

/** The rows of a file. A packed file is read on past a bad row: its own checksum says better what is wrong. */
async function readRows(path: string, source: Source) {
  const { file } = source;
  let waiting: { text: string; line: number } | undefined;
  let table: { dialect: Dialect; rows: ReturnType<typeof openRows> } | undefined;
  let [fault, past]: [unknown, number] = [undefined, 0];
  const begin = (first: string, second: string | undefined): void => {
    const dialect = dialectOf(first, second, file);
    table = { dialect, rows: openRows(dialect, source) };
    if (!dialect.hasHeader) table.rows.take(withoutMark(first), 1);
  };
  const take = (text: string, line: number): void => {
    if (table) table.rows.take(text, line);
    else if (!waiting) waiting = { text, line };
    else {
      begin(waiting.text, text);
      table!.rows.take(text, line);
    }
  };
  for await (const { first, texts } of linesOf(path, source)) {
    if (past > MOST_PAST) break;
    if (fault !== undefined && ++past) continue;
    try {
      texts.forEach((text, i) => {
        take(text, first + i);
      });
    } catch (error) {
      fault = error;
      if (!source.packed) break;
    }
  }
  if (fault !== undefined) throw fault;
  if (!table) begin(waiting?.text ?? emptyFile(file), undefined);
  return { dialect: table!.dialect, rows: table!.rows.rows() };
}

function emptyFile(file: string): never {
  throw new Error(
    `${file} line 1: expected the columns timestamp,open,high,low,close,volume, got an empty file`,
  );
}
