/** Parts of a data set: how they differ, and a stretch of one of them. */
import { standardDeviation } from "../../../core/index.js";
import type { DatasetPart } from "../dataset.js";

/** A part of a data set, a row of a table. */
export type PartRow = {
  readonly part: string;
  readonly rows: number;
  /** Standard deviation of the returns, basis points. */
  readonly deviation: number;
};

type Returns = Pick<DatasetPart, "rows" | "returns">;

/** Rows and scatter of the returns [N] of the training, the validation and the test part, in this order. */
export function partTable(data: {
  readonly train: Returns;
  readonly validation: Returns;
  readonly test: Returns;
}): PartRow[] {
  const parts = { training: data.train, validation: data.validation, test: data.test };
  return Object.entries(parts).map(([part, { rows, returns }]) => ({
    ...{ part, rows, deviation: 1e4 * standardDeviation(returns) },
  }));
}

/** A stretch of time, UTC milliseconds: `from` is included, `until` is not. */
export type TimeSpan = { readonly from: number; readonly until: number };

/**
 * The times between two fractions of a part's rows [N], such as 0.25 and 0.4.
 * @throws RangeError unless 0 ≤ from < until < 1, or when there are too few rows to tell them apart.
 */
export function spanOf(
  { decidedAt, rows }: Pick<DatasetPart, "decidedAt" | "rows">,
  from: number,
  until: number,
): TimeSpan {
  if (!(from >= 0 && until > from && until < 1))
    throw new RangeError(`span: expected 0 ≤ from < until < 1, got ${from} and ${until}`);
  const at = (fraction: number) => decidedAt[Math.floor(fraction * rows)]!;
  const span = { from: at(from), until: at(until) };
  if (!(span.until > span.from))
    throw new RangeError(`span: expected rows between ${from} and ${until}, got ${rows} rows in all`);
  return span;
}
