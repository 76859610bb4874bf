/** How a long history lies in a Parquet file, so that a part of it can be read and is known to be right. */
import { createHash } from "node:crypto";

/** Rows that are read together. */
export const ROW_GROUP = 10_000;
/** The name in the file's notes under which it says what it holds. */
export const HEAD = "vitrade.history";
/** The name under which SHA-256 of each column of each group of rows stand, in their order. */
export const CHUNKS = "vitrade.chunks";
/** The column of opening times. */
export const TIME = "open_time";

export const CANDLE = ["open", "high", "low", "close", "volume"] as const;

/** The column of a symbol. */
export function columnOf(symbol: string, name: string): string {
  return `${symbol}/${name}`;
}

/** SHA-256 in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What is looked at of a file's metadata. */
export interface Metadata {
  readonly num_rows: bigint;
  readonly row_groups: readonly {
    readonly num_rows: bigint;
    readonly columns: readonly { readonly meta_data?: Chunk | undefined }[];
  }[];
}

interface Chunk {
  readonly path_in_schema: readonly string[];
  readonly data_page_offset: bigint;
  readonly dictionary_page_offset?: bigint | undefined;
  readonly total_compressed_size: bigint;
}

/** Where a column of a group of rows lies in the file. */
export interface Place {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

/** The places of all columns of all groups, in their order. @throws RangeError when one has no place. */
export function placesOf({ row_groups: groups }: Metadata): Place[] {
  return groups.flatMap(({ columns }) =>
    columns.map(({ meta_data: chunk }) => {
      if (!chunk) throw new RangeError("expected the place of every column, got none");
      const from = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      const column = chunk.path_in_schema.join(".");
      return { column, from, to: from + Number(chunk.total_compressed_size) };
    }),
  );
}
