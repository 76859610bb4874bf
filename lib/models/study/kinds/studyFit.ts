/** The trained networks of a study and what is asked of them: forecasts, latent posteriors, traversals. */
import {
  checkCount,
  decisionKey,
  type Forecast,
  fold,
  forecastOf,
  type Key,
  unscaleDraws,
} from "../../../core/index.js";
import type { Model, Weights } from "../../../nn/layers/index.js";
import { type EpochRecord, type Fit, takeReplicas } from "../../../nn/training/index.js";
import { encodeRows, type RowLatents } from "../../vae/latents.js";
import { type StudyTraversal, type TraversalOptions, traverseStudy } from "../latents/studyTraversal.js";
import type { StudyData, StudyModel, StudyPart } from "./studyModel.js";
import { isVae } from "./studyModel.js";

/** Settings by which one network was trained. */
export interface NetworkSettings {
  readonly beta: number;
  readonly seed: number;
}

/** Settings of a prediction. */
export interface PredictSettings {
  /** Draws of latent vectors or weights for each network, 100 by default. */
  readonly draws?: number;
  /** Of the draws; derived from the training's key by default. */
  readonly key?: Key;
}

/** A trained study model: its networks, and the predictions they make. */
export interface StudyFit<Network extends Model = Model> {
  readonly model: StudyModel<Network>;
  readonly data: StudyData;
  /** [R] */
  readonly settings: readonly NetworkSettings[];
  readonly weights: Weights;
  readonly history: readonly EpochRecord[];
  /** [E] of [R,K]: the KL of each latent dimension on the validation part after each epoch, nats; empty unless it was recorded. */
  readonly klHistory: readonly Float64Array[];
  /** [R] epoch of the weights, and the bound there on the validation part at β = 1, nats a row. */
  readonly bestEpoch: readonly number[];
  readonly bestElbo: readonly number[];
  /** The networks of one β of a sweep. */
  at(beta: number): StudyFit<Network>;
  /** One network, by its place in `settings`. @throws RangeError when there is none. */
  network(index: number): StudyFit<Network>;
  /**
   * The forecast of every row of a part, in log returns; the networks are seeds of one β.
   * @throws RangeError when the networks differ in β: name one by `at(beta)`.
   */
  predict(part: StudyPart, options?: PredictSettings): Forecast;
  /**
   * Posteriors of the latent vectors of every row of a part, by every network, of a VAE.
   * @throws RangeError when the model has no encoder.
   */
  encode(part: StudyPart): RowLatents;
  /**
   * Decoded windows with one latent dimension moved, of a VAE.
   * @throws RangeError when the model has no decoder.
   */
  traversal(options: TraversalOptions): StudyTraversal;
}

interface Trained<Network extends Model> {
  readonly model: StudyModel<Network>;
  readonly data: StudyData;
  readonly key: Key;
  readonly settings: readonly NetworkSettings[];
  readonly fit: Fit;
  readonly klHistory: readonly Float64Array[];
}

/** The fit of a study from the trained networks. */
export function studyFit<Network extends Model>(trained: Trained<Network>): StudyFit<Network> {
  const { model, data, key, settings, fit, klHistory } = trained;
  const { weights, history, bestEpoch, bestElbo } = fit;
  return {
    ...{ model, data, settings, weights, history, klHistory, bestEpoch, bestElbo },
    at: (beta) => studyFit(only(trained, beta)),
    network: (index) => studyFit(some(trained, [index])),
    predict(part, { draws = 100, key: own = fold(key, "predict") } = {}) {
      checkCount("draws", draws);
      checkOneBeta(settings);
      const rowKeys = Array.from(part.decidedAt, (time, n) =>
        decisionKey(own, time, data.symbols[part.asset[n]!]!),
      );
      const { returns, direction } = model.draw(weights, part, { draws, key: own, rowKeys });
      const unit = { centre: data.targetScaler.mean[0]!, deviation: data.targetScaler.deviation[0]! };
      const { asset, decidedAt } = part;
      return forecastOf(
        unscaleDraws(
          returns,
          rowKeys.map(() => unit),
        ),
        {
          ...{ asset, decidedAt, names: data.symbols },
          ...(direction ? { classes: direction } : {}),
        },
      );
    },
    encode(part) {
      if (!isVae(model.network))
        throw new RangeError("encode: expected a model with an encoder, such as models.vae");
      return encodeRows(model.network, weights, part.x);
    },
    traversal: (options) => traverseStudy(model.network, { weights, data }, options),
  };
}

/** The networks of one β. @throws RangeError when there is none. */
function only<Network extends Model>(trained: Trained<Network>, beta: number): Trained<Network> {
  const { settings } = trained;
  const rows = settings.flatMap((own, r) => (own.beta === beta ? [r] : []));
  if (rows.length > 0) return some(trained, rows);
  const there = [...new Set(settings.map((own) => own.beta))].join(", ");
  throw new RangeError(`beta: expected one of ${there}, got ${beta}`);
}

/** Some of the networks. @throws RangeError when one is not there. */
function some<Network extends Model>(trained: Trained<Network>, rows: readonly number[]): Trained<Network> {
  const { settings, fit, klHistory } = trained;
  const weights = takeReplicas(fit.weights, rows);
  const pick = <T>(values: readonly T[]) => rows.map((r) => values[r]!);
  const history = fit.history.map((record) => ({
    ...record,
    ...{ beta: pick(record.beta), nll: pick(record.nll), kl: pick(record.kl), elbo: pick(record.elbo) },
    validation: record.validation.length > 0 ? pick(record.validation) : [],
  }));
  return {
    ...trained,
    settings: pick(settings),
    klHistory: klHistory.map((kl) => {
      const latents = kl.length / settings.length;
      return Float64Array.from(rows.flatMap((r) => Array.from(kl.subarray(r * latents, (r + 1) * latents))));
    }),
    fit: {
      ...fit,
      weights,
      ...{ history, bestEpoch: pick(fit.bestEpoch), bestElbo: pick(fit.bestElbo) },
    },
  };
}

function checkOneBeta(settings: readonly NetworkSettings[]): void {
  const betas = [...new Set(settings.map(({ beta }) => beta))];
  if (betas.length > 1)
    throw new RangeError(
      `predict: expected networks of one β, as the spread between settings is no uncertainty; got ${betas.join(", ")}: fit.at(${betas[0]}).predict(…)`,
    );
}
