/** Returns that could be, drawn from a trained autoencoder: factors first, then each asset's own part. */
import {
  checkCount,
  checkFinite,
  checkLength,
  checkPositive,
  fold,
  integers,
  type Key,
  normals,
} from "../../../core/index.js";
import { type DiagonalGaussians, drawDiagonalGaussians } from "../../../prob/distributions/index.js";
import type { PlainVae } from "../../vae/plainVae.js";

/** Where the factors of a scenario come from. */
export type FactorDistribution =
  /** z ~ N(0, I): what the model says of any time. */
  | { readonly kind: "prior" }
  /** z ~ N(mean, diag sd²): a stress. [K] each */
  | { readonly kind: "normal"; readonly mean: ArrayLike<number>; readonly sd: ArrayLike<number> }
  /** The posterior of a row drawn from those given, such as those of one regime: what was, and near it. */
  | { readonly kind: "rows"; readonly latents: DiagonalGaussians };

/** Options of `factorScenarios`. */
export interface ScenarioOptions {
  /** S */
  readonly count: number;
  readonly key: Key;
  /** Default the prior. */
  readonly distribution?: FactorDistribution;
  /**
   * The assets' own part: "gaussian" of the learnt variances; "none", which understates risk; or the residuals of rows [N,A], drawn
   * for each asset by itself.
   */
  readonly own?: "gaussian" | "none" | Float64Array;
}

/** S scenarios, row-major, in the unit of the training data. */
export interface FactorScenarios {
  readonly count: number;
  readonly assets: number;
  readonly latents: number;
  /** [S,A] */
  readonly returns: Float64Array;
  /** [S,A] the factors' part: the decoded mean. */
  readonly systematic: Float64Array;
  /** [S,K] */
  readonly factors: Float64Array;
}

/**
 * Draws of x = decode(z) + e.
 * @throws RangeError when a count, a length or a deviation makes no sense.
 */
export function factorScenarios(vae: PlainVae, options: ScenarioOptions): FactorScenarios {
  const { count, key, distribution = { kind: "prior" }, own = "gaussian" } = options;
  checkCount("count", count);
  const { inputs: assets, latents } = vae;
  const factors = drawFactors(distribution, latents, count, fold(key, "factors"));
  const systematic = decodeAll(vae, factors);
  const alone = ownParts(vae, own, count, fold(key, "own"));
  const returns = alone ? systematic.map((value, i) => value + alone[i]!) : systematic.slice();
  return { count, assets, latents, returns, systematic, factors };
}

/** Decoded means of latents [S,K], as [S,A]. */
export function decodeAll(vae: PlainVae, z: Float64Array): Float64Array {
  const { inputs, latents } = vae;
  const out = new Float64Array((z.length / latents) * inputs);
  for (let s = 0; s * latents < z.length; s++)
    out.set(vae.decode(z.subarray(s * latents, (s + 1) * latents)), s * inputs);
  return out;
}

/**
 * Posteriors of the latents of rows [N,A], without tensors.
 * @throws RangeError when x is not whole rows.
 */
export function encodeAll(vae: PlainVae, x: ArrayLike<number>): DiagonalGaussians {
  const { inputs, latents } = vae;
  const rows = x.length / inputs;
  checkCount("rows", rows);
  const values = Float64Array.from(x);
  const posteriors = { rows, latents, mean: new Float64Array(rows * latents), logVar: new Float64Array(0) };
  posteriors.logVar = new Float64Array(posteriors.mean.length);
  for (let n = 0; n < rows; n++) {
    const { mean, variance } = vae.encode(values.subarray(n * inputs, (n + 1) * inputs));
    posteriors.mean.set(mean, n * latents);
    posteriors.logVar.set(variance.map(Math.log), n * latents);
  }
  return posteriors;
}

/** x less its reconstruction from the latents' means, [N,A]. */
export function residuals(vae: PlainVae, x: ArrayLike<number>): Float64Array {
  const back = decodeAll(vae, encodeAll(vae, x).mean);
  return back.map((value, i) => x[i]! - value);
}

function drawFactors(
  distribution: FactorDistribution,
  latents: number,
  count: number,
  key: Key,
): Float64Array {
  if (distribution.kind === "prior") return normals(key, count * latents);
  if (distribution.kind === "normal") {
    const { mean, sd } = distribution;
    checkLength("mean", mean, latents);
    checkLength("sd", sd, latents);
    checkFinite("mean", mean);
    for (let k = 0; k < latents; k++) checkPositive(`sd[${k}]`, sd[k]!);
    return normals(key, count * latents).map((e, i) => mean[i % latents]! + sd[i % latents]! * e);
  }
  const posteriors = distribution.latents;
  checkLength("latents: mean", posteriors.mean, posteriors.rows * latents);
  const at = integers(fold(key, "rows"), count, posteriors.rows);
  const pick = (values: Float64Array) =>
    Float64Array.from({ length: count * latents }, (_, i) => {
      const row = at[Math.floor(i / latents)]!;
      return values[row * latents + (i % latents)]!;
    });
  const drawn = { rows: count, latents, mean: pick(posteriors.mean), logVar: pick(posteriors.logVar) };
  return drawDiagonalGaussians(drawn, fold(key, "codes"));
}

function ownParts(
  { inputs, noiseVariance }: PlainVae,
  own: NonNullable<ScenarioOptions["own"]>,
  count: number,
  key: Key,
): Float64Array | undefined {
  if (own === "none") return undefined;
  if (own === "gaussian")
    return normals(key, count * inputs).map((e, i) => Math.sqrt(noiseVariance[i % inputs]!) * e);
  const rows = own.length / inputs;
  checkCount("own: rows", rows);
  const at = integers(key, count * inputs, rows);
  return Float64Array.from(at, (row, i) => own[row * inputs + (i % inputs)]!);
}
