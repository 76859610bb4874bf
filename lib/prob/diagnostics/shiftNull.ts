/** The null distribution of a statistic of two series that each have a memory and know nothing of one another. */
import { checkCount, fold, type Key, mean, permutation, quantile, uniforms } from "../../core/index.js";

/** A layout of rows in time, and of their rearrangement. */
export interface ShiftLayout {
  /** Rows of each series, one series after the other (default: a single series). */
  readonly lengths?: readonly number[];
  /** Stretches of time that each series is cut into and that are dealt anew (default 1: a circular shift). */
  readonly blocks?: number;
}

/** Options of a null distribution by rearrangement. */
export interface ShiftOptions extends ShiftLayout {
  readonly key: Key;
  /** How many rearrangements; the smallest p-value is 1 / (replicates + 1). */
  readonly replicates: number;
}

/** A statistic beside what it is by chance. */
export type NullTest = {
  value: number;
  /** Share of the rearrangements, the data themselves counted with them, that reach the value: one-sided. */
  p: number;
  nullMean: number;
  /** 95 % and 99 % quantiles of the rearrangements. */
  null95: number;
  null99: number;
};

/**
 * An order of the rows [N] that keeps what is near in time near: entry i takes row order[i].
 *
 * Each series is turned on itself by the same random share of its length, then cut into blocks that are dealt in the same order
 * in all series, so what series of equal length have in common at a time stays common. Shuffling single rows would take
 * persistent labels for many independent ones and find everything significant. A turn by less than the memory nearly gives the
 * data back, so p-values of series of N rows with memory m do not fall far below 2 m / N: the price of being right.
 * @throws RangeError when the lengths do not add up to the rows, or a series has fewer than two rows or fewer than `blocks`.
 */
export function shiftedOrder(key: Key, rows: number, layout: ShiftLayout = {}): Uint32Array {
  const { lengths = [rows], blocks = 1 } = layout;
  checkCount("blocks", blocks);
  checkLengths(lengths, rows, Math.max(2, blocks));
  const [share] = uniforms(fold(key, "turn"), 1) as unknown as [number];
  const deal = permutation(fold(key, "deal"), blocks);
  const order = new Uint32Array(rows);
  let first = 0;
  let out = 0;
  for (const length of lengths) {
    const turn = 1 + Math.floor(share * (length - 1)); // 0 would be the data themselves
    for (const block of deal) {
      const end = Math.floor(((block + 1) * length) / blocks);
      for (let i = Math.floor((block * length) / blocks); i < end; i++)
        order[out++] = first + ((i + turn) % length);
    }
    first += length;
  }
  return order;
}

/**
 * Checks that `lengths` [series] are counts of at least `least` that add up to `rows`.
 * @throws RangeError that names the first length that is too small, or says both totals.
 */
export function checkLengths(lengths: readonly number[], rows: number, least: number): void {
  lengths.forEach((length, i) => {
    checkCount(`lengths[${i}]`, length, least);
  });
  const total = lengths.reduce((a, b) => a + b, 0);
  if (total !== rows) throw new RangeError(`lengths: expected a total of ${rows} rows, got ${total}`);
}

/**
 * The statistic of each rearrangement, [replicates]; the order [rows] that `statistic` gets must not be kept.
 * @throws RangeError as `shiftedOrder`, or when `replicates` is not a positive integer.
 */
export function shiftNull(
  rows: number,
  statistic: (order: Uint32Array) => number,
  options: ShiftOptions,
): Float64Array {
  checkCount("replicates", options.replicates);
  return Float64Array.from({ length: options.replicates }, (_, r) =>
    statistic(shiftedOrder(fold(options.key, r), rows, options)),
  );
}

/**
 * The value beside its null values [R]: larger is more remarkable; one that is less by the rounding of sums alone has reached it.
 */
export function againstNull(value: number, nulls: Float64Array): NullTest {
  const least = value - 1e-12 * Math.abs(value);
  const reached = nulls.reduce((count, by) => count + (by >= least ? 1 : 0), 0);
  return {
    value,
    p: (1 + reached) / (1 + nulls.length),
    nullMean: mean(nulls),
    null95: quantile(nulls, 0.95),
    null99: quantile(nulls, 0.99),
  };
}
