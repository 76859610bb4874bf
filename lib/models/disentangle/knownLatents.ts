/** Latents of which the scores are known beforehand: correlated, mixed, and turned together with their decoder. */
import {
  checkCount,
  checkLength,
  checkPositive,
  fold,
  fromRows,
  integers,
  type Key,
  Matrix,
  mean,
  normals,
  standardDeviation,
} from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import type { DiagonalGaussians } from "../../prob/distributions/index.js";
import type { Vae } from "../vae/vae.js";

/**
 * Posteriors of two latents, [N,2] each, whose aggregate over many rows is a Gaussian of variances 1.
 *
 * The means have variance 1 − posteriorVar and the correlation given; so the aggregate's is (1 − posteriorVar) · correlation.
 * `posteriorVar` is the variance of every row's posterior, below 1.
 * @throws RangeError when there is no row, the variance is not in (0, 1), or the correlation not in [−1, 1].
 */
export function correlatedLatents(
  key: Key,
  rows: number,
  { correlation, posteriorVar }: { readonly correlation: number; readonly posteriorVar: number },
): DiagonalGaussians {
  checkCount("rows", rows);
  if (!(posteriorVar > 0 && posteriorVar < 1))
    throw new RangeError(`posteriorVar: expected a number in (0, 1), got ${posteriorVar}`);
  if (!(Math.abs(correlation) <= 1))
    throw new RangeError(`correlation: expected a number in [−1, 1], got ${correlation}`);
  const mean = normals(key, 2 * rows);
  const rest = Math.sqrt(1 - correlation ** 2);
  for (let i = 1; i < mean.length; i += 2) mean[i] = correlation * mean[i - 1]! + rest * mean[i]!;
  return {
    ...{ rows, latents: 2, mean: mean.map((value) => Math.sqrt(1 - posteriorVar) * value) },
    logVar: new Float64Array(2 * rows).fill(Math.log(posteriorVar)),
  };
}

/**
 * Columns made of others: M columns [N], each a row of `mixing` [M,K] times the K columns.
 * @throws RangeError when a row of `mixing` has not one number for each column, or columns differ in length.
 */
export function mixedColumns(
  columns: readonly Float64Array[],
  mixing: readonly (readonly number[])[],
): Float64Array[] {
  checkCount("columns", columns.length);
  for (const [k, column] of columns.entries()) checkLength(`columns[${k}]`, column, columns[0]!.length);
  return mixing.map((row, m) => {
    checkLength(`mixing[${m}]`, row, columns.length);
    return columns[0]!.map((_, n) => row.reduce((total, weight, k) => total + weight * columns[k]![n]!, 0));
  });
}

/** Four sets of latents [N] of four factors, of which every score of disentanglement can be said beforehand. */
export type KnownLatents = {
  /** The factors, and two dimensions that hardly vary. */
  readonly factors: readonly Float64Array[];
  /** The factors rotated: each dimension is half a sum of all four, with signs. */
  readonly rotated: readonly Float64Array[];
  /** Four dimensions that know nothing of the factors. */
  readonly noise: readonly Float64Array[];
  /** Every factor in two dimensions, the second with a little noise. */
  readonly twice: readonly Float64Array[];
};

/** Orthogonal: a Hadamard matrix over two. */
const HALVES = [
  [1, 1, 1, 1],
  [1, -1, 1, -1],
  [1, 1, -1, -1],
  [1, -1, -1, 1],
].map((row) => row.map((sign) => sign / 2));

/**
 * Made-up latents of four known factors: the factors themselves, rotated, replaced by noise, and held twice.
 * @param factors  4 columns [N], independent and of variance 1
 * @throws RangeError when there are not four columns of one length.
 */
