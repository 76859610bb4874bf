/** Named columns over time. */

import type { Panel } from "../core/index.js";
import { checkLength } from "../core/index.js";

/**
 * A panel of the given columns, in the order in which they are named.
 * @param time     [T] when each row is known, UTC milliseconds
 * @param columns  each [T]
 * @throws RangeError when a column has another length than `time`.
 */
export function makePanel(time: Float64Array, columns: Readonly<Record<string, ArrayLike<number>>>): Panel {
  const names = Object.keys(columns);
  const values = new Float64Array(time.length * names.length);
  names.forEach((name, f) => {
    const column = columns[name]!;
    checkLength(name, column, time.length);
    for (let t = 0; t < time.length; t++) values[t * names.length + f] = column[t]!;
  });
  return { time: time.slice(), names, values };
}

/**
 * A copy of the column `name`, [T].
 * @throws RangeError when the panel has no such column.
 */
export function column(panel: Panel, name: string): Float64Array {
  const f = panel.names.indexOf(name);
  if (f < 0) throw new RangeError(`expected a column of ${panel.names.join(", ")}, got ${name}`);
  return panel.time.map((_, t) => panel.values[t * panel.names.length + f]!);
}

/**
 * The rows of a panel at the given times [N], in their order, copied: a panel [N,F].
 * @throws RangeError when a time is not in the panel.
 */
export function rowsAt({ time, names, values }: Panel, times: ArrayLike<number>): Panel {
  const width = names.length;
  const rowOf = new Map(Array.from(time, (at, row) => [at, row]));
  const out = new Float64Array(times.length * width);
  for (let n = 0; n < times.length; n++) {
    const row = rowOf.get(times[n]!);
    if (row === undefined) throw new RangeError(`times[${n}]: expected a time of the panel, got ${times[n]}`);
    out.set(values.subarray(row * width, (row + 1) * width), n * width);
  }
  return { time: Float64Array.from(times), names, values: out };
}

/** The last row known at a time, by name: NaN in every column where there is none. */
export function latestRow({ time, names, values }: Panel, at: number): Record<string, number> {
  const row = time.reduce((last, known, t) => (known <= at ? t : last), -1);
  return Object.fromEntries(
    names.map((name, f) => [name, row < 0 ? Number.NaN : values[row * names.length + f]!]),
  );
}

/**
 * The rows of a panel whose every value is finite, copied: what an estimator that takes no NaN is given.
 *
 * Rows that were apart stand side by side afterwards; `time` says which they are. Nothing is filled.
 * @throws RangeError when no row is whole.
 */
export function wholeRows({ time, names, values }: Panel): Panel {
  const width = names.length;
  const rowOf = (t: number): Float64Array => values.subarray(t * width, (t + 1) * width);
  const whole = Array.from(time.keys()).filter((t) => rowOf(t).every(Number.isFinite));
  if (whole.length === 0)
    throw new RangeError(`rows: expected one in which ${names.join(", ")} are all finite, got none`);
  const kept = new Float64Array(whole.length * width);
  whole.forEach((t, i) => {
    kept.set(rowOf(t), i * width);
  });
  return { time: Float64Array.from(whole, (t) => time[t]!), names, values: kept };
}

/** Rows `from` … `to` − 1 of a panel, copied; negative positions count from the end. */
export function panelRows({ time, names, values }: Panel, from: number, to = time.length): Panel {
  const place = (at: number) => (at < 0 ? Math.max(0, time.length + at) : at);
  const [first, last] = [place(from), place(to)];
  return {
    ...{ time: time.slice(first, last), names },
    values: values.slice(first * names.length, last * names.length),
  };
}
