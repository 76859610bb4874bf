/** Agreement of the dimensions that two trainings found, up to their order and sign. */
import { checkCount, checkLength, mean, variance } from "../../core/index.js";
import { rankCorrelation } from "../../prob/scores/index.js";
import { bestAssignment } from "../regimes/matching.js";
import type { Movement } from "../vae/traversal.js";

/** The latents of one model matched with those of a reference, on the same rows. */
export interface LatentAlignment {
  /** [K] the other model's dimension that is paired with each of the reference's; each at most once. */
  readonly dimension: Int32Array;
  /** [K] 1, or −1 where it runs the other way. */
  readonly sign: Int8Array;
  /** [K] |Spearman's ρ| of the pair; 0 where one of the two stands still. */
  readonly agreement: Float64Array;
}

/**
 * Pairs the dimensions of two models' latents of the same rows so that the sum of their absolute rank correlations is largest.
 *
 * The pairing is chosen on the same rows as the agreement is read from, so two unrelated models agree a little more than by
 * chance: align on early rows and read the
 * agreement of later ones.
 * @param reference  K columns [N]
 * @param other      K columns [N]
 * @throws RangeError when the numbers of columns or rows differ.
 */
export function alignLatents(
  reference: readonly Float64Array[],
  other: readonly Float64Array[],
): LatentAlignment {
  checkCount("reference: columns", reference.length);
  checkLength("other: columns", other, reference.length);
  const rho = reference.map((a) => Float64Array.from(other, (b) => dependence(a, b)));
  const dimension = bestAssignment(rho.map((row) => row.map(Math.abs)));
  const paired = Float64Array.from(dimension, (to, k) => rho[k]![to]!);
  return {
    dimension,
    sign: Int8Array.from(paired, (value) => (value < 0 ? -1 : 1)),
    agreement: paired.map(Math.abs),
  };
}

/** Columns [N] of the other model's latents in the order and with the signs of the reference, K of them. */
export function alignedColumns(alignment: LatentAlignment, other: readonly Float64Array[]): Float64Array[] {
  return Array.from(alignment.dimension, (to, k) =>
    Float64Array.from(other[to]!, (value) => alignment.sign[k]! * value),
  );
}

/** The latents of one model on the rows by which dimensions are paired, and on the later rows by which pairs are judged. */
export interface PairedSight {
  /** K columns [N] */
  readonly pairing: readonly Float64Array[];
  /** K columns [M] */
  readonly reading: readonly Float64Array[];
}

/** Variance of latent means at which a dimension counts as inactive. */
const INACTIVE = 0.01;

/**
 * Rank correlations of two models' dimensions on later rows, paired and signed on earlier ones: 1 where the dimensions come back,
 * 0 expected of unrelated ones.
 * @returns one number for each pair of which both have a variance above 0.01 on the later rows, [K] or fewer
 * @throws RangeError when the numbers of columns or rows differ.
 */
export function laterAgreement(reference: PairedSight, other: PairedSight): number[] {
  const alignment = alignLatents(reference.pairing, other.pairing);
  checkLength("other.reading: columns", other.reading, reference.reading.length);
  const paired = alignedColumns(alignment, other.reading);
  return reference.reading.flatMap((column, k) =>
    variance(column) > INACTIVE && variance(paired[k]!) > INACTIVE
      ? [rankCorrelation(column, paired[k]!)]
      : [],
  );
}

/** Agreement of latents over models. */
export interface LatentStability {
  /** [K] mean agreement of each dimension of the first model with all others. */
  readonly perDimension: Float64Array;
  /** Mean agreement over all pairs of models and all dimensions that live in both; NaN where no pair has one. */
  readonly overall: number;
}

/**
 * Stability of latents over seeds, or over periods of training: of M models' latents of the same rows.
 *
 * A high score says that the dimensions come back, not that they mean anything.
 * @param codes  M of K columns [N]
 * @throws RangeError when there are fewer than two models or their shapes differ.
 */
export function latentStability(codes: readonly (readonly Float64Array[])[]): LatentStability {
  checkCount("codes", codes.length, 2);
  const first = codes.slice(1).map((other) => alignLatents(codes[0]!, other).agreement);
  const pairs = codes.flatMap((a, i) => codes.slice(i + 1).map((b) => alignLatents(a, b).agreement));
  const alive = pairs.flatMap((agreement) => Array.from(agreement).filter((value) => value > 0));
  return {
    perDimension: Float64Array.from(codes[0]!, (_, k) => mean(first.map((agreement) => agreement[k]!))),
    overall: mean(alive),
  };
}

/**
 * Agreement of how paired dimensions move the readings: [K] cosine of their changes from end to end, 1 for the same meaning.
 *
 * A reading's changes are scaled by the largest of them, so that no unit weighs more than another; NaN for a dimension that moves
 * nothing.
 * @param a  of the reference, from `movements`
 * @param b  of the other model, with the same readings in the same order
 * @throws RangeError when the two are not of equal length, or a reading differs.
 */
export function traversalAgreement(
  a: readonly Movement[],
  b: readonly Movement[],
  { dimension, sign }: Pick<LatentAlignment, "dimension" | "sign">,
): Float64Array {
  checkLength("b", b, a.length);
  const readings = a.length / dimension.length;
  checkCount("readings", readings);
  a.forEach((one, i) => {
    if (one.reading !== b[i]!.reading)
      throw new RangeError(`b[${i}]: expected the reading ${one.reading}, got ${b[i]!.reading}`);
  });
  const [first, second] = [scaledChanges(a, readings), scaledChanges(b, readings)];
  return Float64Array.from(dimension, (to, k) => {
    const [u, v] = [first, second].map((all, i) => {
      const from = (i === 0 ? k : to) * readings;
      return all.subarray(from, from + readings);
    }) as [Float64Array, Float64Array];
    const product = (x: Float64Array, y: Float64Array) =>
      x.reduce((total, value, i) => total + value * y[i]!, 0);
    return (sign[k]! * product(u, v)) / Math.sqrt(product(u, u) * product(v, v));
  });
}

/** Changes from the first step to the last, by the largest of the same reading: [K, readings]. */
function scaledChanges(all: readonly Movement[], readings: number): Float64Array {
  const change = Float64Array.from(all, ({ from, to }) => to - from);
  const largest = Array.from({ length: readings }, (_, q) =>
    Math.max(...change.filter((_, i) => i % readings === q).map(Math.abs)),
  );
  return change.map((value, i) => (largest[i % readings]! > 0 ? value / largest[i % readings]! : 0));
}

function dependence(a: Float64Array, b: Float64Array): number {
  return variance(a) > 0 && variance(b) > 0 ? rankCorrelation(a, b) : 0;
}
