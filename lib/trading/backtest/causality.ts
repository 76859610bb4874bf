/** A trap for look-ahead: change the future, and no value of the past may move. */
import { checkCount, checkLength, fold, type Key, normals, permutation, stream } from "../../core/index.js";

/** A signal as a function of whole columns: bar t of what it returns is what it says at the close of bar t. */
export type SignalOf = (columns: readonly Float64Array[]) => Float64Array;

/** A value of the past that moved with the future. */
export interface LookAhead {
  /** The first bar whose value moved. */
  readonly bar: number;
  /** The first bar that was changed, later than `bar`. */
  readonly changedFrom: number;
  readonly before: number;
  readonly after: number;
}

/** Options of `findLookAhead`. */
export interface CausalityOptions {
  readonly key: Key;
  /** How many times the future is changed, each from another bar on; each costs one computation of the signal. */
  readonly cuts: number;
}

/**
 * The first place where a signal looks ahead, or undefined where no cut shows that it does.
 *
 * From the cut on, bars trade places and are rescaled: each stays whole, so that a high remains above its low and a price above
 * zero. Values before the cut are compared bit for bit. Finding nothing is no proof: a signal that seldom changes, or that looks
 * ahead at few bars, needs many cuts; a column of times has no place here, since it would lose its order.
 * @param signalOf  deterministic: [T] columns to [T] values; it may return NaN, and gets copies that it may change
 * @param columns   each [T], such as open, high, low, close, volume
 * @throws RangeError when columns or results differ in length, there are fewer bars than cuts + 1, or the same columns give
 *   different values twice.
 */
export function findLookAhead(
  signalOf: SignalOf,
  columns: readonly Float64Array[],
  { key, cuts }: CausalityOptions,
): LookAhead | undefined {
  const length = checkColumns(columns, cuts);
  const evaluate = (input: readonly Float64Array[]): Float64Array => {
    const values = signalOf(input);
    checkLength("signal", values, length);
    return values.slice();
  };
  const copies = (): Float64Array[] => columns.map((column) => column.slice());
  const original = evaluate(copies());
  const random = firstMoved(original, evaluate(copies()), length);
  if (random >= 0) {
    throw new RangeError(
      `signal at bar ${random}: expected the same value for the same columns, got ${original[random]} and another`,
    );
  }
  const positions = stream(fold(key, "cuts"));
  for (let c = 0; c < cuts; c++) {
    const cut = 1 + Math.floor(((c + positions.uniform()) / cuts) * (length - 1)); // one in each of equal parts
    const changed = evaluate(withChangedFuture(columns, cut, fold(key, c)));
    const bar = firstMoved(original, changed, cut);
    if (bar >= 0) return { bar, changedFrom: cut, before: original[bar]!, after: changed[bar]! };
  }
  return undefined;
}

/** Copies of the columns whose rows from `cut` on are in another order, each multiplied by a factor near 1. */
function withChangedFuture(columns: readonly Float64Array[], cut: number, key: Key): Float64Array[] {
  const count = columns[0]!.length - cut;
  const order = permutation(fold(key, "order"), count);
  const factor = normals(fold(key, "factor"), count).map((z) => Math.exp(0.1 * z));
  return columns.map((column) => {
    const changed = column.slice();
    for (let i = 0; i < count; i++) changed[cut + i] = column[cut + order[i]!]! * factor[i]!;
    return changed;
  });
}

/** The first of `count` entries that differ in any bit, NaN being equal to itself; −1 where none does. */
function firstMoved(a: Float64Array, b: Float64Array, count: number): number {
  for (let t = 0; t < count; t++) if (!Object.is(a[t], b[t])) return t;
  return -1;
}

function checkColumns(columns: readonly Float64Array[], cuts: number): number {
  checkCount("number of columns", columns.length);
  checkCount("cuts", cuts);
  const length = columns[0]!.length;
  columns.forEach((column, c) => {
    checkLength(`columns[${c}]`, column, length);
  });
  if (length < cuts + 1)
    throw new RangeError(`columns: expected at least ${cuts + 1} bars for ${cuts} cuts, got ${length}`);
  return length;
}
