/** Numbers of rows averaged over the assets at each decision time, and their changes from one decision to the next. */
import { checkLength, checkPositive, mean } from "../../../core/index.js";
import type { RowPlaces } from "../barsOfRows.js";

/** Means over the assets. */
export interface DecisionMeans {
  /** [U] decision times, ascending, UTC milliseconds. */
  readonly time: Float64Array;
  /** C columns [U] */
  readonly columns: readonly Float64Array[];
}

/**
 * Means of C columns [N] over the rows of each decision time: where an equally weighted portfolio stands.
 * @throws RangeError naming the column that has not one value a row.
 */
export function decisionMeans(part: RowPlaces, columns: readonly Float64Array[]): DecisionMeans {
  checkColumns(columns, part.decidedAt.length);
  const rows = rowsByTime(part);
  const meansOf = (column: Float64Array) =>
    Float64Array.from(rows.values(), (own) => mean(own.map((n) => column[n]!)));
  return { time: Float64Array.from(rows.keys()), columns: columns.map(meansOf) };
}

/** Changes of means over the assets, and what the assets returned meanwhile. */
export interface DecisionChanges {
  /** [U] time of the decision from which the change is counted, UTC milliseconds. */
  readonly time: Float64Array;
  /** C columns [U] */
  readonly changes: readonly Float64Array[];
  /** A columns [U] of the rows' own returns. */
  readonly returns: readonly Float64Array[];
}

/**
 * Changes of C columns [N], averaged over the assets, from each decision to the next, beside each asset's return from the first on.
 *
 * A change is known only at the later decision. It is left out where an asset has no row at either time.
 * @param part     with the return [N] of each row
 * @param options  the columns, the number of assets, and the milliseconds from one decision to the next
 * @throws RangeError naming the column that has not one value a row, or when no two decisions follow one another.
 */
export function decisionChanges(
  part: RowPlaces & { readonly returns: Float64Array },
  options: { readonly columns: readonly Float64Array[]; readonly assets: number; readonly apart: number },
): DecisionChanges {
  const { columns, assets, apart } = options;
  checkPositive("apart", apart);
  checkLength("returns", part.returns, part.decidedAt.length);
  checkColumns(columns, part.decidedAt.length);
  const rows = rowsByTime(part);
  const pairs = [...rows].flatMap(([time, now]) => {
    const next = rows.get(time + apart);
    return now.length === assets && next?.length === assets ? [{ time, now, next }] : [];
  });
  if (pairs.length === 0)
    throw new RangeError(
      `part: expected two decisions ${apart} ms apart at which all ${assets} assets have a row, got none`,
    );
  const average = (column: Float64Array, own: readonly number[]) => mean(own.map((n) => column[n]!));
  return {
    time: Float64Array.from(pairs, ({ time }) => time),
    changes: columns.map((column) =>
      Float64Array.from(pairs, ({ now, next }) => average(column, next) - average(column, now)),
    ),
    returns: Array.from({ length: assets }, (_, a) =>
      Float64Array.from(pairs, ({ now }) => part.returns[now.find((n) => part.asset[n] === a)!]!),
    ),
  };
}

function checkColumns(columns: readonly Float64Array[], rows: number): void {
  columns.forEach((column, c) => {
    checkLength(`columns[${c}]`, column, rows);
  });
}

/** The rows of each decision time, times ascending. */
function rowsByTime({ decidedAt }: RowPlaces): Map<number, number[]> {
  const rows = new Map(
    Array.from(new Set(decidedAt).values())
      .sort((a, b) => a - b)
      .map((t) => [t, [] as number[]]),
  );
  decidedAt.forEach((time, n) => {
    rows.get(time)!.push(n);
  });
  return rows;
}
