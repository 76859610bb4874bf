/** Part of a part: the rows decided last. */
import { checkCount } from "../../core/index.js";
import type { DatasetPart } from "./dataset.js";

/**
 * The last `rows` rows of a part whose rows follow one another in time, such as to train on less history with the same scaling.
 * @throws RangeError when `rows` is not positive or the part has fewer.
 */
export function latestRows(part: DatasetPart, rows: number): DatasetPart {
  checkCount("rows", rows);
  if (rows > part.rows) throw new RangeError(`rows: expected at most ${part.rows}, got ${rows}`);
  const from = part.rows - rows;
  const [inputs, targets] = [part.x.length / part.rows, part.y.length / part.rows];
  return {
    rows,
    x: part.x.slice(from * inputs),
    y: part.y.slice(from * targets),
    asset: part.asset.slice(from),
    decidedAt: part.decidedAt.slice(from),
    resolvedAt: part.resolvedAt.slice(from),
    returns: part.returns.slice(from),
  };
}
