/** The funding that was paid, and what identifies bars and funding. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { SYMBOLS } from "./rules.mjs";

/** Funding by symbol from SYMBOL.csv.gz files with the columns timestamp and funding_rate. */
export function readFunding(folder) {
  return Object.fromEntries(SYMBOLS.map((symbol) => [symbol, readSymbol(join(folder, `${symbol}.csv.gz`))]));
}

function readSymbol(file) {
  if (!existsSync(file))
    throw new Error(`funding: expected ${file} with the columns timestamp and funding_rate`);
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString("utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  const columns = ["timestamp", "funding_rate"].map((name) => names.indexOf(name));
  if (columns.includes(-1)) throw new Error(`${file}: expected timestamp and funding_rate, got ${header}`);
  const rows = lines.map((line) => line.split(","));
  const [time, rate] = columns.map((place) => Float64Array.from(rows, (row) => Number(row[place])));
  return { time, rate };
}

/** SHA-256 of columns of float64 numbers, whatever file they came from. */
function hashOf(columns) {
  const hash = createHash("sha256");
  for (const column of columns) hash.update(Buffer.from(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest("hex");
}

/**
 * What the study was run on: one row a symbol, with hashes of its bars and of its funding.
 * @param described  rows of `market.describe`, one for each of the bars
 */
export function identify(bars, described, funding) {
  return described.map(({ symbol, first, last, rows, gaps }, a) => {
    const { openTime, open, high, low, close, volume } = bars[a];
    const { time, rate } = funding[symbol];
    return {
      ...{ symbol, first, last, rows, gaps, settlements: time.length },
      sha256: hashOf([openTime, open, high, low, close, volume]),
      fundingSha256: hashOf([time, rate]),
    };
  });
}
