/** A factor model of a cross-section of returns, linear or with a nonlinear decoder, and what is asked of it. */
import {
  checkCount,
  checkLength,
  correlation,
  fold,
  fromFlat,
  type Key,
  key as keyOf,
  type Matrix,
  mean,
  normals,
} from "../../../core/index.js";
import { startBackend } from "../../../nn/index.js";
import type { EpochRecord } from "../../../nn/training/index.js";
import type { DiagonalGaussians } from "../../../prob/distributions/index.js";
import { fitFactorModel } from "../../factor/factorModel.js";
import {
  factorAnalysis,
  type LinearFactors,
  linearFactorLogLikelihood,
} from "../../factor/linear/factorAnalysis.js";
import { alignFactors, linearVae, meanJacobian } from "../../factor/linear/orderedFactors.js";
import { loadingStability } from "../../factor/loadings/factorAlignment.js";
import { attributeReturns, type ReturnParts } from "../../factor/risk/attribution.js";
import {
  decodeAll,
  encodeAll,
  type FactorScenarios,
  factorScenarios,
  type ScenarioOptions,
} from "../../factor/risk/factorScenarios.js";
import { type FactorVariance, factorVariance, weightedReturns } from "../../factor/risk/factorVariance.js";
import { standardFactors } from "../../factor/risk/standardFactors.js";
import {
  drawScales,
  expectedScales,
  fitSharedScale,
  linearScaleDensities,
  overScales,
  type ScaleDensities,
  type SharedScale,
  scaleDensities,
  sharedScaleLogLikelihood,
} from "../../factor/sharedScale.js";
import { rowBounds } from "../../vae/importanceBound.js";
import type { PlainVae } from "../../vae/plainVae.js";

/** Rows of a factor model: a part of `features.returnDataset`. */
export interface FactorPart {
  /** N */
  readonly rows: number;
  /** [N,A] */
  readonly x: Float64Array;
}

/** The data of a factor model: `features.returnDataset` returns them. */
export interface FactorData {
  /** [A] */
  readonly names: readonly string[];
  readonly train: FactorPart;
  readonly validation: FactorPart;
  readonly test: FactorPart;
}

/** Options of a factor study. */
export interface FactorStudyOptions {
  readonly data: FactorData;
  /** K */
  readonly factors: number;
  /** Widths of the hidden layers; none, the default, is the linear model, fitted exactly. */
  readonly hidden?: readonly number[];
  /** True for fat tails that all assets share: every row is s · (f(z) + e) with one random s. */
  readonly sharedTails?: boolean;
  /** Networks that differ by their seed alone, 1 by default. */
  readonly seeds?: number;
  /** Passes over the training part, 60 by default. */
  readonly epochs?: number;
  /** Weight of the KL, 1 by default. */
  readonly beta?: number;
  /** Of all that is drawn; key("factors") by default. */
  readonly key?: Key;
  /** Rows of a mini-batch, 128 by default. */
  readonly batchSize?: number;
  /** 0.005 by default, falling to a fiftieth over the second half of the steps. */
  readonly learningRate?: number;
  /** Called after each epoch. */
  readonly onEpoch?: (record: EpochRecord) => void;
}

/** Loadings of the networks of a study, [A,K] each. */
export interface FactorLoadings {
  /** Average over the networks. */
  readonly mean: Matrix;
  /** [R] */
  readonly each: readonly Matrix[];
}

/** Decoded rows along one factor, the others at zero. */
export interface FactorPath {
  /** [S] in standard deviations of the prior. */
  readonly sigmas: readonly number[];
  /** [A] for each asset the decoded mean at every step, [S]. */
  readonly paths: readonly Float64Array[];
}

/** One factor as a table shows it. */
export type FactorRow = {
  readonly factor: number;
  /** Fraction of the variance of all assets, by the average loadings of the first network. */
  readonly explained: number;
  /** Correlation of its posterior mean with the mean of all assets over the rows. */
  readonly withMarket: number;
  /** Posterior standard deviation over the rows, on average: 0 is certainty, 1 the prior. */
  readonly deviation: number;
  /** Mean |cosine| of its loadings with those of the other networks; missing where there is one. */
  readonly stability?: number;
};

