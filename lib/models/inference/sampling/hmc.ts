/**
 * Hamiltonian Monte Carlo: the referee of every approximation in this library.
 *
 * Leapfrog integration with a diagonal metric and a step size, both learnt during the warm-up; the number of steps is
 * drawn anew each time, so that no orbit closes on itself.
 * @see Neal 2011, "MCMC using Hamiltonian dynamics"; Hoffman & Gelman 2014, section 3.2 (dual averaging)
 */
import { checkCount, checkPositive, fold, type Key, type Stream, stream } from "../../../core/index.js";
import type { Target } from "../exact/target.js";
import { adaptation } from "./hmcTuning.js";

/** Options of `hmc`. */
export interface HmcOptions {
  readonly chains: number;
  /** Iterations thrown away while the step size and the metric are learnt. */
  readonly warmup: number;
  /** Draws kept, a chain. */
  readonly draws: number;
  readonly key: Key;
  /** The most leapfrog steps of one iteration; the number used is uniform on 1 … this. Default 16. */
  readonly maxSteps?: number;
  /** Acceptance probability the step size is tuned to. Default 0.8. */
  readonly targetAcceptance?: number;
  /** [P] where the chains start, each moved by a draw of N(0, spread²). Default the origin. */
  readonly start?: Float64Array;
  /** Standard deviation of the starting points. Default 1. */
  readonly spread?: number;
}

/** Chains of Hamiltonian Monte Carlo. */
export interface HmcFit {
  /** One chain each: [draws · P], row-major. */
  readonly chains: readonly Float64Array[];
  readonly dimension: number;
  /** Mean acceptance probability after the warm-up, a chain. */
  readonly acceptance: Float64Array;
  /** Learnt step size, a chain. */
  readonly stepSize: Float64Array;
  /** Iterations after the warm-up whose energy error exceeded 1000, all chains. */
  readonly divergences: number;
  /** Gradients spent, warm-up included, all chains. */
  readonly gradientEvaluations: number;
}

/**
 * Draws from `target`.
 *
 * Does not judge convergence: hand `parameterChains` to `rHat` and `effectiveSampleSize`.
 * @throws RangeError when a count is not positive, Error when the target is not finite where a chain starts.
 */
export function hmc(target: Target, options: HmcOptions): HmcFit {
  checkCount("chains", options.chains);
  checkCount("draws", options.draws);
  checkCount("warmup", options.warmup, 20);
  checkPositive("spread", options.spread ?? 1);
  const runs = Array.from({ length: options.chains }, (_, c) =>
    runChain(target, options, fold(options.key, "chain", c)),
  );
  return {
    chains: runs.map((run) => run.draws),
    dimension: target.dimension,
    acceptance: Float64Array.from(runs, (run) => run.acceptance),
    stepSize: Float64Array.from(runs, (run) => run.stepSize),
    divergences: runs.reduce((total, run) => total + run.divergences, 0),
    gradientEvaluations: runs.reduce((total, run) => total + run.evaluations, 0),
  };
}

/** The draws of parameter `index`, one array [draws] a chain. */
export function parameterChains(fit: HmcFit, index: number): Float64Array[] {
  return fit.chains.map((chain) =>
    Float64Array.from({ length: chain.length / fit.dimension }, (_, i) => chain[i * fit.dimension + index]!),
  );
}

/** The draws of parameter `index`, [chains · draws], all chains one after another. */
export function parameterDraws(fit: HmcFit, index: number): Float64Array {
  return Float64Array.from(parameterChains(fit, index).flatMap((chain) => Array.from(chain)));
}

interface State {
  theta: Float64Array;
  gradient: Float64Array;
  value: number;
}

interface Chain {
  readonly draws: Float64Array;
  readonly acceptance: number;
  readonly stepSize: number;
  readonly divergences: number;
  readonly evaluations: number;
}

