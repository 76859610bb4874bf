/** Results as text: JSON that holds every digit, tables for people, files that are whole or not there. */
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { visibleJson, writeWhole } from "../core/index.js";
import { UsageProblem } from "./exit.js";

/** JSON of a result: typed arrays as lists; a number that does not exist (NaN, ±∞) is null; nothing in it acts on a terminal. */
export function documentText(document: object, indent = 2): string {
  const text = JSON.stringify(
    document,
    (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<number>) : value),
    indent,
  );
  return visibleJson(text);
}

type Cell = string | number | boolean | null;

/** Rows of equal keys as aligned lines: a head, then one each; numbers to four digits, to the right. */
export function tableLines(rows: readonly Readonly<Record<string, Cell>>[]): string[] {
  const first = rows[0];
  if (!first) return [];
  const names = Object.keys(first);
  const text = [names, ...rows.map((row) => names.map((name) => cellText(row[name] ?? null)))];
  const widths = names.map((_, c) => Math.max(...text.map((line) => line[c]!.length)));
  const right = names.map((name) => rows.every((row) => typeof row[name] !== "string"));
  return text.map((line) =>
    line
      .map((cell, c) => (right[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
}

function cellText(value: Cell): string {
  if (typeof value !== "number") return value === null ? "" : String(value);
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** Comma-separated values of rows of equal keys, with every digit; what does not exist is empty. */
export function csvText(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: Cell | undefined) =>
    value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
  return [names.join(","), ...rows.map((row) => names.map((name) => cell(row[name])).join(","))]
    .map((line) => `${line}\n`)
    .join("");
}

/** Writes a result so that the file is whole or not there; folders on the way are made. */
export async function writeResult(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, content);
}

/** @throws UsageProblem when a folder stands where a result is to be written: better said before the work than after. */
export async function checkOut(path: string, option = "--out"): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory())
    throw new UsageProblem(`${option}: expected the name of a file, got the folder ${path}`);
}

/** ISO UTC to the minute, or to the second or millisecond where there are some. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/(:00)?\.000Z$/, "Z");
}
