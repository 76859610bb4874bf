/** Windows from regimes that are known, to see whether a method finds them. */
import { checkCount, checkLength, fold, integers, type Key, normals } from "../../core/index.js";

/** Settings of `plantedRegimes`: windows, regimes and how long one lasts. */
export interface PlantedOptions {
  /** N windows. */
  readonly rows: number;
  /** H hours of a window. */
  readonly hours: number;
  /** Windows until the next regime is drawn; N is a multiple of it. */
  readonly lasting: number;
  /** [C] mean of an hour's return in each regime. */
  readonly drift: readonly number[];
  /** [C] standard deviation of an hour's return in each regime. */
  readonly volatility: readonly number[];
  readonly key: Key;
}

/** Planted windows and the regime of each. */
export interface PlantedRegimes {
  /** [N,H,2] return and log(|return| + 0.1) of each hour. */
  readonly x: Float32Array;
  /** [N] */
  readonly regime: Uint8Array;
}

/**
 * Windows of independent normal returns whose mean and standard deviation are those of a regime that lasts for some windows.
 * @throws RangeError when a count is not positive, N is not a multiple of `lasting`, or drifts and volatilities differ in number.
 */
export function plantedRegimes(options: PlantedOptions): PlantedRegimes {
  const { rows, hours, lasting, drift, volatility, key } = options;
  checkCount("lasting", lasting);
  checkCount("rows", rows);
  checkCount("hours", hours);
  if (rows % lasting !== 0) throw new RangeError(`rows: expected a multiple of ${lasting}, got ${rows}`);
  checkLength("volatility", volatility, drift.length);
  const drawn = integers(fold(key, "stretches"), rows / lasting, drift.length);
  const regime = Uint8Array.from({ length: rows }, (_, n) => drawn[Math.floor(n / lasting)]!);
  const shocks = normals(fold(key, "returns"), rows * hours);
  const x = new Float32Array(2 * rows * hours);
  shocks.forEach((shock, i) => {
    const own = regime[Math.floor(i / hours)]!;
    const value = drift[own]! + volatility[own]! * shock;
    x[2 * i] = value;
    x[2 * i + 1] = Math.log(Math.abs(value) + 0.1);
  });
  return { x, regime };
}
