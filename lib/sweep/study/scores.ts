/** What networks are judged by: the names of scores, which way is better, and which a model has. */
import type { Family } from "./settings.js";

/** Whether less or more is better. */
const BETTER = {
  /** Bound at β = 1 on the validation part, nats a row. */
  elbo: "higher",
  /** Negative log-likelihood of the returns, nats. */
  nll: "lower",
  /** Continuous ranked probability score, basis points. */
  crps: "lower",
  /** Distance of the fraction of returns inside the central 90 % interval from 0.9. */
  miscoverage: "lower",
  /** Sharpe ratio per bar after costs. */
  sharpe: "higher",
  /** KL of the latent posterior to the prior, nats a row. */
  kl: "lower",
  /** Squared error of a decoded draw, summed over a row. */
  distortion: "lower",
  /** Mutual information of window and latent vector, nats. */
  information: "higher",
  /** Latent dimensions that tell anything. */
  active: "lower",
} as const;

/** The name of a score of a network. */
export type ScoreName = keyof typeof BETTER;

export const SCORES = Object.keys(BETTER) as ScoreName[];

/** True of a score whose lower value is better. */
export function isLowerBetter(score: ScoreName): boolean {
  return BETTER[score] === "lower";
}

const OF_FORECASTS: readonly ScoreName[] = ["nll", "crps", "miscoverage", "sharpe"];
const OF_LATENTS: readonly ScoreName[] = ["kl", "distortion", "information", "active"];

/** The scores that a model has. */
export function scoresOfFamily(family: Family): readonly ScoreName[] {
  if (family === "vae") return ["elbo", ...OF_FORECASTS, ...OF_LATENTS];
  if (family === "beta-vae") return ["elbo", ...OF_LATENTS];
  return family === "none" ? ["nll"] : ["elbo", ...OF_FORECASTS];
}

/** What a model is judged by unless told. */
export function defaultScores(family: Family): readonly ScoreName[] {
  if (family === "none") return ["nll"];
  return family === "beta-vae" ? ["elbo", "kl", "distortion"] : ["elbo", "nll", "crps"];
}
