/** One curve, few points: the exact posterior of a small network beside what five approximations make of the gaps between the points. */
import { fold, type Key, mean, momentsOf, normals, quantile, uniforms } from "../../core/index.js";
import { startBackend } from "../../nn/index.js";
import { type Fit, takeReplicas, train } from "../../nn/training/index.js";
import { mcmcDiagnostics } from "../../prob/diagnostics/index.js";
import { constant } from "../../prob/divergences/index.js";
import { type CurveNetwork, curveOf, curveTarget } from "../inference/comparison/curveNetwork.js";
import { hmc } from "../inference/sampling/hmc.js";
import { bnn } from "./bnn.js";
import { ensembleForecasts, memberKeys } from "./ensemble.js";
import { drawForecasts, type ForecastDraws } from "./forecastDraws.js";
import type { ForecastNetwork, NetworkConfig } from "./forecastNetwork.js";
import { lastLayerLaplace } from "./lastLayerLaplace.js";
import { mcDropout } from "./mcDropout.js";
import { plainNetwork } from "./plainNetwork.js";

/** Options of `curveStudy`. */
export interface CurveStudyOptions {
  readonly key: Key;
  /** Steps of every training. */
  readonly steps: number;
  /** Draws of the exact posterior, four chains together: a multiple of four. */
  readonly draws: number;
  /** Iterations of each chain before its first draw, 1,000 by default. */
  readonly warmup?: number;
  /** Networks of the ensemble, 10 by default. */
  readonly members?: number;
}

/** The curve on the grid by one method, [G] each. The noise of the points is left out. */
export interface CurveBand {
  readonly method: string;
  /** One word for it, such as for a mark of a slider. */
  readonly label: string;
  readonly mean: Float64Array;
  /** Ends of the central 90 % of the curves. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Standard deviation of the curves: the epistemic uncertainty. */
  readonly sd: Float64Array;
}

/** Curves through the same points by several methods beside the exact posterior. */
export interface CurveStudy {
  /** [N] the points, all with x between 0 and ½. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly noiseSd: number;
  /** [G] where the curves are read, and the true curve there. */
  readonly grid: Float64Array;
  readonly truth: Float64Array;
  /** The exact posterior by Hamiltonian Monte Carlo first. */
  readonly bands: readonly CurveBand[];
  /** Largest R̂ of the exact curve over the grid's ends and middle: near 1 when the chains agree. */
  readonly rhat: number;
}

const UNITS = 12;
const NOISE_SD = 0.06;
const POINTS = 60;
const OUTPUT_SD = 1.5 / Math.sqrt(UNITS);
const SETTING: CurveNetwork = {
  units: UNITS,
  noiseSd: NOISE_SD,
  prior: { weight: 4, bias: 2, outputWeight: OUTPUT_SD, outputBias: 1 },
};
const SHAPE: NetworkConfig = {
  ...{ inputs: 1, hidden: [UNITS], activation: "tanh", dropout: [], heads: ["return"] },
  noise: { variance: NOISE_SD ** 2 },
};
/** Standard deviations of the priors of the hidden layer and of the output. */
const PRIORS = [
  { weightSd: 4, biasSd: 2 },
  { weightSd: OUTPUT_SD, biasSd: 1 },
] as const;
const priorOf = (layer: number) => PRIORS[layer]!;

/** The true curve: x + 0.3 sin 2πx + 0.3 sin 4πx. */
export function waveAt(x: number): number {
  return x + 0.3 * Math.sin(2 * Math.PI * x) + 0.3 * Math.sin(4 * Math.PI * x);
}

/**
 * The bands of six methods for one network (12 tanh units, known noise, normal priors), given 60 points between 0 and ½.
 *
 * All have the same prior and likelihood and the same steps of training; dropout has a rate of 0.1.
 * @see Foong, Burt, Li & Turner 2020, for why mean field is too sure between and beside the points
 */
