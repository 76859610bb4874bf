/** Features as they stand in the last row of each window. */
import { checkLength } from "../../core/index.js";
import type { Dataset, DatasetPart } from "./dataset.js";

/**
 * Scaled values of some features in the last row of each window of a part, [N,F] row-major.
 * @param names  [F] of `data.columns`, in the order wanted
 * @throws RangeError naming a feature that the data do not have, with those that they have.
 */
export function lastValues(
  { columns, length }: Pick<Dataset, "columns" | "length">,
  part: Pick<DatasetPart, "x" | "rows">,
  names: readonly string[],
): Float64Array {
  checkLength("part.x", part.x, part.rows * length * columns.length);
  const at = names.map((name) => {
    const column = columns.indexOf(name);
    if (column < 0) throw new RangeError(`feature ${name}: expected one of ${columns.join(", ")}`);
    return column;
  });
  const out = new Float64Array(part.rows * names.length);
  for (let n = 0; n < part.rows; n++) {
    const lastRow = ((n + 1) * length - 1) * columns.length;
    at.forEach((column, f) => {
      out[n * names.length + f] = part.x[lastRow + column]!;
    });
  }
  return out;
}
