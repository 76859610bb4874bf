/** A long history read by symbol and range: what is read is checked, and what is not needed is not read. */
import { stat } from "node:fs/promises";
import { z } from "zod";
import { type Bars, openToRead, shaped } from "../../core/index.js";
import type { StudySource } from "../networks/source.js";
import { CANDLE, CHUNKS, columnOf, HEAD, hashOf, type Place, placesOf, TIME } from "./layout.js";

/** Bytes that can be read in part: of a file, or of a server. */
export interface Bytes {
  readonly byteLength: number;
  slice(from: number, to?: number): Promise<ArrayBuffer>;
}

/** A history that is open. */
export interface History extends Omit<StudySource, "bars"> {
  readonly symbols: readonly string[];
  /** Bars of each symbol. */
  readonly rows: number;
  /**
   * Bars `from` to before `to` of some symbols, all by default.
   * @throws Error when a symbol or a range is not there, or what was read is not what was written.
   */
  read(range: {
    readonly from: number;
    readonly to: number;
    readonly symbols?: readonly string[] | undefined;
  }): Promise<Bars[]>;
}

/** The bytes of a file, which is open while a part is read and no longer. */
export async function fileBytes(path: string): Promise<Bytes> {
  const { size } = await stat(path);
  return {
    byteLength: size,
    async slice(from, to = size) {
      const bytes = new Uint8Array(to - from);
      const file = await openToRead(path);
      try {
        await file.read(bytes, 0, bytes.length, from);
      } finally {
        await file.close();
      }
      return bytes.buffer;
    },
  };
}

const TAIL = 8;
const DIGITS = 64;
/** Bytes of metadata that a file may claim. */
const MOST = 64e6;

const count = z.int().positive();
const part = z.number().min(0).max(1);
const schema = z.object({
  ...{ length: count, horizon: count, stride: count, threshold: z.number().positive(), stepMs: count },
  split: z.object({ train: part, validation: part, test: part }),
  symbols: z.array(z.string().min(1)).min(1),
});

/**
 * The history in a file that `encodeHistory` made; only its metadata are read.
 * @param name  of the file, for errors
 * @throws Error naming it when it is none.
 */
export async function openHistory(bytes: Bytes, name: string): Promise<History> {
  const { parquetMetadata } = await import("hyparquet");
  const refuse = (got: string) => new Error(`${name}: expected a history of vitrade prepare, got ${got}`);
  if (bytes.byteLength < 2 * TAIL) throw refuse("a file that is too short");
  const tail = Buffer.from(await bytes.slice(bytes.byteLength - TAIL, bytes.byteLength));
  const length = tail.readUInt32LE(0);
  if (tail.toString("latin1", 4) !== "PAR1" || length > Math.min(MOST, bytes.byteLength - TAIL))
    throw refuse("no Parquet, or a damaged one");
  const footer = await bytes.slice(bytes.byteLength - TAIL - length, bytes.byteLength);
  const sha256 = hashOf(new Uint8Array(footer, 0, length));
  const metadata = parquetMetadata(footer);
  const note = (key: string) => metadata.key_value_metadata?.find((own) => own.key === key)?.value;
  const [head, hashes] = [note(HEAD), note(CHUNKS)];
  if (head === undefined || hashes === undefined) throw refuse("another Parquet file");
  const { symbols, stepMs, ...settings } = shaped(schema, JSON.parse(head), name);
  const places = placesOf(metadata);
  if (hashes.length !== DIGITS * places.length) throw refuse("a file without the hashes of its parts");
  const rows = Number(metadata.num_rows);
  return {
    ...{ ...settings, sha256, symbols, rows },
    async read({ from, to, symbols: asked = symbols }) {
      const absent = asked.find((symbol) => !symbols.includes(symbol));
      if (absent !== undefined)
        throw new RangeError(`${name}: expected ${absent}, got ${symbols.join(", ")}`);
      if (!(from >= 0 && from < to && to <= rows))
        throw new RangeError(`${name}: expected bars within 0 to ${rows}, got ${from} to ${to}`);
      const columns = [TIME, ...asked.flatMap((symbol) => CANDLE.map((own) => columnOf(symbol, own)))];
      const { parquetRead } = await import("hyparquet");
      const file = checked(bytes, places, { hashes, name });
      const found = await rowsOf(columns, { from, to }, (onChunk) =>
        parquetRead({ file, metadata, columns, rowStart: from, rowEnd: to, onChunk }),
      );
      const time = found.get(TIME)!;
      return asked.map((symbol) => {
        const candle = CANDLE.map((own) => [own, found.get(columnOf(symbol, own))!] as const);
        return { symbol, stepMs, openTime: time, ...Object.fromEntries(candle) } as Bars;
      });
    },
  };
}

/** A stretch of a column, as the reader of Parquet tells it. */
interface Stretch {
  readonly columnName: string;
  readonly columnData: ArrayLike<unknown>;
  readonly rowStart: number;
}

/** Rows `from` to before `to` of columns, from the stretches that a reader tells. */
async function rowsOf(
  names: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
  read: (onChunk: (stretch: Stretch) => void) => Promise<void>,
): Promise<Map<string, Float64Array>> {
  const found = new Map(names.map((name) => [name, new Float64Array(to - from)]));
  const stretches: Stretch[] = [];
  await read((stretch) => {
    stretches.push(stretch); // what is thrown in here would escape the promise
  });
  for (const { columnName, columnData, rowStart } of stretches) {
    const column = found.get(columnName)!;
    const data = columnData as ArrayLike<number>;
    for (let row = Math.max(from, rowStart); row < Math.min(to, rowStart + data.length); row++)
      column[row - from] = data[row - rowStart]!;
  }
  return found;
}

/** The bytes of columns, each read whole, once, and held against its hash; all else is zero. */
function checked(
  bytes: Bytes,
  places: readonly Place[],
  { hashes, name }: { readonly hashes: string; readonly name: string },
): Bytes {
  const known = new Map<number, Promise<Uint8Array>>();
  const load = async (n: number): Promise<Uint8Array> => {
    const { from, to, column } = places[n]!;
    const part = new Uint8Array(await bytes.slice(from, to));
    if (hashOf(part) === hashes.slice(DIGITS * n, DIGITS * (n + 1))) return part;
    throw new Error(`${name}: ${column}: expected content of the SHA-256 that it names, got another`);
  };
  return {
    byteLength: bytes.byteLength,
    async slice(from, to = bytes.byteLength) {
      const out = new Uint8Array(to - from);
      for (const [n, place] of places.entries()) {
        const [start, end] = [Math.max(from, place.from), Math.min(to, place.to)];
        if (start >= end) continue;
        if (!known.has(n)) known.set(n, load(n));
        const part = await known.get(n)!;
        out.set(part.subarray(start - place.from, end - place.from), start - from);
      }
      return out.buffer;
    },
  };
}
