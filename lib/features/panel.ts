/** Named columns over time. */
import { checkLength } from "../core/axes.js";
import type { Panel } from "../core/types.js";

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
