/** One posterior by three methods: mean-field and full-rank variational inference, and Hamiltonian Monte Carlo. */
import {
  covariance as covarianceOf,
  fold,
  fromFlat,
  fromRows,
  type Key,
  type Matrix,
  mean,
} from "../../../core/index.js";
import type { Target } from "../exact/target.js";
import { type HmcFit, type HmcOptions, hmc, parameterDraws } from "../sampling/hmc.js";
import {
  type AdviOptions,
  advi,
  type Family,
  fitCovariance,
  type GaussianFit,
  sampleFit,
} from "../variational/advi.js";

/** Moments of a posterior with draws of it. */
export interface PosteriorEstimate {
  /** [P] */
  readonly mean: Float64Array;
  /** [P,P] */
  readonly covariance: Matrix;
  /** [P] draws of each parameter. */
  readonly draws: readonly Float64Array[];
}

/** Options of `compareMethods`. */
export interface CompareOptions {
  readonly key: Key;
  /** As `advi` takes them, for both families; default 2,000 steps. */
  readonly vi?: Partial<Omit<AdviOptions, "family" | "key">>;
  /** As `hmc` takes them; default 4 chains of 500 draws after 300 of warm-up. */
  readonly hmc?: Partial<Omit<HmcOptions, "key">>;
}

/** Posteriors of one model by several methods. */
export interface MethodComparison {
  readonly meanField: PosteriorEstimate;
  readonly fullRank: PosteriorEstimate;
  readonly hmc: PosteriorEstimate;
}

/**
 * The posterior of `target` by each method, from keys of their own.
 *
 * It does not judge them: see `evaluateFit` and `mcmcDiagnostics`.
 * @throws as `advi` and `hmc`.
 */
export function compareMethods(target: Target, { key, vi, hmc: sampling }: CompareOptions): MethodComparison {
  const fitted = (family: Family) =>
    ofGaussian(
      advi(target, { steps: 2000, ...vi, family, key: fold(key, family) }),
      fold(key, family, "draws"),
    );
  const chains = hmc(target, { chains: 4, warmup: 300, draws: 500, ...sampling, key: fold(key, "hmc") });
  return { meanField: fitted("meanField"), fullRank: fitted("fullRank"), hmc: ofChains(chains) };
}

const DRAWS = 2000;

/** Moments of a Gaussian fit, with 2,000 draws of it. */
export function ofGaussian(fit: GaussianFit, key: Key): PosteriorEstimate {
  const { dimension } = fit;
  const all = sampleFit(fit, key, DRAWS);
  return {
    mean: fit.mean,
    covariance: fromFlat(fitCovariance(fit), dimension, dimension),
    draws: Array.from({ length: dimension }, (_, p) =>
      Float64Array.from({ length: DRAWS }, (__, s) => all[s * dimension + p]!),
    ),
  };
}

/** Sample moments of chains, with their draws. */
export function ofChains(fit: HmcFit): PosteriorEstimate {
  const draws = Array.from({ length: fit.dimension }, (_, p) => parameterDraws(fit, p));
  return {
    draws,
    mean: Float64Array.from(draws, (values) => mean(values)),
    covariance: fromRows(draws.map((a) => draws.map((b) => covarianceOf(a, b)))),
  };
}
