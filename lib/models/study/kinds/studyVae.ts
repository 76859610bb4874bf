/** A variational autoencoder of market windows whose latent vector predicts return, volatility and regime, made for a data set. */
import { checkCount, type NormalDraws } from "../../../core/index.js";
import type { Weights } from "../../../nn/layers/index.js";
import { openMarketForecaster } from "../../marketVae/marketForecaster.js";
import { type MarketVae, marketVae } from "../../marketVae/marketVae.js";
import { type EncoderConfig, sequenceEncoder } from "../../vae/vae.js";
import type { DrawSettings, StudyData, StudyModel, StudyPart } from "./studyModel.js";

/** Options of `vae`. */
export interface StudyVaeOptions {
  readonly data: StudyData;
  /** K latent dimensions. */
  readonly latent: number;
  /** "mlp" by default. */
  readonly encoder?: "linear" | "mlp" | "lstm" | "transformer";
  /** Widths of the hidden layers, mirrored in the decoder; [64, 32] by default, none for "linear". */
  readonly hidden?: readonly number[];
  /** Fraction of the units dropped after each hidden layer of the encoder, 0 by default. */
  readonly dropout?: number;
  /** How many times the log-likelihood of the targets counts, 1 by default: see `MarketVaeConfig`. */
  readonly targetWeight?: number;
}

/**
 * The market VAE of a data set: encoder, decoder, and heads for the next return, its volatility and the regime.
 * @throws RangeError when a size is not a positive integer, or dropout is asked of an encoder that has none.
 * @see Kingma & Welling 2014
 */
export function vae(options: StudyVaeOptions): StudyModel<MarketVae> {
  const { data, latent, targetWeight = 1 } = options;
  checkCount("latent", latent);
  const network = marketVae({
    inputShape: [data.length, data.columns.length],
    latents: latent,
    encoder: encoderOf(options),
    noise: "learned each",
    targetWeight,
  });
  return {
    family: "vae",
    network,
    dataOf: ({ x, y, rows }) => ({ x, y, rows }),
    draw: (weights, part, settings) => ({ returns: drawReturns(network, weights, part, settings) }),
  };
}

function encoderOf({ encoder = "mlp", hidden = [64, 32], dropout = 0 }: StudyVaeOptions): EncoderConfig {
  if (encoder === "linear") {
    if (dropout > 0)
      throw new RangeError(`dropout: expected an encoder with hidden layers, got "linear" and ${dropout}`);
    return { kind: "linear" };
  }
  if (hidden.length === 0)
    throw new RangeError(`hidden: expected widths such as [64, 32], got none; encoder "linear" has none`);
  if (encoder === "mlp") return { kind: "mlp", hidden, dropout };
  return sequenceEncoder(encoder, hidden, dropout);
}

/** Latent vectors in a pass. */
const PASS = 32_768;

/** Draws [S·R,N] of the scaled return, in passes of bounded memory. */
function drawReturns(
  network: MarketVae,
  weights: Weights,
  part: StudyPart,
  { draws, rowKeys }: DrawSettings,
): NormalDraws {
  const total = draws * weights.replicas;
  const [mean, variance] = [new Float64Array(total * part.rows), new Float64Array(total * part.rows)];
  const size = part.x.length / part.rows;
  const chunk = Math.max(1, Math.min(part.rows, Math.floor(PASS / total)));
  const forecaster = openMarketForecaster(network, weights);
  try {
    for (let from = 0; from < part.rows; from += chunk) {
      const to = Math.min(part.rows, from + chunk);
      const posterior = forecaster.encode(part.x.subarray(from * size, to * size), chunk);
      const { returns } = forecaster.draw(posterior, {
        draws,
        rowKeys: rowKeys.slice(from, to),
        padTo: chunk,
      });
      for (let s = 0; s < total; s++)
        for (let n = from; n < to; n++) {
          mean[s * part.rows + n] = returns.mean[s * (to - from) + n - from]!;
          variance[s * part.rows + n] = returns.variance[s * (to - from) + n - from]!;
        }
    }
  } finally {
    forecaster.dispose();
  }
  return { draws: total, mean, variance, parameterSets: weights.replicas };
}
