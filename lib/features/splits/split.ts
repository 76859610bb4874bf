/** Training, validation and test parts that follow one another in time and do not touch. */
import { checkCount, checkLength } from "../../core/index.js";

/** Times at which each row was decided and its target was known, UTC milliseconds; both [N]. */
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

/** The same with a part to calibrate on, between validation and test. */
export interface CalibratedFractions extends Fractions {
  calibration: number;
}

/** Row indices, ascending by time. */
export type Split = {
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
  /** Rows left out because their target was known only after the next part had begun. */
  purged: Uint32Array;
};

/** With rows that chose nothing, so that conformal widths and temperatures of a chosen model are learnt on rows new to it. */
export type CalibratedSplit = Split & { calibration: Uint32Array };

const ORDER = ["train", "validation", "calibration", "test"] as const;

/**
 * The rows of each part, [N] indices, cut by decision time: all rows of one time fall in one part, and no row of a part is resolved after
 * the first decision of the next part that has any.
 *
 * With a share for calibration that part lies between validation and test: what the validation part has chosen must be calibrated on
 * rows that it has not seen. It leaves no embargo: features of a later part may reach back into the hours of the one before, as they
 * do in life.
 * @throws RangeError when the fractions are no fractions, or there are too few times for the parts.
 */
export function splitByTime(rows: Timed, fractions: CalibratedFractions): CalibratedSplit;
export function splitByTime(rows: Timed, fractions: Fractions): Split;
export function splitByTime(
  rows: Timed,
  fractions: Fractions & Partial<CalibratedFractions>,
): Split & Partial<CalibratedSplit> {
  checkLength("resolvedAt", rows.resolvedAt, rows.decidedAt.length);
  checkFractions(fractions);
  const parts = ORDER.filter((part) => fractions[part] !== undefined);
  const times = [...new Set(rows.decidedAt)].sort((a, b) => a - b);
  const starts = startsOf(times, parts, fractions);
  const found: Record<string, number[]> = {
    ...Object.fromEntries(parts.map((part) => [part, []])),
    purged: [],
  };
  for (const i of byTime(rows.decidedAt)) {
    const at = starts.filter((start) => rows.decidedAt[i]! >= start).length - 1;
    const next = starts[at + 1] ?? Number.POSITIVE_INFINITY;
    found[rows.resolvedAt[i]! > next ? "purged" : parts[at]!]!.push(i);
  }
  return Object.fromEntries(
    Object.entries(found).map(([part, own]) => [part, Uint32Array.from(own)]),
  ) as unknown as Split & Partial<CalibratedSplit>;
}

/** The first decision of each part; a part without a share begins where the next does. */
function startsOf(
  times: readonly number[],
  parts: readonly (typeof ORDER)[number][],
  fractions: Fractions & Partial<CalibratedFractions>,
): number[] {
  let share = 0;
  const ends = parts.map((part) => {
    share += fractions[part]!;
    return Math.round(times.length * share);
  });
  const starts = [0, ...ends.slice(0, -1)];
  if (parts.some((part, k) => fractions[part]! > 0 && !(starts[k]! < ends[k]!)))
    throw new RangeError(
      `expected enough times for the parts, got ${times.length} for shares of ${parts.map((part) => fractions[part]).join(", ")}`,
    );
  return starts.map((at) => times[at]!);
}

function byTime(decidedAt: Float64Array): Uint32Array {
  const order = Uint32Array.from(decidedAt.keys());
  return order.sort((i, j) => decidedAt[i]! - decidedAt[j]! || i - j);
}

function checkFractions(fractions: Fractions & Partial<CalibratedFractions>): void {
  const { train, validation, calibration = Number.NaN, test } = fractions;
  const calibrated = fractions.calibration !== undefined;
  const total = train + validation + (calibrated ? calibration : 0) + test;
  const sound = train > 0 && validation >= 0 && test > 0 && (!calibrated || calibration > 0);
  if (sound && Math.abs(total - 1) < 1e-9) return;
  const shares = [train, validation, ...(calibrated ? [calibration] : []), test];
  throw new RangeError(`fractions: expected shares that sum to 1, got ${shares.join(", ")}`);
}

/**
 * Every `every`-th row of each asset, assets taking turns: all are there, whatever their number.
 *
 * Of rows in order of time and then asset, `rows.filter((_, i) => i % every === 0)` leaves one asset alone where `every` divides
 * their number.
 * @param rows   indices, ascending by time
 * @param asset  [N] of every row there is
 * @throws RangeError when `every` is not a positive integer.
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
