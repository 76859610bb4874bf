import { mean } from "../../lib/core/stats.js";
import { latentPath } from "../../lib/portfolio/latent/latentPath.js";
import { klToStandardNormal } from "../../lib/prob/distributions/gaussian.js";
import { cyclical, linear, warmUp } from "../../lib/prob/divergences/schedule.js";
import { sourceKelly } from "../../lib/trading/decisions/bet.js";
import { softmax, sourceSignal } from "../../lib/trading/decisions/signal.js";
import type { Adapter } from "./vectors.js";

export const seedRulesAdapters: Readonly<Record<string, Adapter>> = {
  betaSchedule: (input) => {
    const kind = input.text("kind");
    const schedule = {
      linear: () => linear(input.number("beta_start"), input.number("beta_end"), input.number("warmup")),
      chapter327: () => linear(0, 1, input.number("warmup")),
      cyclical: () =>
        cyclical(input.number("beta_end"), input.number("period"), input.number("ramp_fraction")),
      warmup_then_linear: () => warmUp(input.number("hold"), input.number("end"), input.number("beta_end")),
    }[kind];
    if (!schedule) throw new Error(`betaSchedule: no schedule is called ${kind}`);
    return { beta: input.vector(input.has("epochs") ? "epochs" : "steps").map(schedule()) };
  },
  signal328: (input) => {
    const draws = input.vector("predictions");
    const signal = sourceSignal(draws, { threshold: 0.7, sdThreshold: input.number("std_threshold") });
    return {
      mean: mean(draws),
      std_population: Math.sqrt(signal.epistemic),
      prob_positive: signal.probability,
      signal: signal.direction,
      confidence: signal.confidence,
    };
  },
  kelly327: (input) => {
    const bet = {
      probability: input.number("prob_win"),
      win: input.number("win_size"),
      loss: input.number("loss_size"),
    };
    const { raw, fraction } = sourceKelly(bet, input.number("uncertainty"));
    return { fraction, raw_kelly: raw };
  },
  softmax: (input) => ({ w: softmax(input.vector("x")) }),
  elbo328: (input) => {
    const target = input.matrix("x").flat();
    const squared = input
      .matrix("x_recon")
      .flat()
      .reduce((total, value, i) => total + (target[i]! - value) ** 2, 0);
    const logVar = input.matrix("logvar");
    const kl = input
      .matrix("mu")
      .reduce((total, row, n) => total + klToStandardNormal(row, logVar[n]!).reduce((a, b) => a + b, 0), 0);
    return { recon_sum_sq: squared, kl_sum: kl, elbo: -(squared + input.number("beta") * kl) };
  },
  latentInterpolation: (input) => {
    const ends = [input.vector("zA"), input.vector("zB")] as const;
    const shares = input.vector("alpha");
    const along = (path: "linear" | "spherical") =>
      latentPath(...ends, { shares, path }).map((z) => Array.from(z));
    return { linear: along("linear"), slerp: along("spherical") };
  },
};
