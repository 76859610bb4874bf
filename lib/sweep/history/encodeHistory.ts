/** A long history written as a Parquet file. */
import type { StudySource } from "../networks/source.js";
import { CANDLE, CHUNKS, columnOf, HEAD, hashOf, placesOf, ROW_GROUP, TIME } from "./layout.js";

const DIGITS = 64;
/** The length of what follows the metadata: its own length, and the mark of the kind. */
const TAIL = 8;

/**
 * Bars on one grid as a Parquet file, of which a range and some symbols can be read and checked without the rest: a column for the
 * opening times, and `SYMBOL/open` … for each symbol. Flow is left out.
 *
 * @param source  bars on one grid, [A] symbols of [T] bars
 * @throws RangeError when there are none
 * @returns the file's bytes, and the SHA-256 by which a study names it: that of the metadata, in which the hashes of all parts stand
 */
export async function encodeHistory(
  source: Omit<StudySource, "sha256">,
): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const { parquetMetadata } = await import("hyparquet");
  const { bars, ...settings } = source;
  const [first] = bars;
  if (!first) throw new RangeError("history: expected bars, got none");
  const rows = first.openTime.length;
  const columns: [string, Float64Array][] = [
    [TIME, first.openTime],
    ...bars.flatMap((own) =>
      CANDLE.map((name): [string, Float64Array] => [columnOf(own.symbol, name), own[name]]),
    ),
  ];
  const count = columns.length * Math.ceil(rows / ROW_GROUP);
  const head = { ...settings, symbols: bars.map(({ symbol }) => symbol), stepMs: first.stepMs };
  const empty = "0".repeat(DIGITS * count);
  const written = parquetWriteBuffer({
    columnData: columns.map(([name, data]) => ({
      ...{ name, data, type: "DOUBLE" as const, nullable: false },
      ...{ encoding: "PLAIN" as const, offsetIndex: false },
    })),
    ...{ codec: "UNCOMPRESSED", rowGroupSize: ROW_GROUP, statistics: false },
    kvMetadata: [
      { key: HEAD, value: JSON.stringify(head) },
      { key: CHUNKS, value: empty },
    ],
  });
  const bytes = Buffer.from(written);
  const places = placesOf(parquetMetadata(written));
  const hashes = places.map(({ from, to }) => hashOf(bytes.subarray(from, to))).join("");
  bytes.write(hashes, bytes.lastIndexOf(empty), "latin1");
  const length = bytes.readUInt32LE(bytes.length - TAIL);
  return { bytes, sha256: hashOf(bytes.subarray(-TAIL - length, -TAIL)) };
}
