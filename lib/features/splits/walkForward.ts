/** Training and test parts that move through time as life would have had them. */
import { checkFinite, checkLength } from "../../core/index.js";
import { countBefore } from "../../market/index.js";
import type { Timed } from "./split.js";

/** All in milliseconds. */
export interface WalkForwardOptions {
  /** Length of the training part; "all" takes everything before. */
  readonly train: number | "all";
  readonly test: number;
  /** Least time between the resolution of a training row and the first decision of the test. */
  readonly purge: number;
  /** Time after a test part whose rows no later training part takes. */
  readonly embargo: number;
  /** Shortest training part before the first test; default `train`; it must be given with "all". */
  readonly least?: number;
}

/** Rows to train on, all known before the first decision of the rows to test on; ascending by time. */
export interface ForwardFold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** The first decision of the test part, UTC milliseconds. */
  readonly from: number;
}

/**
 * Test parts of equal length one after the other, each with the training rows that were resolved in time.
 *
 * The last part may be shorter. Training windows may reach back into an earlier test part after its embargo: it is past by then.
 * A row with no finite `resolvedAt` is never trained on.
 * @throws RangeError when a length is not positive, a decision has no finite time, or there is no room for one test part.
 */
export function walkForward(rows: Timed, options: WalkForwardOptions): readonly ForwardFold[] {
  const { train, test, purge, embargo } = options;
  checkLength("resolvedAt", rows.resolvedAt, rows.decidedAt.length);
  const least = options.least ?? (train === "all" ? Number.NaN : train);
  for (const [name, value] of Object.entries({ test, least }))
    if (!(value > 0)) throw new RangeError(`${name}: expected a positive time in milliseconds, got ${value}`);
  for (const [name, value] of Object.entries({ purge, embargo }))
    if (!(value >= 0)) throw new RangeError(`${name}: expected a time of at least 0 ms, got ${value}`);
  checkFinite("decidedAt", rows.decidedAt);
  const order = Uint32Array.from(rows.decidedAt.keys()).sort(
    (i, j) => rows.decidedAt[i]! - rows.decidedAt[j]! || i - j,
  );
  const times = Float64Array.from(order, (n) => rows.decidedAt[n]!);
  const embargoed = new Uint8Array(order.length); // by place in time
  const folds: ForwardFold[] = [];
  for (let from = times[0]! + least; from <= times.at(-1)!; from += test) {
    const earliest = train === "all" ? 0 : countBefore(times, from - train);
    const [begin, end] = [countBefore(times, from), countBefore(times, from + test)];
    const past = order
      .subarray(earliest, begin)
      .filter((n, i) => !embargoed[earliest + i] && rows.resolvedAt[n]! + purge <= from);
    if (past.length === 0 || begin === end) continue;
    folds.push({ train: past, test: order.slice(begin, end), from });
    embargoed.fill(1, end, countBefore(times, from + test + embargo));
  }
  if (folds.length === 0)
    throw new RangeError("walkForward: expected room for a training and a test part, got none");
  return folds;
}