/** A factor model fitted to returns. */
export interface FactorStudy {
  readonly data: FactorData;
  /** K */
  readonly factors: number;
  /** [R] with factors in one order and sign for all: the first explains most. */
  readonly networks: readonly PlainVae[];
  /** Where all assets share fat tails. */
  readonly scale?: SharedScale;
  /** log p(x) of each row, nats, [N]: exact for a linear model, else the importance bound of a network. */
  logLikelihood(
    part: FactorPart,
    options?: { readonly draws?: number; readonly network?: number },
  ): Float64Array;
  /** The decoder's derivative, averaged over z ~ N(0, I), or over the half where each factor falls or rises. */
  loadings(side?: "average" | "down" | "up"): FactorLoadings;
  /** Posterior of the factors of each row, by the first network. */
  encode(part: FactorPart): DiagonalGaussians;
  /** One row a factor, over the rows of a part. */
  describe(part: FactorPart): FactorRow[];
  /** Decoded means of the first network as one factor moves. */
  traversal(options: { readonly factor: number; readonly sigmas?: readonly number[] }): FactorPath;
  /** Draws of rows, by the first network unless another is named. */
  scenarios(options: ScenarioOptions & { readonly network?: number }): FactorScenarios;
  /**
   * Fractions of the variance of a portfolio by factor, over 4,000 draws of mean 0 and covariance I, so that none is negative.
   * @param weights [A] in the unit of the rows
   */
  risk(weights: ArrayLike<number>): FactorVariance;
  /** Returns of a portfolio by factor in every row of a part. @param weights [A] in the unit of the rows */
  attribute(part: FactorPart, weights: ArrayLike<number>): ReturnParts;
}

const SIGMAS = Array.from({ length: 25 }, (_, i) => (i - 12) / 4);
/** Rows from which the distribution of the scale is learnt: 15 probabilities need no more. */
const SCALE_ROWS = 2000;
const DRAWS = 10;
/** Refits of the linear model to rows over their scales. */
const SWEEPS = 4;

/**
 * Fits the model to the training part. A nonlinear network keeps the weights of its best epoch on the validation part.
 *
 * With shared tails the scale of each training row is estimated with the linear model, and the rows are divided by it before the fit.
 * @throws RangeError when an option makes no sense.
 * @see Rubin & Thayer 1982 for the linear model; Kingma & Welling 2014 for the other
 */
export async function factorModel(options: FactorStudyOptions): Promise<FactorStudy> {
  const { data, factors, hidden = [], sharedTails = false, key = keyOf("factors") } = options;
  checkCount("factors", factors);
  const columns = data.names.length;
  const linear = linearFit(data, factors, sharedTails);
  const networks =
    hidden.length === 0
      ? [linearVae(linear.model)]
      : await trainNetworks({ ...options, hidden, key }, columns, linear.divide);
  const aligned = alignFactors(networks, fold(key, "align"));
  const own =
    hidden.length === 0
      ? linearDensity(linear.model)
      : (network: number, draws: number): Densities => {
          const rows = (x: Float64Array) =>
            rowBounds(aligned[network]!, x, { draws, key: fold(key, "bound") }).importance;
          return { rows, scales: scaleDensities(rows) };
        };
  const sample = everyNth(data.train.x, columns, SCALE_ROWS);
  const scale = sharedTails ? fitSharedScale(own(0, DRAWS).scales, sample, columns) : undefined;
  return studyOf({ data, key, networks: aligned, density: own, ...(scale ? { scale } : {}) });
}

/** log p of rows as they are, and of rows over each of some scales. */
interface Densities {
  readonly rows: (x: Float64Array) => Float64Array;
  readonly scales: ScaleDensities;
}

function linearDensity(model: LinearFactors): () => Densities {
  return () => ({ rows: (x) => linearFactorLogLikelihood(model, x), scales: linearScaleDensities(model) });
}

/** The exact linear model, and what divides rows by their scale. */
function linearFit(data: FactorData, factors: number, sharedTails: boolean) {
  const columns = data.names.length;
  let model = factorAnalysis(data.train.x, columns, { factors });
  let divide = (x: Float64Array) => x;
  for (let sweep = 0; sharedTails && sweep < SWEEPS; sweep++) {
    const { scales } = linearDensity(model)();
    const scale = fitSharedScale(scales, everyNth(data.train.x, columns, SCALE_ROWS), columns);
    divide = (x) => overScales(x, columns, expectedScales(scales, x, columns, scale));
    model = factorAnalysis(divide(data.train.x), columns, { factors });
  }
  return { model, divide };
}

async function trainNetworks(
  options: FactorStudyOptions & { readonly hidden: readonly number[]; readonly key: Key },
  columns: number,
  divide: (x: Float64Array) => Float64Array,
): Promise<readonly PlainVae[]> {
  const { data, factors, hidden, key, seeds = 1, epochs = 60, beta = 1, batchSize = 128 } = options;
  const { learningRate = 0.005, onEpoch } = options;
  checkCount("seeds", seeds);
  await startBackend();
  const { replicas } = await fitFactorModel(divide(data.train.x), columns, {
    ...{ factors, hidden, epochs, beta, batchSize, learningRate },
    keys: Array.from({ length: seeds }, (_, s) => fold(key, "seed", s)),
    ...(data.validation.rows > 0 ? { validation: divide(data.validation.x) } : {}),
    ...(onEpoch ? { onEpoch } : {}),
  });
  return replicas;
}

interface Fitted {
  readonly data: FactorData;
  readonly key: Key;
  readonly networks: readonly PlainVae[];
  readonly density: (network: number, draws: number) => Densities;
  readonly scale?: SharedScale;
}

