/** The weight of the divergence of a portfolio autoencoder: settings side by side, and the choice among them. */
import { checkCount, checkLength, fold, type Key, mean, normals } from "../../core/index.js";
import type { PortfolioAutoencoder } from "./portfolioAutoencoder.js";
import { portfolioBounds } from "./portfolioBounds.js";
import type { WeightSet } from "./portfolioData.js";

/** A portfolio autoencoder that was trained at β, measured on portfolios that it has not seen. */
export type BetaRow = {
  readonly beta: number;
  /** Concentration, or 1 / variance, that it holds at the end. */
  readonly likelihoodPrecision: number;
  /** Held-out bound at β = 1 and its KL, nats a portfolio. */
  readonly bound: number;
  readonly kl: number;
  /** Latents of which held-out portfolios need more than 0.02 nats. */
  readonly activeUnits: number;
  /** Euclidean distance of held-out portfolios to their reconstructions, root mean square. */
  readonly error: number;
  /** Of decoded draws of the prior, as `agreement` has it. */
  readonly precision: number;
  readonly coverage: number;
};

/** Precision and coverage of a generated set against a reference, such as `portfolio.latent.compareSets` measures them. */
export type Agreement = (generated: WeightSet) => { readonly precision: number; readonly coverage: number };

/** Options of `betaRows`. */
export interface BetaOptions {
  /** [N] β of each autoencoder, in their order. */
  readonly betas: readonly number[];
  /** Portfolios that none was trained on; the reference of `agreement` should be others again. */
  readonly heldOut: WeightSet;
  readonly agreement: Agreement;
  /** How many portfolios each generates. */
  readonly count: number;
  readonly key: Key;
}

/**
 * One row for each autoencoder, such as those of `sweepBeta`, all with the same draws.
 * @throws RangeError when autoencoders and betas differ in number.
 */
export function betaRows(vaes: readonly PortfolioAutoencoder[], options: BetaOptions): BetaRow[] {
  const { betas, heldOut, agreement, count, key } = options;
  checkLength("betas", betas, vaes.length);
  checkCount("count", count);
  return vaes.map((vae, i) => {
    const { assets, latents } = vae;
    const codes = vae.encodeAll(heldOut.weights);
    const kls = klByUnit(codes, latents);
    const back = vae.decodeAll(codes.mean);
    const squares = back.reduce((total, w, j) => total + (w - heldOut.weights[j]!) ** 2, 0);
    const weights = vae.decodeAll(normals(fold(key, "prior"), count * latents));
    const agreed = agreement({ weights, assets });
    return {
      beta: betas[i]!,
      likelihoodPrecision: vae.precision,
      bound: mean(portfolioBounds(vae, heldOut.weights, { draws: 10, key: fold(key, "bound") }).elbo),
      kl: kls.reduce((a, b) => a + b, 0),
      activeUnits: kls.filter((nats) => nats > ACTIVE).length,
      error: Math.sqrt((squares * assets) / heldOut.weights.length),
      ...{ precision: agreed.precision, coverage: agreed.coverage },
    };
  });
}

const ACTIVE = 0.02;

/** Mean KL to N(0, 1) of each latent, [K] nats. */
function klByUnit(
  { mean: centre, variance }: { readonly mean: Float64Array; readonly variance: Float64Array },
  latents: number,
): Float64Array {
  const out = new Float64Array(latents);
  const rows = centre.length / latents;
  for (let i = 0; i < centre.length; i++)
    out[i % latents]! += (0.5 * (centre[i]! ** 2 + variance[i]! - 1 - Math.log(variance[i]!))) / rows;
  return out;
}

/**
 * The row of greatest coverage among those precise enough; of coverages closer than `tie` the one of greatest β, the smoothest.
 *
 * Coverage alone would like a generator of everything, precision alone one that knows a single portfolio.
 * @param options `precision`: least share of generated portfolios among their like, such as 0.95 of a second sample's
 * @throws RangeError when none is precise enough.
 */
export function bestBeta(
  rows: readonly BetaRow[],
  { precision, tie = 0.02 }: { readonly precision: number; readonly tie?: number },
): BetaRow {
  const precise = rows.filter((row) => row.precision >= precision);
  if (precise.length === 0)
    throw new RangeError(
      `precision: expected a setting of at least ${precision}, the best has ${Math.max(...rows.map((row) => row.precision))}`,
    );
  const most = Math.max(...precise.map((row) => row.coverage));
  return precise
    .filter((row) => row.coverage >= most - tie)
    .reduce((best, row) => (row.beta > best.beta ? row : best));
}
