/** Training, validation and test parts that follow one another in time and do not touch. */
import { checkCount, checkLength } from "../core/axes.js";

/** When each row was decided and when its target was known, UTC milliseconds; both [N]. */
export interface Timed {
  decidedAt: Float64Array;
  resolvedAt: Float64Array;
}

/** Shares of the decision times; they sum to 1, and validation may be 0. */
export interface Fractions {
  train: number;
  validation: number;
  test: number;
}

/** Row indices, ascending by time. */
export type Split = {
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
  /** Rows left out because their target was known only after the next part had begun. */
  purged: Uint32Array;
};

/**
 * Cuts rows by decision time: all rows of one time fall in one part, and no row of a part is resolved after the first decision
 * of the next part that has any.
 *
 * It leaves no embargo: features of a later part may reach back into the hours of the one before, as they do in life.
 * @throws RangeError when the fractions are no fractions, or there are too few times for the parts.
 */
export function splitByTime(rows: Timed, fractions: Fractions): Split {
  checkLength("resolvedAt", rows.resolvedAt, rows.decidedAt.length);
  checkFractions(fractions);
  const times = [...new Set(rows.decidedAt)].sort((a, b) => a - b);
  const endOfTrain = Math.round(times.length * fractions.train);
  const endOfValidation = Math.round(times.length * (fractions.train + fractions.validation));
  const bounds = [times[endOfTrain], times[endOfValidation]];
  if (endOfTrain === 0 || bounds[1] === undefined || (fractions.validation > 0 && bounds[0] === bounds[1])) {
    const shares = `${fractions.train}, ${fractions.validation} and ${fractions.test}`;
    throw new RangeError(`expected enough times for the parts, got ${times.length} for shares of ${shares}`);
  }
  const [validationStart, testStart] = bounds as [number, number];
  const parts = {
    train: [] as number[],
    validation: [] as number[],
    test: [] as number[],
    purged: [] as number[],
  };
  for (const i of byTime(rows.decidedAt)) {
    const decided = rows.decidedAt[i]!;
    const part = decided < validationStart ? "train" : decided < testStart ? "validation" : "test";
    const next = { train: validationStart, validation: testStart, test: Number.POSITIVE_INFINITY }[part];
    parts[rows.resolvedAt[i]! > next ? "purged" : part].push(i);
  }
  return {
    train: Uint32Array.from(parts.train),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
    purged: Uint32Array.from(parts.purged),
  };
}

function byTime(decidedAt: Float64Array): Uint32Array {
  const order = Uint32Array.from(decidedAt.keys());
  return order.sort((i, j) => decidedAt[i]! - decidedAt[j]! || i - j);
}

function checkFractions({ train, validation, test }: Fractions): void {
  const sound = train > 0 && validation >= 0 && test > 0 && Math.abs(train + validation + test - 1) < 1e-9;
  if (sound) return;
  throw new RangeError(`fractions: expected shares that sum to 1, got ${train}, ${validation}, ${test}`);
}

/**
 * Every `every`-th row of each asset, assets taking turns: all are there, whatever their number.
 *
 * Of rows in order of time and then asset, `rows.filter((_, i) => i % every === 0)` leaves one asset alone where `every` divides
 * their number.
 * @param rows   indices, ascending by time
 * @param asset  [N] of every row there is
 */
export function everyNth(rows: Uint32Array, every: number, asset: ArrayLike<number>): Uint32Array {
  checkCount("every", every);
  const counted = new Map<number, number>();
  return rows.filter((n) => {
    const own = asset[n]!;
    const k = counted.get(own) ?? 0;
    counted.set(own, k + 1);
    return (k + own) % every === 0;
  });
}
