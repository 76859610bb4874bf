/** The results of a study as one table: a row a network, in the order of their numbers, as a Parquet file. */
import { ownVersion } from "../../core/index.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { NetworkRow } from "./networkRow.js";
import type { Results } from "./resultFolder.js";

/**
 * One row a network, of its last comparison, by number; its seconds are those of all its trainings.
 *
 * A training goes through the epochs of the earlier comparisons again, which is part of what it costs.
 */
export async function finalRows(results: Pick<Results, "rows">): Promise<NetworkRow[]> {
  const last = new Map<number, NetworkRow>();
  for await (const rows of results.rows())
    for (const row of rows) {
      const before = last.get(row.network);
      const seconds = row.seconds + (before?.seconds ?? 0);
      last.set(row.network, { ...(before && before.rung > row.rung ? before : row), seconds });
    }
  return [...last.values()].sort((a, b) => a.network - b.network);
}

/** The columns that depend on the machine and the moment: all others are the same to the bit wherever a study runs. */
export const OF_MACHINE: readonly string[] = ["seconds", "megabytes", "host"];

const PLACES = ["network", "trial", "fold", "seed", "rung", "epochs"] as const;

/** Rows of a table: `setting_NAME`, and for each score its value, `_lower` and `_upper`; lists are JSON, what is missing is null. */
export function tableRows(rows: readonly NetworkRow[]): Record<string, Cell>[] {
  return rows.map((row) => ({
    ...Object.fromEntries(PLACES.map((name) => [name, row[name]])),
    best_epoch: row.bestEpoch,
    ...Object.fromEntries(
      Object.entries(row.settings).map(([name, value]) => [
        `setting_${snakeCase(name)}`,
        typeof value === "object" ? JSON.stringify(value) : value,
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(row.scores).flatMap(([name, { value, lower, upper }]) => [
        [name, value],
        [`${name}_lower`, lower],
        [`${name}_upper`, upper],
      ]),
    ),
    ...{ seconds: row.seconds, megabytes: row.megabytes, host: row.host },
  }));
}

/** A value in the table of networks. */
export type Cell = number | string | boolean | null;

/** The table as the bytes of a Parquet file. */
export async function encodeTable(study: Study, rows: readonly NetworkRow[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const table = tableRows(rows);
  const names = [...new Set(table.flatMap((row) => Object.keys(row)))];
  const columnData = names.map((name) =>
    columnOf(
      name,
      table.map((row) => row[name] ?? null),
    ),
  );
  const kvMetadata = [
    { key: "vitrade.study", value: studyHash(study) },
    { key: "vitrade.version", value: ownVersion() },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

const PLAIN = "PLAIN" as const;

function columnOf(name: string, data: readonly Cell[]) {
  const one = data.find((value) => value !== null);
  if ((PLACES as readonly string[]).includes(name) || name === "best_epoch")
    return { name, type: "INT32" as const, data: data as number[], nullable: false, encoding: PLAIN };
  if (typeof one === "string")
    return { name, type: "STRING" as const, data: data as string[], nullable: true };
  if (typeof one === "boolean")
    return { name, type: "BOOLEAN" as const, data: data as boolean[], nullable: true };
  return { name, type: "DOUBLE" as const, data: data as number[], nullable: true, encoding: PLAIN };
}

/** Rows of such a file, from its bytes. */
export async function decodeTable(bytes: Uint8Array): Promise<Record<string, Cell>[]> {
  const { parquetReadObjects } = await import("hyparquet");
  return (await parquetReadObjects({ file: new Uint8Array(bytes).buffer })) as Record<string, Cell>[];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
