/** A trained portfolio autoencoder in float64 and without tensors: latents of portfolios, portfolios of latents, and slopes. */
import { checkFinite, checkLength } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { type Conditioner, checkWeights, countsOf, standardise } from "./portfolioData.js";
import {
  namedParameters,
  type PlainLayer,
  plainLayers,
  pulledBack,
  throughLayers,
} from "./portfolioLayers.js";
import { portfolioLogLikelihood, SPREAD, spreadFrom, spreadOf } from "./portfolioLikelihood.js";
import {
  checkConditions,
  encoderRows,
  latentsOf,
  logitPull,
  type PortfolioLatents,
  softmaxRows,
} from "./portfolioRows.js";
import { CONDITION, type PortfolioVae } from "./portfolioVae.js";

/** One replica. Conditions come in their own units; all arrays returned are the caller's. */
export interface PortfolioAutoencoder {
  /** A, K, C */
  readonly assets: number;
  readonly latents: number;
  readonly conditions: number;
  /** Concentration of the Dirichlet, or 1 / variance of the squared error. */
  readonly precision: number;
  /** @param w [A] @param c [C] @returns [K] each */
  encode(w: ArrayLike<number>, c?: ArrayLike<number>): PortfolioLatents;
  /** @param weights [N,A] @param c [N,C], or [C] for all rows @returns [N,K] each */
  encodeAll(weights: Float64Array, c?: ArrayLike<number>): PortfolioLatents;
  /** Weights [A] of sum 1, all positive. @param z [K] */
  decode(z: ArrayLike<number>, c?: ArrayLike<number>): Float64Array;
  /** [N,A] @param z [N,K] @param c [N,C], or [C] for all rows */
  decodeAll(z: ArrayLike<number>, c?: ArrayLike<number>): Float64Array;
  /** ∂ decode / ∂z, [A,K] row-major. */
  jacobian(z: ArrayLike<number>, c?: ArrayLike<number>): Float64Array;
  /** Jᵀ g [K]: what a change g [A] of the weights asks of the latent vector. */
  pullBack(z: ArrayLike<number>, g: ArrayLike<number>, c?: ArrayLike<number>): Float64Array;
  /** log p(w | z) of the lots, nats. */
  logLikelihood(w: ArrayLike<number>, z: ArrayLike<number>, c?: ArrayLike<number>): number;
  /** The same with a condition [C] that holds for every row: it asks for none. */
  given(c: ArrayLike<number>): PortfolioAutoencoder;
}

/**
 * The replica's encoder and decoder.
 * @throws RangeError when the replica is not there, or the conditioner does not have the model's conditions.
 */
export function portfolioAutoencoder(
  model: PortfolioVae,
  weights: Weights,
  options: { readonly replica?: number; readonly conditioner?: Conditioner } = {},
): PortfolioAutoencoder {
  const { replica = 0, conditioner } = options;
  const { hidden = [64, 32], conditions = 0 } = model.config;
  const told = conditioner?.names.length ?? 0;
  if (told !== conditions)
    throw new RangeError(`conditioner: expected ${conditions} conditions, got ${told}`);
  const named = namedParameters(model, weights, replica);
  const numbered = (name: string) => hidden.map((_, i) => `${name}/${i}`);
  const network: Network = {
    ...{ model, conditioner },
    reader: plainLayers(named, [...numbered("encoder"), "codes"]),
    writer: plainLayers(named, [...numbered("decoder"), "decoder/out"]),
    condition: named.get(`${CONDITION}/weight`) ?? new Float64Array(0),
    spread: learnedSpread(model, named),
  };
  return coderOf(network);
}

interface Network {
  readonly model: PortfolioVae;
  readonly conditioner: Conditioner | undefined;
  readonly reader: readonly PlainLayer[];
  readonly writer: readonly PlainLayer[];
  /** [C, outputs of the first writer] */
  readonly condition: Float64Array;
  readonly spread: number;
}

function learnedSpread({ config }: PortfolioVae, named: ReadonlyMap<string, Float64Array>): number {
  const stated = spreadOf(config.likelihood);
  return stated === "learned" ? spreadFrom(named.get(SPREAD)![0]!) : stated;
}

