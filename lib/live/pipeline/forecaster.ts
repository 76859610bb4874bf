/** A model as a live pipeline asks it: predictions at the mean for all rows, and draws of its posterior for some. */
import { checkCount, checkPositive, fold, type Key, key as keyOf } from "../../core/index.js";
import type { Bnn } from "../../models/bnn/index.js";
import {
  type ForecastDraws,
  type Forecaster,
  openForecaster,
  posteriorSamples,
} from "../../models/bnn/index.js";
import type { MarketVae } from "../../models/marketVae/index.js";
import { openMarketForecaster, type WindowLatents } from "../../models/marketVae/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { sizeOf } from "../../nn/training/index.js";

/** Draws of N rows in the unit of the scaled target; those of the return are always there. */
export type ReturnDraws = ForecastDraws & Required<Pick<ForecastDraws, "returns">>;

/** Rows and time of the draws. */
export interface DrawsWanted {
  /** Which rows of those looked at, [N]. */
  readonly rows: readonly number[];
  /** [N] of the decision and the symbol: what is drawn for a row does not depend on the rows beside it. */
  readonly rowKeys: readonly Key[];
  /** Of the decision, UTC ms. */
  readonly time: number;
}

/** Rows that a model has seen. */
export interface ForecastInput {
  /** Predictions of all rows by mean weights or mean latents: one draw a replica. */
  atMean(): ReturnDraws;
  /** Predictions of some rows by draws of the posterior. */
  draw(wanted: DrawsWanted): ReturnDraws;
}

/** A model that predicts rows at any time without building anything anew. */
export interface LiveForecaster {
  /** Numbers a row of x. */
  readonly inputs: number;
  /** @param x [N, inputs] scaled, one row a symbol: all symbols are one batch */
  look(x: Float32Array): ForecastInput;
  dispose(): void;
}

/** Options of `bnnForecaster`. */
export interface BnnForecasterOptions {
  /** S draws for each replica. */
  readonly draws: number;
  /** Of the weights that are kept. */
  readonly key: Key;
  /**
   * "kept": S whole networks are drawn at the start and asked each time. "fresh": noise is drawn for each decision. `everyMs`: the
   * networks are drawn anew when UTC time passes a multiple of it; that decision takes some tenths of a second more.
   */
  readonly posterior: "kept" | "fresh" | { readonly everyMs: number };
  /** The most rows that will be looked at: passes for all numbers are compiled at the start. */
  readonly rows: number;
}

/**
 * The Bayesian network, standing ready.
 * @throws RangeError when it has no return head or a number makes no sense.
 */
export function bnnForecaster(model: Bnn, weights: Weights, options: BnnForecasterOptions): LiveForecaster {
  const { draws, posterior, rows, key } = options;
  const { inputs, heads } = model.config;
  checkCount("draws", draws);
  if (!heads.includes("return"))
    throw new RangeError(`heads: expected one of the return, got ${heads.join(", ")}`);
  const sizes = passSizes(rows);
  const network = openForecaster(model, weights);
  const still = (of: Forecaster, x: Float32Array) =>
    withReturns(of.draw(x, { draws: 1, key, roles: [], padTo: padded(x.length / inputs, sizes) }));
  const kept = posterior === "fresh" ? undefined : keptNetworks(model, weights, options);
  const forecaster: LiveForecaster = {
    inputs,
    look: (x) => ({
      atMean: () => still(network, x),
      draw({ rows: some, rowKeys, time }) {
        const picked = pick(x, inputs, some);
        if (kept) return still(kept.at(time), picked);
        return withReturns(network.draw(picked, { draws, key, rowKeys, padTo: padded(some.length, sizes) }));
      },
    }),
    dispose() {
      network.dispose();
      kept?.dispose();
    },
  };
  return warmedUp(forecaster, sizes);
}

/** Options of `vaeForecaster`. */
export interface VaeForecasterOptions {
  /** S draws of the latents for each replica. */
  readonly draws: number;
  /** The most rows that will be looked at: passes for all numbers are compiled at the start. */
  readonly rows: number;
}

