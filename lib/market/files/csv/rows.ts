/** Rows of a table as numbers, in the order of the file. */
import { isoOf, type TimeUnit, unitOf } from "../timeUnit.js";
import { type Dialect, NAMES, shortened, unquoted } from "./dialect.js";

/** Rows as they stand; a row without any price is a hole. Arrays are of the six columns, milliseconds first. */
export interface Rows {
  readonly count: number;
  /** [6] of at least `count` entries. */
  readonly columns: readonly Float64Array[];
  /** The line of each row, counted from 1. */
  readonly lines: Uint32Array;
  /** What was recognised in them, in words. */
  readonly notes: readonly string[];
}

const MOST_ROWS = 10_000_000; // 19 years of minutes
const MOST_BLANK = 1000;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const NOTHING = /^(nan|null|none|n\/a|)$/i;
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Takes the lines of a table one by one.
 * @param latest  UTC milliseconds: the last time that can be one
 */
export function openRows(
  dialect: Dialect,
  { file, latest }: { readonly file: string; readonly latest: number },
) {
  let [count, blank, holes] = [0, 0, 0];
  let columns = NAMES.map(() => new Float64Array(1024));
  let lines = new Uint32Array(1024);
  let unit: string | undefined;
  const notes: string[] = [];
  const noteUnit = (name: string, line: number): void => {
    if (name === unit) return;
    if (unit !== undefined) notes.push(`times in ${name} from line ${line}`);
    else if (name !== "milliseconds") notes.push(`times in ${name}`);
    unit = name;
  };
  const grow = (): void => {
    if (count === MOST_ROWS)
      throw new Error(`${file}: expected at most ${MOST_ROWS} rows, got more; split the file`);
    columns = columns.map((column) => doubled(column, new Float64Array(2 * column.length)));
    lines = doubled(lines, new Uint32Array(2 * lines.length));
  };
  return {
    /** @throws Error naming file and line when the line is no row. */
    take(text: string, line: number): void {
      const place = `${file} line ${line}`;
      if (text === "") {
        if (++blank > MOST_BLANK) throw new Error(`${place}: expected a row, got ${blank} empty lines`);
        return;
      }
      const fields = text.split(dialect.separator);
      if (blank > 0) throw new Error(`${file} line ${line - blank}: expected ${dialect.width} fields, got 1`);
      if (fields.length !== dialect.width)
        throw new Error(`${place}: expected ${dialect.width} fields, got ${fields.length}`);
      if (count === lines.length || count === MOST_ROWS) grow();
      const own = dialect.places.map((c) => fieldOf(fields[c]!, dialect));
      const { time, unit: name } = timeOf(own[0]!, latest, place);
      noteUnit(name, line);
      const hole = own.slice(1, 5).every((field) => NOTHING.test(field));
      if (hole) holes++;
      columns[0]![count] = time;
      for (let c = 1; c < own.length; c++)
        columns[c]![count] = hole ? Number.NaN : numberOf(own[c]!, c, place);
      lines[count++] = line;
    },
    rows(): Rows {
      const found =
        holes === 0 ? [] : [`${holes} ${holes === 1 ? "row" : "rows"} without prices left as holes`];
      return { count, columns, lines, notes: [...notes, ...found] };
    },
  };
}

function doubled<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function fieldOf(field: string, { decimalComma }: Dialect): string {
  const plain = unquoted(field);
  return decimalComma ? plain.replace(",", ".") : plain;
}

function numberOf(field: string, column: number, place: string): number {
  const value = NUMBER.test(field) ? Number(field) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new Error(
    `${place}: expected a finite number for ${NAMES[column]}, got "${field === "" ? "" : shortened(field)}"`,
  );
}

function timeOf(field: string, latest: number, place: string): { time: number; unit: string } {
  const [, day, clock = "00:00", seconds = ":00", zone = "Z"] = TIME.exec(field) ?? [];
  if (day !== undefined) {
    const time = Date.parse(`${day}T${clock}${seconds}${zone}`);
    if (unitOf(time, latest)?.name === "milliseconds" && isDay(day)) return { time, unit: "ISO 8601, UTC" };
    throw outside(place, field, Number.isNaN(time) ? undefined : time, latest);
  }
  const value = NUMBER.test(field) ? Number(field) : Number.NaN;
  if (!Number.isFinite(value))
    throw new Error(
      `${place}: expected a finite number for timestamp, got "${field === "" ? "" : shortened(field)}"`,
    );
  const unit = unitOf(value, latest);
  if (!unit) throw outside(place, field, value, latest);
  return { time: milliseconds(value, unit, place), unit: unit.name };
}

function milliseconds(value: number, { name, perMs }: TimeUnit, place: string): number {
  const time = value / perMs;
  const whole = Math.round(time);
  if (Math.abs(time - whole) < 1e-3) return whole; // nanoseconds of today are not exact in float64
  throw new Error(`${place}: expected whole milliseconds, got ${value} ${name}`);
}

/** Whether the calendar has the day: the 30th of February would be read as a day of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}

function outside(place: string, field: string, time: number | undefined, latest: number): Error {
  const read = time === undefined ? "" : `, which is ${isoOf(time)} in milliseconds`;
  return new Error(
    `${place}: expected a time from 2009 to ${isoOf(latest).slice(0, 16)}Z, got ${shortened(field)}${read}`,
  );
}
