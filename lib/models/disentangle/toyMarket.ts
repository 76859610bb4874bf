/** A market of twelve observables made from four hidden factors that are known: a referee for scores of disentanglement. */
import { checkCount, checkPositive, fold, type Key, normals } from "../../core/index.js";
import { latentColumns } from "./labelledLatents.js";

/** Rows of known factors and their observables. */
export interface ToyMarket {
  /** N */
  readonly rows: number;
  /** [N,12] standardised observables. */
  readonly x: Float32Array;
  /** 4 columns [N], independent N(0, 1). */
  readonly factors: readonly Float64Array[];
}

export const TOY_FACTORS = ["trend", "volatility", "volume", "spread"] as const;
/** D */
export const TOY_INPUTS = 12;
/** Share of an observable that its second factor brings, and standard deviation of the noise. */
const LEAK = 0.25;
const NOISE = 0.14;

/** One a factor. */
export type ToyStrengths = readonly [number, number, number, number];

/**
 * Four independent factors, each seen in three observables, straight, saturated and skewed; each observable also leaks a share of
 * another factor. Rows are independent.
 *
 * Where all strengths are equal no rotation of the factors is favoured, and no score is high without labels.
 * @param strengths  standard deviation that each factor gives to its observables
 * @throws RangeError when there are fewer than two rows or a strength is not positive.
 * @see Locatello et al. 2019, theorem 1
 */
export function toyMarket(key: Key, rows: number, strengths: ToyStrengths): ToyMarket {
  checkCount("rows", rows, 2);
  strengths.forEach((strength, f) => {
    checkPositive(`strengths[${f}]`, strength);
  });
  const count = TOY_FACTORS.length;
  const hidden = normals(fold(key, "factors"), rows * count);
  const noise = normals(fold(key, "noise"), rows * TOY_INPUTS);
  const x = Float32Array.from(noise, (e, i) => {
    const [row, d] = [Math.floor(i / TOY_INPUTS), i % TOY_INPUTS];
    const factor = (f: number) => hidden[row * count + (f % count)]!;
    const own = Math.floor(d / 3);
    const leaked = factor(own + 1 + (d % 3)); // each of the three leaks another factor
    const mixed = Math.sqrt(1 - LEAK ** 2) * factor(own) + LEAK * leaked;
    return strengths[own]! * shapes[d % 3]!(mixed) + NOISE * e;
  });
  return { rows, x, factors: latentColumns(hidden, count) };
}

/** Straight, saturated, skewed: each of mean 0 and variance about 1 under N(0, 1). */
const shapes: readonly ((value: number) => number)[] = [
  (v) => v,
  (v) => Math.tanh(v) / 0.628,
  (v) => (v + 0.2 * (v * v - 1)) / 1.039,
];