function studyOf({ data, key, networks, density, scale }: Fitted): FactorStudy {
  const columns = data.names.length;
  const first = networks[0]!;
  const atUnitScale = (x: Float64Array) =>
    scale
      ? expectedScales(density(0, 5).scales, x, columns, scale)
      : new Float64Array(x.length / columns).fill(1);
  const scenarios: FactorStudy["scenarios"] = ({ network = 0, ...options }) => {
    const drawn = factorScenarios(networkAt(networks, network), options);
    return scale ? rescaled(drawn, drawScales(scale, drawn.count, options.key)) : drawn;
  };
  const study: FactorStudy = {
    ...{ data, networks, factors: first.latents },
    ...(scale ? { scale } : {}),
    logLikelihood({ x }, { draws = DRAWS, network = 0 } = {}) {
      networkAt(networks, network);
      const own = density(network, draws);
      return scale ? sharedScaleLogLikelihood(own.scales, x, columns, scale) : own.rows(x);
    },
    loadings(side = "average") {
      const z = normals(fold(key, "sides"), 400 * first.latents);
      const each = networks.map((vae) => sidedJacobian(vae, z, side));
      const total = each.reduce(
        (total, b) => total.add(b),
        fromFlat(new Float64Array(columns * first.latents), columns, first.latents),
      );
      return { mean: total.div(networks.length), each };
    },
    encode: ({ x }) => encodeAll(first, overScales(x, columns, atUnitScale(x))),
    describe: (part) => describeFactors(study, part),
    traversal({ factor, sigmas = SIGMAS }) {
      if (!(factor >= 0 && factor < first.latents))
        throw new RangeError(`factor: expected an index below ${first.latents}, got ${factor}`);
      const decoded = sigmas.map((s) =>
        first.decode(Float64Array.from({ length: first.latents }, (_, k) => (k === factor ? s : 0))),
      );
      return { sigmas, paths: data.names.map((_, a) => Float64Array.from(decoded, (row) => row[a]!)) };
    },
    scenarios,
    risk(weights) {
      const drawn = standardFactors(fold(key, "risk"), 4000, first.latents);
      const shape = { factors: drawn, assets: columns, latents: first.latents };
      return factorVariance(weights, { ...shape, systematic: decodeAll(first, drawn) }, first.noiseVariance);
    },
    attribute({ x }, weights) {
      checkLength("weights", weights, columns);
      const scales = atUnitScale(x);
      const z = normals(fold(key, "sides"), 400 * first.latents);
      const parts = attributeReturns(first, weights, meanJacobian(first, z), overScales(x, columns, scales));
      return { ...parts, values: parts.values.map((part) => part.map((value, n) => value * scales[n]!)) };
    },
  };
  return study;
}

function describeFactors(study: FactorStudy, part: FactorPart): FactorRow[] {
  const { factors, networks, data } = study;
  const width = data.names.length;
  const { mean: latents, logVar } = study.encode(part);
  const loadings = study.loadings().each;
  const market = weightedReturns(new Float64Array(width).fill(1 / width), part.x);
  const stability = networks.length > 1 ? loadingStability(loadings).perFactor : undefined;
  const of = (values: Float64Array, k: number) => values.filter((_, i) => i % factors === k);
  return Array.from({ length: factors }, (_, k) => ({
    factor: k + 1,
    explained: mean(loadings[0]!.getColumn(k).map((b) => b * b)),
    withMarket: correlation(of(latents, k), market),
    deviation: Math.sqrt(mean(of(logVar, k).map(Math.exp))),
    ...(stability ? { stability: stability[k]! } : {}),
  }));
}

/** The derivative averaged over the draws in which a column's own factor is on one side of zero, [A,K]. */
function sidedJacobian(vae: PlainVae, z: Float64Array, side: "average" | "down" | "up"): Matrix {
  const { inputs, latents } = vae;
  if (side === "average") return meanJacobian(vae, z);
  const sign = side === "up" ? 1 : -1;
  const out = fromFlat(new Float64Array(inputs * latents), inputs, latents);
  for (let k = 0; k < latents; k++) {
    const mirrored = z.map((value, i) => (i % latents === k ? sign * Math.abs(value) : value));
    out.setColumn(k, meanJacobian(vae, mirrored).getColumn(k));
  }
  return out;
}

function rescaled(drawn: FactorScenarios, scales: Float64Array): FactorScenarios {
  const times = (rows: Float64Array) => rows.map((value, i) => value * scales[Math.floor(i / drawn.assets)]!);
  return { ...drawn, returns: times(drawn.returns), systematic: times(drawn.systematic) };
}

function networkAt(networks: readonly PlainVae[], network: number): PlainVae {
  const own = networks[network];
  if (!own) throw new RangeError(`network: expected an index below ${networks.length}, got ${network}`);
  return own;
}

/** At most `count` rows of [N,A], evenly spread. */
function everyNth(x: Float64Array, columns: number, count: number): Float64Array {
  const step = Math.max(1, Math.floor(x.length / columns / count));
  return x.filter((_, i) => Math.floor(i / columns) % step === 0);
}
