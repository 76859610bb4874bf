/** Rows of portfolios, latents and logits, as a portfolio autoencoder in float64 takes and gives them. */
import { checkLength } from "../../core/index.js";
import { scaledWeight } from "./portfolioData.js";
import { MOST_LOGIT } from "./portfolioVae.js";

/** q(z | w): one or many rows of K numbers each. */
export interface PortfolioLatents {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** [N, A + C] */
export function encoderRows(
  weights: Float64Array,
  { rows, told, width }: { readonly rows: number; readonly told: Float64Array; readonly width: number },
): Float64Array {
  const assets = weights.length / rows;
  if (width > 0) checkConditions(told, width, rows);
  const x = new Float64Array(rows * (assets + width));
  for (let n = 0, at = 0; n < rows; n++) {
    for (let a = 0; a < assets; a++) x[at++] = scaledWeight(weights[n * assets + a]!, assets);
    for (let c = 0; c < width; c++) x[at++] = told[told.length === width ? c : n * width + c]!;
  }
  return x;
}

/** The encoder's last layer [N, 2K] as means and variances. */
export function latentsOf(out: Float64Array, latents: number): PortfolioLatents {
  const rows = out.length / (2 * latents);
  const [mean, variance] = [new Float64Array(rows * latents), new Float64Array(rows * latents)];
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < latents; k++) {
      mean[n * latents + k] = out[2 * n * latents + k]!;
      variance[n * latents + k] = Math.exp(Math.min(14, Math.max(-14, out[(2 * n + 1) * latents + k]!)));
    }
  }
  return { mean, variance };
}

/** Rows of width A, each of sum 1. */
export function softmaxRows(logits: Float64Array, assets: number): Float64Array {
  const out = logits.map((value) => Math.exp(Math.min(MOST_LOGIT, Math.max(-MOST_LOGIT, value))));
  for (let from = 0; from < out.length; from += assets) {
    let total = 0;
    for (let a = from; a < from + assets; a++) total += out[a]!;
    for (let a = from; a < from + assets; a++) out[a]! /= total;
  }
  return out;
}

/** From a change of weights to one of logits: w ∘ (g − wᵀg), nothing where a logit has reached its end. */
export function logitPull(logits: Float64Array, w: Float64Array, g: ArrayLike<number>): Float64Array {
  let average = 0;
  for (let a = 0; a < w.length; a++) average += w[a]! * g[a]!;
  return w.map((own, a) => (Math.abs(logits[a]!) < MOST_LOGIT ? own * (g[a]! - average) : 0));
}

/** One row of conditions for all, or one each. */
export function checkConditions(told: Float64Array, width: number, rows: number): void {
  if (told.length !== width) checkLength("conditions", told, rows * width);
}
