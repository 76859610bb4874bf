/** Predictions of returns by the latent dimensions of each β, fold by fold, each fold read in the way known before it. */
import { checkCount, type Key } from "../../../core/index.js";
import {
  bestDimension,
  type ForwardPart,
  type ForwardSelection,
  forwardSelection,
} from "../../disentangle/forwardSelection.js";
import { latentColumns } from "../../disentangle/labelledLatents.js";
import { principalComponents, principalScores } from "../../factor/linear/pca.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

/** Rows by asset, then by time, whose returns are known. */
export interface ReturnPart extends StudyPart {
  /** [N] UTC milliseconds. */
  readonly resolvedAt: Float64Array;
  /** [N] */
  readonly returns: Float64Array;
}

/** Results of a walk forward, by β. */
export interface ForwardByBeta {
  /** [B] */
  readonly betas: readonly number[];
  /** One candidate a β. */
  readonly networks: ForwardSelection;
  /** One candidate: as many principal components of the training part. */
  readonly components: ForwardSelection;
}

/**
 * Information coefficients of each β over folds of the validation part, and of as many principal components.
 *
 * Before each fold every network takes the dimension, and its sign, that went best with the returns resolved a window's length earlier:
 * training rows and earlier folds. The networks themselves stay as the training part made them.
 * @param options.data  the training and the validation part of the fit, with their returns
 * @throws RangeError when a fold has too few rows, or as `forwardSelection`.
 */
export function forwardByBeta(
  fit: StudyFit<Vae>,
  options: {
    readonly data: { readonly train: ReturnPart; readonly validation: ReturnPart; readonly stepMs: number };
    readonly folds: number;
    readonly key: Key;
    readonly replicates: number;
  },
): ForwardByBeta {
  const { data, folds, key, replicates } = options;
  checkCount("folds", folds);
  const { train, validation } = data;
  const purge = fit.data.length * data.stepMs;
  const places = foldsOf(train, validation, { folds, purge });
  const { latents } = fit.model.network;
  const encoded = [fit.encode(train), fit.encode(validation)] as const;
  const columns = (r: number): Sight =>
    encoded.map(({ mean, shape }) => {
      const size = shape[1] * latents;
      return latentColumns(mean.subarray(r * size, (r + 1) * size), latents);
    }) as unknown as Sight;
  const betas = [...new Set(fit.settings.map(({ beta }) => beta))];
  const networks = betas.map((beta) =>
    fit.settings.flatMap((own, r) => (own.beta === beta ? [columns(r)] : [])),
  );
  const judged = (candidates: readonly (readonly Sight[])[]) =>
    forwardSelection(
      places.map((place) => partOf(place, candidates, { train, validation })),
      { key, replicates },
    );
  return { betas, networks: judged(networks), components: judged([[componentsOf(fit, train, validation)]]) };
}

/** K columns of the training rows, and of the validation rows. */
type Sight = readonly [readonly Float64Array[], readonly Float64Array[]];

interface FoldPlace {
  /** Validation rows whose returns are known a window's length before the fold; the training rows that are. */
  readonly earlier: readonly number[];
  readonly trained: readonly number[];
  /** Validation rows of the fold. */
  readonly now: readonly number[];
}

function foldsOf(
  train: ReturnPart,
  validation: ReturnPart,
  { folds, purge }: { readonly folds: number; readonly purge: number },
): FoldPlace[] {
  const { decidedAt, resolvedAt } = validation;
  const first = decidedAt.reduce((a, b) => Math.min(a, b));
  const span = (decidedAt.reduce((a, b) => Math.max(a, b)) - first + 1) / folds;
  return Array.from({ length: folds }, (_, f) => {
    const [from, to] = [first + f * span, first + (f + 1) * span];
    const rows = Array.from(decidedAt.keys());
    const known = (time: number) => time <= from - purge;
    return {
      earlier: rows.filter((n) => known(resolvedAt[n]!)),
      trained: Array.from(train.resolvedAt.keys()).filter((n) => known(train.resolvedAt[n]!)),
      now: rows.filter((n) => decidedAt[n]! >= from && decidedAt[n]! < to),
    };
  });
}

function partOf(
  { earlier, trained, now }: FoldPlace,
  candidates: readonly (readonly Sight[])[],
  { train, validation }: { readonly train: ReturnPart; readonly validation: ReturnPart },
): ForwardPart {
  const joined = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Float64Array.from([...trained.map((n) => a[n]!), ...earlier.map((n) => b[n]!)]);
  const known = joined(train.returns, validation.returns);
  const signal = ([then, later]: Sight): Float64Array => {
    const { unit, sign } = bestDimension(
      then.map((column, k) => joined(column, later[k]!)),
      known,
    );
    return Float64Array.from(now, (n) => sign * later[unit]![n]!);
  };
  const assets = [...new Set(now.map((n) => validation.asset[n]!))];
  return {
    signals: candidates.map((seeds) => seeds.map(signal)),
    outcome: Float64Array.from(now, (n) => validation.returns[n]!),
    lengths: assets.map((a) => now.filter((n) => validation.asset[n] === a).length),
  };
}

/** Scores on as many principal components of the training part as the network has dimensions. */
function componentsOf(fit: StudyFit<Vae>, train: StudyPart, validation: StudyPart): Sight {
  const { latents } = fit.model.network;
  const spectrum = principalComponents(Float64Array.from(train.x), train.x.length / train.rows);
  return [train, validation].map(({ x }) =>
    latentColumns(principalScores(spectrum, Float64Array.from(x), latents), latents),
  ) as unknown as Sight;
}
