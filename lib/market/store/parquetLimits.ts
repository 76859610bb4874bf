/** The claims of a Parquet file, held against its bytes before anything is unpacked: a file may lie about its rows and pages. */

/** Rows that a file may claim. */
export interface ParquetLimits {
  readonly mostRows: number;
}

/** What is looked at of a file's metadata, as hyparquet reads it. */
interface Metadata {
  readonly num_rows: bigint;
  readonly schema: readonly {
    readonly name: string;
    readonly type?: string | undefined;
    readonly repetition_type?: string | undefined;
    readonly num_children?: number | undefined;
  }[];
  readonly row_groups: readonly { readonly num_rows: bigint; readonly columns: readonly Column[] }[];
}

interface Column {
  readonly meta_data?: Chunk | undefined;
}

interface Chunk {
  readonly codec: string;
  readonly path_in_schema: readonly string[];
  readonly num_values: bigint;
  readonly total_compressed_size: bigint;
  readonly data_page_offset: bigint;
  readonly dictionary_page_offset?: bigint | undefined;
}

/** A page's head, read where the reader stands. */
type ReadHeader = (reader: { view: DataView; offset: number }) => {
  readonly compressed_page_size: number;
  readonly uncompressed_page_size: number;
  readonly data_page_header?: { readonly num_values: number } | undefined;
  readonly data_page_header_v2?: { readonly num_values: number } | undefined;
  readonly dictionary_page_header?: { readonly num_values: number } | undefined;
};

const CODECS: readonly string[] = ["UNCOMPRESSED", "SNAPPY"];
const TYPES: readonly string[] = ["INT64", "DOUBLE"];
const BYTES_A_VALUE = 8;
/** Bytes of a page beyond its values: levels, and the heads of packed blocks. */
const SLACK = 4096;

/**
 * Throws a RangeError unless every column chunk has the rows of its group, flat numbers of eight bytes in pages within the file, and the
 * rows of all groups are those of the file and not too many.
 */
export async function checkParquet(
  file: ArrayBuffer,
  metadata: Metadata,
  limits: ParquetLimits,
): Promise<void> {
  const rows = Number(metadata.num_rows);
  if (!(rows >= 1 && rows <= limits.mostRows))
    throw new RangeError(`expected 1 to ${limits.mostRows} rows, got a file that claims ${rows}`);
  checkSchema(metadata);
  const groups = metadata.row_groups;
  const total = groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  if (total !== rows) throw new RangeError(`expected row groups of ${rows} rows, got ${total}`);
  const { parquetHeader } = await import("hyparquet/src/column.js");
  const names = metadata.schema.slice(1).map(({ name }) => name);
  for (const { columns, num_rows } of groups) {
    const chunks = columns.flatMap(({ meta_data }) => meta_data ?? []);
    const found = chunks.map(({ path_in_schema: path }) => path.join("."));
    if (found.join() !== names.join())
      throw new RangeError(`expected the columns ${names.join()}, got ${found.join()}`);
    for (const chunk of chunks) checkChunk(file, chunk, Number(num_rows), parquetHeader);
  }
}

function checkSchema({ schema }: Metadata): void {
  const odd = schema
    .slice(1)
    .find(
      ({ type, repetition_type, num_children }) =>
        !TYPES.includes(String(type)) || repetition_type !== "REQUIRED" || (num_children ?? 0) > 0,
    );
  if (odd)
    throw new RangeError(
      `column ${odd.name}: expected required numbers of eight bytes, got ${odd.type ?? "a group"}`,
    );
}

function checkChunk(file: ArrayBuffer, chunk: Chunk, rows: number, readHeader: ReadHeader): void {
  const name = `column ${chunk.path_in_schema.join(".")}`;
  if (!CODECS.includes(chunk.codec))
    throw new RangeError(`${name}: expected Snappy or no packing, got ${chunk.codec}`);
  if (Number(chunk.num_values) !== rows)
    throw new RangeError(`${name}: expected ${rows} values, got a chunk that claims ${chunk.num_values}`);
  const from = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
  const to = from + Number(chunk.total_compressed_size);
  if (!(from >= 4 && from < to && to <= file.byteLength))
    throw new RangeError(
      `${name}: expected pages within the file of ${file.byteLength} bytes, got ${from} to ${to}`,
    );
  const reader = { view: new DataView(file, 0, to), offset: from };
  let values = 0;
  while (reader.offset < to) {
    const header = readHeader(reader);
    const page = header.data_page_header ?? header.data_page_header_v2;
    const count = page?.num_values ?? header.dictionary_page_header?.num_values ?? -1;
    const [packed, unpacked] = [header.compressed_page_size, header.uncompressed_page_size];
    if (!(count >= 0 && count <= rows && unpacked >= 0 && unpacked <= BYTES_A_VALUE * count * 2 + SLACK))
      throw new RangeError(
        `${name}: expected a page of at most ${rows} values, got ${count} in ${unpacked} bytes`,
      );
    if (!(packed >= 0 && reader.offset + packed <= to))
      throw new RangeError(`${name}: expected a page within its chunk, got ${packed} bytes`);
    reader.offset += packed;
    if (page) values += count;
  }
  if (values !== rows) throw new RangeError(`${name}: expected ${rows} values in its pages, got ${values}`);
}