export function knownLatents(key: Key, factors: readonly Float64Array[]): KnownLatents {
  checkLength("factors", factors, HALVES.length);
  const rotated = mixedColumns(factors, HALVES);
  const fresh = (name: string, k: number) => normals(fold(key, name, k), factors[0]!.length);
  const idle = [0, 1].map((k) => fresh("idle", k).map((value) => 0.01 * value));
  const twins = factors.map((factor, k) => {
    const own = fresh("twin", k);
    return factor.map((value, n) => value + 0.05 * own[n]!);
  });
  return {
    factors: [...factors, ...idle],
    rotated,
    noise: factors.map((_, k) => fresh("noise", k)),
    twice: [...factors, ...twins],
  };
}

/** Rows that are linear in three causes. */
export type LinearCauses = {
  /** [N,6] */
  readonly x: Float32Array;
  /** [6,3] orthonormal columns: what each cause does to a row. */
  readonly basis: Matrix;
  /** 3 columns [N] of integer levels, independent, with 3, 4 and 5 of them. */
  readonly factors: readonly Int32Array[];
};

const [HALF, ROOT] = [0.5, Math.SQRT1_2];
const BASIS = [[ROOT, ROOT, 0], [ROOT, -ROOT, 0], ...Array.from({ length: 4 }, () => [0, 0, HALF])];

/**
 * Rows [N,6] made of three independent causes: basis [6,3] · standardised levels + noise of standard deviation 0.03.
 * @throws RangeError when there are fewer than two rows.
 */
export function linearCauses(key: Key, rows: number): LinearCauses {
  checkCount("rows", rows, 2);
  const factors = [3, 4, 5].map((levels) =>
    Int32Array.from(integers(fold(key, "levels", levels), rows, levels)),
  );
  const unit = factors.map((levels) => {
    const [centre, spread] = [mean(levels), standardDeviation(levels)];
    return Float64Array.from(levels, (level) => (level - centre) / spread);
  });
  const inputs = BASIS.length;
  const noise = normals(fold(key, "hum"), rows * inputs);
  const x = Float32Array.from(noise, (e, i) => {
    const row = Math.floor(i / inputs);
    return 0.03 * e + BASIS[i % inputs]!.reduce((total, weight, k) => total + weight * unit[k]![row]!, 0);
  });
  return { x, basis: fromRows(BASIS), factors };
}

/**
 * Weights of a linear autoencoder that reads z = turn · basisᵀ x and writes basis · turnᵀ z, with one posterior variance.
 *
 * For an orthogonal `turn` the bound of every row is the same, whichever it is: that is why it cannot choose axes.
 * @param model    a `vae` with a linear encoder, D inputs and K latents
 * @param options.basis  [D,K]
 * @param options.turn   [K,K]; default none
 * @throws RangeError when a size does not fit the model, the variance is not positive, or the model is not linear.
 */
export function linearWeights(
  model: Vae,
  options: { readonly basis: Matrix; readonly turn?: Matrix; readonly posteriorVar: number },
): Weights {
  const { basis, posteriorVar, turn = Matrix.eye(model.latents, model.latents) } = options;
  checkPositive("posteriorVar", posteriorVar);
  checkLength("basis: columns", { length: basis.columns }, model.latents);
  checkLength("turn: rows", { length: turn.rows }, model.latents);
  const read = basis.mmul(turn.transpose());
  const silent = new Array<number>(model.latents).fill(0);
  const values: Readonly<Record<string, readonly number[]>> = {
    "codes/weight": read.to2DArray().flatMap((row) => [...row, ...silent]),
    "codes/bias": [...silent, ...silent.map(() => Math.log(posteriorVar))],
    "decoder/out/weight": read.transpose().to1DArray(),
    "decoder/out/bias": new Array<number>(basis.rows).fill(0),
  };
  const parameters = model.parameters.flatMap(({ name, shape }) => {
    const given = values[name];
    if (!given) throw new RangeError(`model: expected a linear encoder and decoder, got a parameter ${name}`);
    checkLength(
      name,
      given,
      shape.reduce((size, axis) => size * axis, 1),
    );
    return given;
  });
  return { replicas: 1, parameters: Float32Array.from(parameters), buffers: new Float32Array(0) };
}
