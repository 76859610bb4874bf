/** Rows made for a question: one input moved, all others as usual. */
import { checkCount } from "../../../core/index.js";
import type { Dataset, DatasetPart } from "../dataset.js";

/** A row for each value, without targets: what a trained model predicts from, and nothing that it could be scored on. */
export type AlongInput = Pick<DatasetPart, "rows" | "x" | "y" | "asset" | "decidedAt">;

/**
 * One row for each value of one scaled input, the same in all bars of the window; the other inputs stay at 0, their mean over the training
 * part. The rows are those of the first asset at the first decision of the test part, and their targets are zero.
 * @param input   of `data.columns`
 * @param values  [N], in standard deviations of the training part
 * @returns N rows: `x` [N, length, columns]
 * @throws RangeError naming an input that the data do not have, with those that they have, or when there is no value.
 */
export function alongInput(
  data: Pick<Dataset, "columns" | "length" | "test">,
  input: string,
  values: ArrayLike<number>,
): AlongInput {
  const { columns, length, test } = data;
  const rows = values.length;
  checkCount("values", rows);
  const column = columns.indexOf(input);
  if (column < 0) throw new RangeError(`input ${input}: expected one of ${columns.join(", ")}`);
  const x = new Float32Array(rows * length * columns.length);
  for (let n = 0; n < rows; n++)
    for (let t = 0; t < length; t++) x[(n * length + t) * columns.length + column] = values[n]!;
  const targets = test.y.length / test.rows;
  return {
    ...{ rows, x, y: new Float32Array(rows * targets), asset: new Uint16Array(rows) },
    decidedAt: new Float64Array(rows).fill(test.decidedAt[0]!),
  };
}
