/** Ratios of how fast assets fall with a factor to how fast they rise: of a decoder, of data, and of a simulated market. */
import { type Matrix, mean } from "../../../core/index.js";
import { weightedReturns } from "../risk/factorVariance.js";
import { sidedLoadings } from "./factorLoadings.js";

/** Slope down over slope up of each asset over networks that differ by their seed: [A] each. */
export interface SlopeRatios {
  readonly mean: Float64Array;
  /** Of the lowest and the highest network. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Average derivative of the decoder below zero over that above zero.
 * @param of      a study that `factorModel` returns
 * @param factor  index of the factor, 0 by default
 */
export function slopeRatios(
  of: { loadings(side: "down" | "up"): { readonly each: readonly Matrix[] } },
  factor = 0,
): SlopeRatios {
  const [down, up] = [of.loadings("down").each, of.loadings("up").each];
  const assets = Array.from({ length: down[0]!.rows }, (_, a) =>
    down.map((own, seed) => own.get(a, factor) / up[seed]!.get(a, factor)),
  );
  return {
    mean: Float64Array.from(assets, mean),
    lower: Float64Array.from(assets, (own) => Math.min(...own)),
    upper: Float64Array.from(assets, (own) => Math.max(...own)),
  };
}

/** The same by least squares of each asset on the falling and on the rising mean of all, [A]. @param x [N,A] row-major */
export function slopeRatiosOfData(x: Float64Array, columns: number): Float64Array {
  const market = weightedReturns(new Float64Array(columns).fill(1 / columns), x);
  const { down, up } = sidedLoadings(x, columns, market);
  return down.map((slope, a) => slope / up[a]!);
}

/** The same of what made a simulated market, [A]. */
export function trueSlopeRatios(truth: {
  readonly downLoadings: Float64Array;
  readonly upLoadings: Float64Array;
}): Float64Array {
  return truth.downLoadings.map((slope, a) => slope / truth.upLoadings[a]!);
}
