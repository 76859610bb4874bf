/** Tables: numbers to the right, units in the header, and the same content as plain text. */
import { checkCount } from "../../core/index.js";
import { significant } from "../numbers.js";
import { display } from "./display.js";

/** A row: column name → number, text or truth. What is missing is null, undefined or NaN. */
export type Row = Readonly<Record<string, unknown>>;

/** A danfo DataFrame, as far as a table needs it. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly values: unknown;
  readonly index?: readonly (string | number)[];
}

/** Options of `table`. */
export interface TableOptions {
  readonly caption?: string;
  /** Names in the rows → headers: these columns alone, in this order. All columns under their own names by default. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Header → unit, shown as "header [unit]". */
  readonly units?: Readonly<Record<string, string>>;
  /** Significant digits of numbers that are not integers, for one column or for all; default 3. */
  readonly digits?: number | Readonly<Record<string, number>>;
  /** Rows shown, default 10; the last line tells how many more there are. */
  readonly maxRows?: number;
}

/** The two forms of one table. */
export interface FormattedTable {
  readonly html: string;
  readonly text: string;
}

interface Column {
  readonly header: string;
  readonly numeric: boolean;
  readonly cells: readonly string[];
}

/**
 * Displays `rows` as a table.
 * @throws RangeError as `formatTable`.
 */
export function table(rows: readonly Row[] | FrameLike, options: TableOptions = {}): void {
  const { html, text } = formatTable(rows, options);
  display({ "text/html": html, "text/plain": text });
}

/**
 * The table as HTML that survives a notebook's sanitiser, and as aligned plain text.
 * @throws RangeError when there are no rows, a record lacks a column of the first or has one more, or a unit or a number of
 *   digits is given for a column that is not there, or a cell is no number, text, truth or date.
 */
export function formatTable(rows: readonly Row[] | FrameLike, options: TableOptions = {}): FormattedTable {
  const all = isFrame(rows) ? recordsOf(rows) : rows;
  const records = options.columns ? renamed(all, options.columns) : all;
  const names = checkRecords(records);
  checkNames("units", options.units, names);
  if (typeof options.digits === "object") checkNames("digits", options.digits, names);
  const maxRows = options.maxRows ?? 10;
  checkCount("maxRows", maxRows);
  const shown = records.slice(0, maxRows);
  shown.forEach(checkCells);
  const columns = names.map((name) => column(name, shown, options));
  const more = records.length - shown.length;
  const note = more > 0 ? `… and ${more} more ${more === 1 ? "row" : "rows"}` : "";
  return {
    html: htmlOf(columns, shown.length, options.caption, note),
    text: textOf(columns, shown.length, options.caption, note),
  };
}

function isFrame(rows: readonly Row[] | FrameLike): rows is FrameLike {
  return !Array.isArray(rows) && "columns" in rows && "values" in rows;
}

/** A frame's index becomes a first column when it says more than the row's number. */
function recordsOf(frame: FrameLike): Row[] {
  const values = frame.values;
  if (!Array.isArray(values) || !values.every(Array.isArray)) {
    throw new RangeError("table: expected a frame whose values are rows, got another shape");
  }
  const index = frame.index ?? [];
  const named = index.some((label, i) => label !== i);
  return values.map((row: unknown[], i) => {
    const cells = frame.columns.map((name, j): [string, unknown] => [name, row[j]]);
    return Object.fromEntries(named ? [["", index[i]], ...cells] : cells);
  });
}

/** The columns named, under their headers. @throws RangeError naming a column that a row does not have. */
function renamed(rows: readonly Row[], columns: Readonly<Record<string, string>>): Row[] {
  return rows.map((row, i) => {
    const cells = Object.entries(columns).map(([name, header]): [string, unknown] => {
      if (name in row) return [header, row[name]];
      const there = Object.keys(row).join(", ");
      throw new RangeError(`table columns: expected one of ${there} in row ${i}, got ${name}`);
    });
    return Object.fromEntries(cells);
  });
}

