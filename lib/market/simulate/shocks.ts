/** The shocks of one simulated asset: its answer to the market, its sector's and its own, and what they amount to. */
import gammaln from "@stdlib/math-base-special-gammaln";
import { fold, type Key, normals, uniforms } from "../../core/index.js";
import type { Asset } from "./assets.js";
import { type Hidden, studentShocks } from "./hidden.js";
import { JUMPS, TAIL } from "./parameters.js";

/** One asset's shocks. All [T]. */
export interface AssetShocks {
  /** Of unit variance, given the regime. */
  shock: Float64Array;
  /** The variance of the bar once its tails and jumps are known: what volume and range answer to. */
  mixture: Float64Array;
  jumped: Uint8Array;
}

/** Mean of |T| for a Student-t of unit variance. */
export function meanAbsoluteStudent(freedom: number): number {
  const log = gammaln((freedom + 1) / 2) - gammaln(freedom / 2);
  const raw = (2 * Math.sqrt(freedom / Math.PI) * Math.exp(log)) / (freedom - 1);
  return raw * Math.sqrt((freedom - 2) / freedom);
}

const MEAN_SIZE = meanAbsoluteStudent(TAIL.common);

/** Standard deviation of x − asymmetry · |x| for the market's everyday shock x. */
export function asymmetricDeviation(asymmetry: number): number {
  return Math.sqrt(1 + asymmetry ** 2 * (1 - MEAN_SIZE ** 2));
}

/** The asset's answer to the market's everyday shock: steeper where it is negative; mean 0, variance 1. */
export function answer(asymmetry: number, shock: number): number {
  return (shock - asymmetry * (Math.abs(shock) - MEAN_SIZE)) / asymmetricDeviation(asymmetry);
}

export function assetShocks(k: Key, own: Asset, hidden: Hidden, hours: number): AssetShocks {
  const count = hidden.shock.length;
  const { common, sectoral, asymmetry } = own;
  const rest = Math.sqrt(1 - common ** 2 - sectoral ** 2);
  const sector = hidden.sectors[own.sector]!;
  const alone = ownShocks(k, count, hours);
  const shock = new Float64Array(count);
  const mixture = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    const [weight, crash] = [hidden.weight[t]!, hidden.crash[t]!];
    const market = weight * answer(asymmetry, hidden.tail.shock[t]!) + crash;
    shock[t] = common * market + sectoral * sector.shock[t]! + rest * alone.shock[t]!;
    mixture[t] =
      common ** 2 * (weight ** 2 * hidden.tail.mixture[t]! + crash ** 2) +
      sectoral ** 2 * sector.mixture[t]! +
      rest ** 2 * alone.mixture[t]!;
  }
  return { shock, mixture, jumped: alone.jumped };
}

/** Student-t shocks with rare jumps, up as often as down; unit variance together. */
function ownShocks(k: Key, count: number, hours: number): AssetShocks {
  const chance = 1 - Math.exp(-JUMPS.rate * hours);
  const share = chance * JUMPS.size ** 2;
  const tail = studentShocks(k, count, TAIL.own);
  const happens = uniforms(fold(k, "jump happens"), count);
  const size = normals(fold(k, "jump size"), count);
  const jumped = Uint8Array.from(happens, (u) => (u < chance ? 1 : 0));
  const keep = Math.sqrt(1 - share);
  const jump = size.map((x, t) => (jumped[t] ? JUMPS.size * x : 0));
  return {
    shock: tail.shock.map((x, t) => keep * x + jump[t]!),
    mixture: tail.mixture.map((x, t) => keep ** 2 * x + jump[t]! ** 2),
    jumped,
  };
}