/**
 * The market VAE as a live forecaster: a window is encoded once, however often it is drawn.
 * @throws RangeError when the draws or rows are not positive integers.
 */
export function vaeForecaster(
  model: MarketVae,
  weights: Weights,
  { draws, rows }: VaeForecasterOptions,
): LiveForecaster {
  checkCount("draws", draws);
  const inputs = sizeOf(model.inputShape);
  const sizes = passSizes(rows);
  const passes = openMarketForecaster(model, weights);
  const forecaster: LiveForecaster = {
    inputs,
    look(x) {
      const codes = passes.encode(x, padded(x.length / inputs, sizes));
      return {
        atMean: () => passes.atMeans(codes, padded(codes.shape[1], sizes)),
        draw: ({ rows: some, rowKeys }) =>
          passes.draw(pickCodes(codes, some), { draws, rowKeys, padTo: padded(some.length, sizes) }),
      };
    },
    dispose: passes.dispose,
  };
  return warmedUp(forecaster, sizes);
}

/** S networks of the posterior, drawn again where a period of time begins: which they are depends on the time alone. */
function keptNetworks(model: Bnn, weights: Weights, { draws, key, posterior, rows }: BnnForecasterOptions) {
  const everyMs = typeof posterior === "object" ? posterior.everyMs : undefined;
  if (everyMs !== undefined) checkPositive("everyMs", everyMs);
  const periodOf = (time: number) => (everyMs === undefined ? 0 : Math.floor(time / everyMs));
  let [period, networks]: [number, Forecaster | undefined] = [0, undefined];
  const dispose = () => networks?.dispose();
  return {
    at(time: number): Forecaster {
      if (networks && periodOf(time) === period) return networks;
      dispose();
      period = periodOf(time);
      const drawn = posteriorSamples(model, weights, { draws, key: fold(key, "posterior", period) });
      networks = openForecaster(drawn.network, drawn.weights);
      for (const size of passSizes(rows)) {
        const x = new Float32Array(size * model.config.inputs);
        for (let i = 0; i < CALLS; i++) networks.draw(x, { draws: 1, key, roles: [] });
      }
      return networks;
    },
    dispose,
  };
}

/** A compiled pass is recorded at its first call and compared at its second. */
const CALLS = 2;

/** 1, 2, 4 … and the largest in fours, as products take rows: passes of few sizes serve all numbers of rows. */
function passSizes(rows: number): readonly number[] {
  checkCount("rows", rows);
  const powers = Array.from({ length: Math.ceil(Math.log2(rows)) }, (_, i) => 2 ** i);
  return [...powers, rows > 2 ? 4 * Math.ceil(rows / 4) : rows];
}

function padded(rows: number, sizes: readonly number[]): number {
  return sizes.find((size) => size >= rows) ?? rows;
}

/** Compiles every pass, so that no decision has to. */
function warmedUp(forecaster: LiveForecaster, sizes: readonly number[]): LiveForecaster {
  for (const size of sizes) {
    const x = new Float32Array(size * forecaster.inputs);
    const rows = Array.from({ length: size }, (_, n) => n);
    for (let i = 0; i < CALLS; i++) {
      const seen = forecaster.look(x);
      seen.atMean();
      seen.draw({ rows, rowKeys: rows.map(() => keyOf("warm up")), time: 0 });
    }
  }
  return forecaster;
}

function withReturns(draws: ForecastDraws): ReturnDraws {
  return { ...draws, returns: draws.returns! };
}

/** Rows of [N, width], copied. */
function pick(x: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(x.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

function pickCodes({ shape, mean, logVar }: WindowLatents, rows: readonly number[]): WindowLatents {
  const [replicas, all, latents] = shape;
  const picked = (values: Float64Array): Float64Array => {
    const out = new Float64Array(replicas * rows.length * latents);
    for (let r = 0; r < replicas; r++)
      rows.forEach((row, i) => {
        const from = (r * all + row) * latents;
        out.set(values.subarray(from, from + latents), (r * rows.length + i) * latents);
      });
    return out;
  };
  return { shape: [replicas, rows.length, latents], mean: picked(mean), logVar: picked(logVar) };
}