function coderOf(network: Network, fixed?: Float64Array): PortfolioAutoencoder {
  const { model, reader, writer, spread } = network;
  const { assets, likelihood } = model.config;
  const { latents } = model;
  const width = model.config.conditions ?? 0;
  const told = (c: ArrayLike<number> | undefined) => {
    if (fixed && c) throw new RangeError("conditions: expected none, the coder has its own");
    return fixed ?? standardised(network, c);
  };
  const through = (z: ArrayLike<number>, c?: ArrayLike<number>) => {
    checkRows("z", z, latents);
    return throughLayers(writer, z, conditionShift(network, told(c), z.length / latents));
  };
  const logits = (z: ArrayLike<number>, c?: ArrayLike<number>) => through(z, c)[writer.length - 1]!;
  const encodeAll = (weights: Float64Array, c?: ArrayLike<number>): PortfolioLatents => {
    const rows = checkWeights({ weights, assets });
    const out = throughLayers(reader, encoderRows(weights, { rows, told: told(c), width }));
    return latentsOf(out[reader.length - 1]!, latents);
  };
  const one = (z: ArrayLike<number>) => checkLength("z", z, latents);
  const pull = (z: ArrayLike<number>, c: ArrayLike<number> | undefined) => {
    one(z);
    return pullOf(writer, through(z, c));
  };
  return {
    ...{ assets, latents },
    conditions: fixed ? 0 : width,
    precision: likelihood.kind === "simplex" ? spread : 1 / spread,
    encode: (w, c) => encodeAll(Float64Array.from(w), c),
    encodeAll,
    decode(z, c) {
      one(z);
      return softmaxRows(logits(z, c), assets);
    },
    decodeAll: (z, c) => softmaxRows(logits(z, c), assets),
    jacobian(z, c) {
      return jacobianOf(pull(z, c), assets, latents);
    },
    pullBack(z, g, c) {
      checkLength("g", g, assets);
      return pull(z, c)(g);
    },
    logLikelihood(w, z, c) {
      one(z);
      const logMean = softmaxRows(logits(z, c), assets).map(Math.log);
      return portfolioLogLikelihood(likelihood, countsOf(w, likelihood.lots), { logMean, spread });
    },
    given(c) {
      if (fixed) throw new RangeError("given: expected a coder without a condition, this one has its own");
      checkLength("condition", c, width);
      return coderOf(network, standardised(network, c));
    },
  };
}

type Pull = (g: ArrayLike<number>) => Float64Array;

/** From changes of the weights to those of the latent vector, at what the layers have made of it. */
function pullOf(writer: readonly PlainLayer[], made: readonly Float64Array[]): Pull {
  const last = made[writer.length - 1]!;
  const w = softmaxRows(last, last.length);
  return (g) => pulledBack(writer, made, logitPull(last, w, g));
}

/** [A,K], row by row. */
function jacobianOf(pull: Pull, assets: number, latents: number): Float64Array {
  const out = new Float64Array(assets * latents);
  for (let a = 0; a < assets; a++) {
    const unit = new Float64Array(assets);
    unit[a] = 1;
    out.set(pull(unit), a * latents);
  }
  return out;
}

/** Conditions in the model's units; empty where it has none. */
function standardised({ conditioner }: Network, c: ArrayLike<number> | undefined): Float64Array {
  const wanted = conditioner?.names ?? [];
  if (wanted.length > 0 && !c) throw new RangeError(`conditions: expected ${wanted.join(", ")}, got none`);
  if (!c) return new Float64Array(0);
  if (!conditioner) throw new RangeError(`conditions: expected none, got ${c.length} numbers`);
  return standardise(conditioner, c);
}

/** What conditions add to the first layer: one row for all, or one each. */
function conditionShift(
  { condition, writer }: Network,
  told: Float64Array,
  rows: number,
): Float64Array | undefined {
  const outputs = writer[0]!.outputs;
  const width = condition.length / outputs;
  if (width === 0) return undefined;
  checkConditions(told, width, rows);
  const first = { inputs: width, outputs, weight: condition, bias: new Float64Array(outputs) };
  return throughLayers([first], told)[0];
}

function checkRows(name: string, values: ArrayLike<number>, width: number): void {
  checkLength(name, values, Math.max(1, Math.round(values.length / width)) * width);
  checkFinite(name, values);
}
