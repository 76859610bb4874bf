/** Portfolios with a planted structure, and a market to judge them by. */
import { fromFlat, type Matrix } from "../../../lib/core/linalg.js";
import { fold, type Key, normals, permutation, stream } from "../../../lib/core/random.js";
import type { WeightSet } from "../../../lib/models/portfolioVae/portfolioData.js";
import { sampleCovariance } from "../../../lib/portfolio/optimise/covariance.js";
import {
  dirichletSet,
  joinSets,
  optimisedSet,
  riskParitySet,
} from "../../../lib/portfolio/sample/trainingSet.js";

export interface Planted extends WeightSet {
  /** Logits are matrix [A,2] · z + bias [A]. */
  readonly matrix: Float64Array;
  readonly bias: Float64Array;
  readonly concentration: number;
}

/** Dirichlet draws around softmax(W z + b), z ~ N(0, I) of two dimensions. */
export function plantedPortfolios(key: Key, count: number, assets: number): Planted {
  const [matrix, bias] = [
    normals(fold(key, "matrix"), assets * 2),
    normals(fold(key, "bias"), assets).map((v) => 0.7 * v),
  ];
  const z = normals(fold(key, "codes"), count * 2);
  const [source, concentration] = [stream(fold(key, "noise")), 200];
  const weights = new Float64Array(count * assets);
  for (let n = 0; n < count; n++) {
    const mean = plantedMean({ matrix, bias }, z[2 * n]!, z[2 * n + 1]!);
    const drawn = mean.map((m) => source.gamma(concentration * m));
    const total = drawn.reduce((a, b) => a + b, 0);
    weights.set(
      drawn.map((v) => v / total),
      n * assets,
    );
  }
  return { weights, assets, matrix, bias, concentration };
}

export function plantedMean(
  { matrix, bias }: Pick<Planted, "matrix" | "bias">,
  first: number,
  second: number,
): Float64Array {
  const raw = bias.map((b, a) => Math.exp(b + matrix[2 * a]! * first + matrix[2 * a + 1]! * second));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((v) => v / total);
}

export const ASSETS = 12;
/** Three sectors of four. */
export const SECTORS = [0, 4, 8].map((first) => [first, first + 1, first + 2, first + 3]);

/** Simple returns [1500, 12] of three factors and own noise, the later asset the riskier. */
export function factorReturns(key: Key): Matrix {
  const rows = 1500;
  const [factors, own] = [normals(fold(key, "factors"), rows * 3), normals(fold(key, "own"), rows * ASSETS)];
  const loadings = normals(fold(key, "loadings"), ASSETS * 2);
  const values = own.map((e, i) => {
    const [t, a] = [Math.floor(i / ASSETS), i % ASSETS];
    const common = (0.006 + 0.0008 * a) * factors[3 * t]!;
    const style =
      0.003 * (loadings[2 * a]! * factors[3 * t + 1]! + loadings[2 * a + 1]! * factors[3 * t + 2]!);
    return 0.0001 * a + common + style + (0.003 + 0.001 * a) * e;
  });
  return fromFlat(values, rows, ASSETS);
}

/** Drawn, optimised and equal-risk portfolios in random order. */
export function mixedPortfolios(key: Key, returns: Matrix, drawn: number): WeightSet {
  const alpha = (value: number) => ({ alpha: new Float64Array(ASSETS).fill(value), name: `alpha ${value}` });
  const windows = { lookBacks: [120, 240], every: 30 };
  const set = joinSets([
    dirichletSet(fold(key, "concentrated"), Math.round(0.4 * drawn), alpha(0.3)),
    dirichletSet(fold(key, "even"), Math.round(0.4 * drawn), alpha(1)),
    dirichletSet(fold(key, "balanced"), Math.round(0.2 * drawn), alpha(5)),
    optimisedSet(returns, {
      ...{
        ...windows,
        estimator: sampleCovariance,
        riskAversions: [1, 3, 10, 30],
        targets: [0, 0.25, 0.5, 0.75],
      },
      limits: { none: {}, capped: { cap: 0.3 } },
    }),
    riskParitySet(returns, { ...windows, estimators: { sample: sampleCovariance } }),
  ]);
  const weights = new Float64Array(set.weights.length);
  permutation(fold(key, "order"), set.weights.length / ASSETS).forEach((from, n) => {
    weights.set(set.weights.subarray(from * ASSETS, (from + 1) * ASSETS), n * ASSETS);
  });
  return { weights, assets: ASSETS };
}

/** Rows `from` … `to` − 1. */
export function partOf({ weights, assets }: WeightSet, from: number, to: number): WeightSet {
  return { weights: weights.slice(from * assets, to * assets), assets };
}

export function rowOf({ weights, assets }: WeightSet, n: number): Float64Array {
  return weights.subarray(n * assets, (n + 1) * assets);
}