function checkRecords(records: readonly Row[]): string[] {
  const first = records[0];
  if (!first) throw new RangeError("table: expected at least one row, got none");
  const names = Object.keys(first);
  if (names.length === 0) throw new RangeError("table: expected at least one column, got none");
  records.forEach((record, i) => {
    const missing = names.filter((name) => !(name in record));
    const extra = Object.keys(record).filter((name) => !names.includes(name));
    if (missing.length === 0 && extra.length === 0) return;
    const came = [...missing.map((name) => `no "${name}"`), ...extra.map((name) => `also "${name}"`)];
    throw new RangeError(
      `table: expected the columns ${names.join(", ")} in row ${i}, got ${came.join(", ")}`,
    );
  });
  return names;
}

/** @throws RangeError naming row and column of a value that is no number, text, truth or date. */
function checkCells(record: Row, i: number): void {
  for (const [name, value] of Object.entries(record)) {
    const isDate = value instanceof Date;
    if (
      isDate
        ? Number.isFinite(value.getTime())
        : value === null || !["object", "function"].includes(typeof value)
    )
      continue;
    const came = isDate ? "an invalid date" : Array.isArray(value) ? "an array" : `a bare ${typeof value}`;
    throw new RangeError(
      `table: expected a number, text, truth or date in column ${name} of row ${i}, got ${came}`,
    );
  }
}

function checkNames(option: string, given: Row | undefined, names: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(`table ${option}: expected a column among ${names.join(", ")}, got ${unknown}`);
}

function column(name: string, rows: readonly Row[], options: TableOptions): Column {
  const values = rows.map((row) => row[name]);
  const numeric =
    values.some((value) => typeof value === "number") &&
    values.every((value) => isMissing(value) || typeof value === "number");
  const digits = (typeof options.digits === "object" ? options.digits[name] : options.digits) ?? 3;
  checkCount(`digits of ${name}`, digits);
  const whole = values.every((value) => isMissing(value) || Number.isInteger(value));
  const unit = options.units?.[name];
  return {
    header: unit === undefined ? name : `${name} [${unit}]`,
    numeric,
    cells: values.map((value) => cell(value, digits, whole)),
  };
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

/** In a column of fractions 1 is written 1.00. */
function cell(value: unknown, digits: number, whole: boolean): string {
  if (isMissing(value)) return "–";
  if (typeof value === "number") {
    const padded = !whole && Number.isInteger(value) && Math.abs(value) < 10 ** (digits - 1);
    return padded
      ? value.toFixed(value === 0 ? digits - 1 : digits - String(Math.abs(value)).length).replace("-", "−")
      : significant(value, digits);
  }
  return value instanceof Date ? value.toISOString().replace("T00:00:00.000Z", "") : String(value);
}

function htmlOf(columns: readonly Column[], rows: number, caption: string | undefined, note: string): string {
  const line = (tag: string, cells: readonly string[]): string => {
    const written = cells.map(
      (text, j) =>
        `<${tag} style="text-align:${columns[j]!.numeric ? "right" : "left"}">${escapeHtml(text)}</${tag}>`,
    );
    return `<tr>${written.join("")}</tr>`;
  };
  const body = Array.from({ length: rows }, (_, i) =>
    line(
      "td",
      columns.map(({ cells }) => cells[i]!),
    ),
  );
  const header = line(
    "th",
    columns.map((one) => one.header),
  );
  const title = caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  const foot = note
    ? `<tfoot><tr><td colspan="${columns.length}" style="text-align:left">${note}</td></tr></tfoot>`
    : "";
  return `<table>${title}<thead>${header}</thead><tbody>${body.join("")}</tbody>${foot}</table>`;
}

function textOf(columns: readonly Column[], rows: number, caption: string | undefined, note: string): string {
  const widths = columns.map(({ header, cells }) =>
    Math.max(...[header, ...cells].map((text) => lengthOf(text))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, j) => {
        const gap = " ".repeat(widths[j]! - lengthOf(text));
        return columns[j]!.numeric ? gap + text : text + gap;
      })
      .join("  ")
      .trimEnd();
  const body = Array.from({ length: rows }, (_, i) => line(columns.map(({ cells }) => cells[i]!)));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const header = line(columns.map((one) => one.header));
  return [...(caption === undefined ? [] : [caption]), header, rule, ...body, ...(note ? [note] : [])].join(
    "\n",
  );
}

/** Characters, not code units: a σ or an emoji counts once. */
function lengthOf(text: string): number {
  return [...text].length;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