function runChain(target: Target, options: HmcOptions, key: Key): Chain {
  const { warmup, draws, maxSteps = 16, targetAcceptance = 0.8 } = options;
  const random = stream(key);
  const { dimension } = target;
  let state = startingState(target, options, random);
  const unit = new Float64Array(dimension).fill(1);
  const tuning = adaptation(warmup, unit, reasonableStep(target, state, unit, random), targetAcceptance);
  const kept = new Float64Array(draws * dimension);
  let [accepted, divergences, evaluations] = [0, 0, 1];
  for (let i = 0; i < warmup + draws; i++) {
    const steps = 1 + random.integer(maxSteps);
    const move = transition(target, state, tuning.metric(), tuning.stepSize(i), steps, random);
    state = move.state;
    evaluations += steps;
    if (i < warmup) {
      tuning.learn(i, state.theta, move.acceptance);
    } else {
      kept.set(state.theta, (i - warmup) * dimension);
      accepted += move.acceptance;
      divergences += move.divergent ? 1 : 0;
    }
  }
  return {
    draws: kept,
    acceptance: accepted / draws,
    stepSize: tuning.stepSize(warmup),
    divergences,
    evaluations,
  };
}

function startingState(target: Target, options: HmcOptions, random: Stream): State {
  const theta = Float64Array.from(
    { length: target.dimension },
    (_, p) => (options.start?.[p] ?? 0) + (options.spread ?? 1) * random.normal(),
  );
  const gradient = new Float64Array(target.dimension);
  const value = target.evaluate(theta, gradient);
  if (!Number.isFinite(value))
    throw new Error(`the target is ${value} where a chain starts (θ = ${Array.from(theta.subarray(0, 4))})`);
  return { theta, gradient, value };
}

function transition(
  target: Target,
  from: State,
  metric: Float64Array,
  stepSize: number,
  steps: number,
  random: Stream,
) {
  const momentum = metric.map((variance) => random.normal() / Math.sqrt(variance));
  const before = from.value - kinetic(momentum, metric);
  const to: State = { theta: from.theta.slice(), gradient: from.gradient.slice(), value: from.value };
  leapfrog(target, to, momentum, metric, stepSize, steps);
  const change = to.value - kinetic(momentum, metric) - before;
  const acceptance = Number.isNaN(change) ? 0 : Math.min(1, Math.exp(change));
  return {
    state: random.uniform() < acceptance ? to : from,
    acceptance,
    divergent: !(change > -1000),
  };
}

/** Moves `state` and `momentum` along the Hamiltonian flow, in place. */
function leapfrog(
  target: Target,
  state: State,
  momentum: Float64Array,
  metric: Float64Array,
  stepSize: number,
  steps: number,
): void {
  const { theta, gradient } = state;
  for (let l = 0; l < steps; l++) {
    for (let p = 0; p < theta.length; p++) {
      momentum[p]! += 0.5 * stepSize * gradient[p]!;
      theta[p]! += stepSize * metric[p]! * momentum[p]!;
    }
    state.value = target.evaluate(theta, gradient);
    for (let p = 0; p < theta.length; p++) momentum[p]! += 0.5 * stepSize * gradient[p]!;
  }
}

function kinetic(momentum: Float64Array, metric: Float64Array): number {
  let energy = 0;
  for (let p = 0; p < momentum.length; p++) energy += 0.5 * metric[p]! * momentum[p]! ** 2;
  return energy;
}

/** A step size whose single leapfrog step is accepted about half the time (Hoffman & Gelman 2014, algorithm 4). */
function reasonableStep(target: Target, from: State, metric: Float64Array, random: Stream): number {
  let stepSize = 1;
  let direction = 0;
  for (let i = 0; i < 60; i++) {
    const { acceptance } = transition(target, from, metric, stepSize, 1, random);
    const wanted = acceptance > 0.5 ? 1 : -1;
    if (direction === 0) direction = wanted;
    if (wanted !== direction) return stepSize;
    stepSize *= 2 ** direction;
  }
  return stepSize;
}