export async function curveStudy(options: CurveStudyOptions): Promise<CurveStudy> {
  const { key, steps, draws, warmup = 1000, members = 10 } = options;
  await startBackend();
  const x = uniforms(fold(key, "x"), POINTS).map((u) => u / 2);
  const y = normals(fold(key, "noise"), POINTS).map((e, n) => waveAt(x[n]!) + NOISE_SD * e);
  const grid = Float64Array.from({ length: 81 }, (_, g) => -0.4 + 0.02 * g);
  const exact = exactCurves(x, y, { grid, draws, warmup, key: fold(key, "hmc") });
  const data = { x: Float32Array.from(x), y: Float32Array.from(y), rows: POINTS };
  const fit = (model: ForecastNetwork, keys: readonly Key[]): Promise<Fit> =>
    train(model, data, {
      ...{ keys, batchSize: POINTS, epochs: steps, beta: constant(1), clip: 1000, sharedBatches: key },
      learningRate: (step) => 0.015 * 0.1 ** Math.max(0, (2 * step) / steps - 1),
    });
  const bayes = bnn({
    ...{ ...SHAPE, dataSize: POINTS, sampling: "local", initialSd: 0.05 },
    prior: (layer) => ({
      weights: { kind: "normal", sd: priorOf(layer).weightSd },
      biasSd: priorOf(layer).biasSd,
    }),
  });
  const plain = plainNetwork({ ...SHAPE, dataSize: POINTS, prior: priorOf });
  const dropping = plainNetwork({ ...SHAPE, dropout: [0.1], dataSize: POINTS, prior: priorOf });
  const field = await fit(bayes, [fold(key, "mean field")]);
  const modes = await fit(plain, memberKeys(fold(key, "members"), members));
  const dropped = await fit(dropping, [fold(key, "dropout")]);
  const at = Float32Array.from(grid);
  const ask = { draws: 400, key: fold(key, "ask") };
  const laplace = lastLayerLaplace(plain, takeReplicas(modes.weights, [0]), data, priorOf(1)).predict(at);
  return {
    ...{ x, y, noiseSd: NOISE_SD, grid, truth: grid.map(waveAt), rhat: exact.rhat },
    bands: [
      bandOf(["exact posterior", "exact"], exact.curves),
      bandOf(["Bayesian network", "Bayesian"], curvesOf(drawForecasts(bayes, field.weights, at, ask))),
      bandOf(["MC dropout", "dropout"], curvesOf(mcDropout(dropping, dropped.weights, at, ask))),
      bandOf(
        [`ensemble of ${members}`, "ensemble"],
        curvesOf(ensembleForecasts(plain, modes.weights, at, ask.key)),
      ),
      normalBand(["last-layer Laplace", "Laplace"], laplace.mean, laplace.epistemic.map(Math.sqrt)),
    ],
  };
}

/** Curves [S][G] of the exact posterior by four chains, and how well these agree. */
function exactCurves(
  x: Float64Array,
  y: Float64Array,
  {
    grid,
    draws,
    warmup,
    key,
  }: { readonly grid: Float64Array; readonly draws: number; readonly warmup: number; readonly key: Key },
) {
  const each = draws / 4;
  const target = curveTarget(SETTING, x, y);
  const { chains, dimension } = hmc(target, { chains: 4, warmup, draws: each, key, maxSteps: 64 });
  const byChain = chains.map((chain) =>
    Array.from({ length: each }, (_, i) =>
      curveOf(SETTING, chain.subarray(i * dimension, (i + 1) * dimension), grid),
    ),
  );
  const places = [0, Math.floor(grid.length / 2), grid.length - 1];
  const rhats = places.map(
    (g) => mcmcDiagnostics(byChain.map((curves) => curves.map((curve) => curve[g]!))).rhat,
  );
  return { curves: byChain.flat(), rhat: Math.max(...rhats) };
}

/** [S][G] the mean of each draw. */
function curvesOf({ returns, draws, rows }: ForecastDraws): Float64Array[] {
  const means = Float64Array.from(returns!.mean);
  return Array.from({ length: draws }, (_, s) => means.subarray(s * rows, (s + 1) * rows));
}

/** Of a method: whole, and in one word. */
type Names = readonly [string, string];

function bandOf([method, label]: Names, curves: readonly ArrayLike<number>[]): CurveBand {
  const rows = curves[0]!.length;
  const at = (g: number) => curves.map((curve) => curve[g]!);
  const over = (of: (values: number[]) => number) => Float64Array.from({ length: rows }, (_, g) => of(at(g)));
  const flat = Float64Array.from(curves.flatMap((curve) => Array.from(curve)));
  const { epistemic } = momentsOf({
    draws: curves.length,
    mean: flat,
    variance: new Float64Array(flat.length),
  });
  return {
    ...{ method, label, mean: over(mean), sd: epistemic.map(Math.sqrt) },
    lower: over((values) => quantile(values, 0.05)),
    upper: over((values) => quantile(values, 0.95)),
  };
}

function normalBand([method, label]: Names, centre: Float64Array, sd: Float64Array): CurveBand {
  const end = (sign: number) => centre.map((m, g) => m + sign * 1.6448536269514722 * sd[g]!);
  return { method, label, mean: centre, sd, lower: end(-1), upper: end(1) };
}
