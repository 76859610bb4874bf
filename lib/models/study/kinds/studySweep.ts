/** Results of each β of a sweep, beside what reverse water-filling predicts for it from the training part. */
import { fold, type Key, mean, permutation } from "../../../core/index.js";
import { type BottleneckRow, bottleneckRows } from "../../disentangle/bottleneck.js";
import { predictSweep } from "../../factor/linear/waterFilling.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "./studyFit.js";
import type { StudyPart } from "./studyModel.js";

/** Options of a sweep. */
export interface SweepOptions {
  readonly key: Key;
  /** Rows of the part that are used, drawn at random: the cost grows with their square. 700 by default, or all if there are fewer. */
  readonly rows?: number;
}

/** One network. */
export type NetworkRow = BottleneckRow & { readonly seed: number };

/** One β: means over its networks, and predictions for linear maps. */
export type SweepRow = {
  readonly beta: number;
  /** β · s²: directions with a smaller variance are given up. */
  readonly level: number;
  /** Active dimensions. */
  readonly active: number;
  readonly activePredicted: number;
  /** Nats a row. */
  readonly kl: number;
  readonly klPredicted: number;
  /** Squared error of a row from a decoded draw, summed over its columns. */
  readonly error: number;
  readonly errorPredicted: number;
  /** Nats a row. */
  readonly information: number;
  readonly totalCorrelation: number;
  /** Distances of the single dimensions from the prior, summed, nats. */
  readonly dimensionwise: number;
};

/** A sweep of β: networks by β and seed. */
export interface Sweep {
  /** [R] */
  readonly networks: readonly NetworkRow[];
  /** One a β, in the order of the sweep. */
  readonly betas: readonly SweepRow[];
}

/**
 * KL and its parts, squared error and active dimensions of every network on rows of a part, and the prediction for each β.
 *
 * Predicted is what linear maps with the network's noise variance would give: from the eigenvalues of the training part alone.
 * @throws RangeError when the noise variance of the network is learnt, or the part has no row.
 * @see Alemi et al. 2018; Lucas, Tucker, Grosse & Norouzi 2019
 */
export function sweepTable(fit: StudyFit<Vae>, part: StudyPart, { key, rows = 700 }: SweepOptions): Sweep {
  const { network } = fit.model;
  const { noise } = network.config;
  if (typeof noise !== "object")
    throw new RangeError(`noise: expected a stated variance, as of models.betaVae, got "${noise}"`);
  const measured = bottleneckRows(
    network,
    fit.weights,
    someRows(part, Math.min(rows, part.rows), fold(key, "rows")),
    {
      betas: fit.settings.map(({ beta }) => beta),
      key: fold(key, "draws"),
    },
  );
  const networks = measured.map((row, r) => ({ ...row, seed: fit.settings[r]!.seed }));
  const betas = [...new Set(networks.map(({ beta }) => beta))];
  const { train, length, columns } = fit.data;
  const predicted = predictSweep(Float64Array.from(train.x), length * columns.length, {
    ...{ latents: network.latents, noiseVar: noise.variance, betas },
  });
  return { networks, betas: predicted.map((one) => sweepRow(networks, one, noise.variance)) };
}

function sweepRow(
  networks: readonly NetworkRow[],
  predicted: ReturnType<typeof predictSweep>[number],
  noiseVar: number,
): SweepRow {
  const own = networks.filter(({ beta }) => beta === predicted.beta);
  const average = (of: (row: NetworkRow) => number) => mean(own.map(of));
  return {
    beta: predicted.beta,
    level: predicted.beta * noiseVar,
    active: average((row) => row.activeUnits),
    activePredicted: predicted.activeUnits,
    kl: average((row) => row.rate),
    klPredicted: predicted.rate,
    error: average((row) => row.distortion),
    errorPredicted: predicted.distortion,
    information: average((row) => row.information),
    totalCorrelation: average((row) => row.totalCorrelation),
    dimensionwise: average((row) => row.dimensionwise),
  };
}

function someRows({ x, rows }: StudyPart, count: number, key: Key): Float32Array {
  const size = x.length / rows;
  const out = new Float32Array(count * size);
  permutation(key, rows)
    .slice(0, count)
    .forEach((row, n) => {
      out.set(x.subarray(row * size, (row + 1) * size), n * size);
    });
  return out;
}
