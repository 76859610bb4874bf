/** Factors, loadings and risk of a portfolio after every bar, from a model that no longer learns. */
import { checkCount, checkLength, checkPositive, quantile } from "../../../core/index.js";
import type { PlainVae } from "../../vae/plainVae.js";
import type { FactorScenarios } from "./factorScenarios.js";
import { weightedReturns } from "./factorVariance.js";

/** Options of `factorMonitor`. */
export interface MonitorOptions {
  /** [A] weights of the portfolio. */
  readonly weights: ArrayLike<number>;
  /** [A] return of each asset for a unit of the model's data at scale 1. */
  readonly unit: ArrayLike<number>;
  readonly scenarios: FactorScenarios;
  /** Probability of the bad end, such as 0.01. */
  readonly tail: number;
}

/** A reading of the monitor when a bar has closed. */
export interface FactorReading {
  /** [K] q(z | x) of the bar. */
  readonly factors: Float64Array;
  readonly deviations: Float64Array;
  /** [A,K] ∂ decode / ∂z there, in the unit of the data. */
  readonly loadings: Float64Array;
  /** −log N(x | decoded mean, own variances), nats: how odd the bar is beside its factors. */
  readonly surprise: number;
  /** Loss of the portfolio over the next bar that is exceeded with probability `tail`. */
  readonly valueAtRisk: number;
  /** Return of the portfolio over the next bar for one deviation of each factor, [K]. */
  readonly exposure: Float64Array;
}

/**
 * A monitor of a portfolio's factors, to be called at the close of each bar.
 * @returns a function of the bar's returns in the unit of the data [A], and the scale expected for the next bar
 * @throws RangeError when weights or units are not [A], or there are fewer than two scenarios.
 */
export function factorMonitor(
  vae: PlainVae,
  options: MonitorOptions,
): (x: ArrayLike<number>, nextScale: number) => FactorReading {
  const { weights, unit, scenarios, tail } = options;
  const { inputs, latents, noiseVariance } = vae;
  checkLength("weights", weights, inputs);
  checkLength("unit", unit, inputs);
  checkCount("scenarios", scenarios.count, 2);
  const scaled = Float64Array.from(weights, (w, a) => w * unit[a]!);
  const atUnit = -quantile(weightedReturns(scaled, scenarios.returns), tail);
  const constant = noiseVariance.reduce((total, v) => total + Math.log(2 * Math.PI * v), 0);
  return (x, nextScale) => {
    checkPositive("nextScale", nextScale);
    const { mean, variance } = vae.encode(x);
    const loadings = vae.jacobian(mean);
    const back = vae.decode(mean);
    const squares = back.reduce((total, value, a) => total + (x[a]! - value) ** 2 / noiseVariance[a]!, 0);
    const exposure = new Float64Array(latents);
    loadings.forEach((slope, i) => {
      exposure[i % latents]! += nextScale * scaled[Math.floor(i / latents)]! * slope;
    });
    return {
      factors: mean,
      deviations: variance.map(Math.sqrt),
      loadings,
      surprise: 0.5 * (constant + squares),
      valueAtRisk: nextScale * atUnit,
      exposure,
    };
  };
}
