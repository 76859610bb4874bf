/** The two halves of a part in time. */
import { median } from "../../../core/index.js";
import type { DatasetPart } from "../dataset.js";

/**
 * The rows of a part decided before the median of its decision times, and the others, each in the order of the part.
 *
 * Windows and targets near the cut overlap: leave rows out where the second half must know nothing of the first.
 * @throws RangeError when all rows are decided at one time.
 */
export function halves(part: DatasetPart): readonly [DatasetPart, DatasetPart] {
  const cut = median(part.decidedAt);
  const rows = Array.from(part.decidedAt.keys());
  const early = rows.filter((n) => part.decidedAt[n]! < cut);
  const late = rows.filter((n) => part.decidedAt[n]! >= cut);
  if (early.length === 0)
    throw new RangeError(`part: expected at least two decision times, got ${new Set(part.decidedAt).size}`);
  return [takeRowsOf(part, early), takeRowsOf(part, late)];
}

/** The rows [M] of a part, copied. */
function takeRowsOf(part: DatasetPart, rows: readonly number[]): DatasetPart {
  const pick = (values: Float32Array): Float32Array => {
    const size = values.length / part.rows;
    const out = new Float32Array(rows.length * size);
    rows.forEach((n, i) => {
      out.set(values.subarray(n * size, (n + 1) * size), i * size);
    });
    return out;
  };
  return {
    rows: rows.length,
    x: pick(part.x),
    y: pick(part.y),
    asset: Uint16Array.from(rows, (n) => part.asset[n]!),
    decidedAt: Float64Array.from(rows, (n) => part.decidedAt[n]!),
    resolvedAt: Float64Array.from(rows, (n) => part.resolvedAt[n]!),
    returns: Float64Array.from(rows, (n) => part.returns[n]!),
  };
}
