/** Candles as a Parquet file: times as milliseconds of UTC, all else as float64 to the bit, sealed against damage. */
import type { Bars } from "../../core/index.js";
import { checkBars } from "../bars.js";
import { barsOf, columnsOf } from "./columns.js";
import { checkParquet, type ParquetLimits } from "./parquetLimits.js";
import { isSealed, seal, UNSEALED } from "./seal.js";
import { nameOf, type Series, sameSeries, seriesOf, stepOf } from "./series.js";

const ROW_GROUP = 100_000;
const SERIES = "vitrade.series";

/**
 * The file of sound candles: columns open_time, open, high, low, close, volume and, where there is flow, buy_volume … ask_size.
 *
 * Doubles are stored plainly: a dictionary would not tell 0 from −0.
 * @throws RangeError when the candles are not sound.
 */
export async function encodeBars(bars: Bars, series: Series): Promise<Uint8Array> {
  checkBars(bars);
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = Object.entries(columnsOf(bars)).map(([name, data]) =>
    name === "openTime"
      ? { ...column("open_time", "TIMESTAMP"), data: BigInt64Array.from(data, BigInt), encoding: DELTA }
      : { ...column(snakeCase(name), "DOUBLE"), data, encoding: PLAIN },
  );
  const kvMetadata = [
    { key: SERIES, value: JSON.stringify(series) },
    { key: "vitrade.seal", value: UNSEALED },
  ];
  return seal(new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, rowGroupSize: ROW_GROUP })));
}

const DELTA = "DELTA_BINARY_PACKED" as const;
const PLAIN = "PLAIN" as const;

function column<T extends "TIMESTAMP" | "DOUBLE">(name: string, type: T) {
  return { name, type, nullable: false, offsetIndex: false };
}

/** What is wrong with the bytes of a file, in words; undefined if it is whole. */
export function fileFault(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "the file is empty";
  const end = Buffer.from(bytes.subarray(-4)).toString("latin1");
  if (end !== "PAR1") return `the file is truncated or no Parquet (it ends after ${bytes.length} bytes)`;
  return isSealed(bytes) ? undefined : "the file is damaged (its contents do not agree with its own SHA-256)";
}

/** Rows a file may have unless its month says less: forty years of hours, two of minutes. */
const MOST_ROWS = 1_000_000;

/**
 * The candles of a whole file; ask `fileFault` first, or know its hash.
 * @param limits  rows it may have; default a million
 * @throws Error naming `file` when it is of another series, claims what is not so, or cannot be read.
 */
export async function decodeBars(
  bytes: Uint8Array,
  series: Series,
  file: string,
  limits: ParquetLimits = { mostRows: MOST_ROWS },
): Promise<Bars> {
  const whole = new Uint8Array(bytes).buffer; // a slice of a Buffer would be a view of its pool
  try {
    const bars = barsOf(series.symbol, stepOf(series.interval), await columnsIn(whole, series, limits));
    checkBars(bars);
    return bars;
  } catch (error) {
    throw new Error(`${file}: ${reasonOf(error as Error)}`, { cause: error });
  }
}

async function columnsIn(
  whole: ArrayBuffer,
  series: Series,
  limits: ParquetLimits,
): Promise<Record<string, Float64Array>> {
  const { parquetMetadata, parquetRead } = await import("hyparquet");
  const metadata = parquetMetadata(whole);
  const note = metadata.key_value_metadata?.find(({ key }) => key === SERIES)?.value ?? "{}";
  checkSeries(seriesIn(note), series);
  await checkParquet(whole, metadata, limits);
  const columns: Record<string, Float64Array> = {};
  for (const { name } of metadata.schema.slice(1))
    columns[camelCase(name)] = new Float64Array(Number(metadata.num_rows));
  const chunks: { name: string; data: ArrayLike<number>; from: number }[] = [];
  // what is thrown in this callback would escape the promise
  const onChunk = ({ columnName, columnData, rowStart }: Emitted): void => {
    chunks.push({ name: camelCase(columnName), data: columnData as ArrayLike<number>, from: rowStart });
  };
  await parquetRead({ file: whole, metadata, parsers: { timestampFromMilliseconds: Number }, onChunk });
  for (const { name, data, from } of chunks) columns[name]!.set(data, from);
  return columns;
}

/** A stretch of a column, as hyparquet tells it. */
interface Emitted {
  readonly columnName: string;
  readonly columnData: ArrayLike<unknown>;
  readonly rowStart: number;
}

/** Words of ours as they are; in place of those of the reader or the runtime, what they mean. */
function reasonOf(error: Error): string {
  return /^[^(]*expected /.test(error.message)
    ? error.message
    : "expected a sound Parquet file, got contents that cannot be read; remove the file and fetch its month again";
}

function seriesIn(note: string): { symbol?: string; interval?: string; category?: string } {
  try {
    const found = JSON.parse(note);
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

function checkSeries(
  found: { symbol?: string; interval?: string; category?: string },
  expected: Series,
): void {
  const { symbol = "?", interval = "?", category = "?" } = found;
  if (symbol === "?" || !sameSeries(seriesOf({ symbol, interval, category }), expected)) {
    throw new RangeError(`expected ${nameOf(expected)}, got ${symbol} ${interval} (${category})`);
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
