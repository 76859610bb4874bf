/** Convergence of chains, and the number of independent draws they are worth. */
import {
  checkFinite,
  checkLength,
  mean,
  median,
  powerOfTwo,
  quantile,
  standardNormalQuantile,
  variance,
} from "../../core/index.js";

/** One parameter's chains, judged. */
export interface McmcDiagnostics {
  /** Split R̂ of the draws themselves. */
  readonly rhatSplit: number;
  /** The larger of the rank-normalised R̂ of the draws and of their distance from the median. */
  readonly rhat: number;
  readonly essBulk: number;
  /** The smaller effective size of the 5 % and 95 % quantiles. */
  readonly essTail: number;
  readonly essMean: number;
  /** Monte-Carlo standard error of the mean. */
  readonly mcseMean: number;
}

/**
 * Convergence and effective sizes of chains [draws] of equal length, at least four draws each.
 * @throws RangeError when there is no chain, lengths differ, or a draw is not finite.
 * @see Vehtari, Gelman, Simpson, Carpenter & Bürkner 2021
 */
export function mcmcDiagnostics(chains: readonly ArrayLike<number>[]): McmcDiagnostics {
  const length = chains[0]?.length ?? 0;
  if (length < 4) throw new RangeError(`chains: expected at least one with four draws, got ${length} draws`);
  chains.forEach((chain, c) => {
    checkLength("chain", chain, length);
    checkFinite(`chain ${c}`, chain);
  });
  const unit = powerOfTwo(chains.flatMap((chain) => Array.from(chain))); // draws of any size have variances in it
  const scaled = chains.map((chain) => Float64Array.from(chain, (value) => value / unit));
  const all = scaled.flatMap((chain) => Array.from(chain));
  const halves = split(scaled);
  const centre = median(halves.flatMap((half) => Array.from(half)));
  const folded = halves.map((half) => half.map((value) => Math.abs(value - centre)));
  const essMean = effectiveSize(halves);
  return {
    rhatSplit: rHat(halves),
    rhat: Math.max(rHat(rankNormalised(halves)), rHat(rankNormalised(folded))),
    essBulk: effectiveSize(rankNormalised(halves)),
    essTail: Math.min(...[0.05, 0.95].map((p) => effectiveSize(below(halves, quantile(all, p))))),
    essMean,
    mcseMean: unit * Math.sqrt(variance(all) / essMean),
  };
}

/** Each chain cut in two; the middle draw of an odd chain is left out. */
function split(chains: readonly Float64Array[]): Float64Array[] {
  return chains.flatMap((chain) => {
    const half = Math.floor(chain.length / 2);
    return [chain.slice(0, half), chain.slice(chain.length - half)];
  });
}

function below(chains: readonly Float64Array[], limit: number): Float64Array[] {
  return chains.map((chain) => chain.map((value) => (value <= limit ? 1 : 0)));
}

/** Normal scores of the average ranks over all chains (equation 14). */
function rankNormalised(chains: readonly Float64Array[]): Float64Array[] {
  const length = chains[0]!.length;
  const values = chains.flatMap((chain) => Array.from(chain));
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const scores = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    const score = standardNormalQuantile((rank - 0.375) / (values.length + 0.25));
    for (; from < to; from++) scores[order[from]!] = score;
  }
  return chains.map((_, c) => scores.slice(c * length, (c + 1) * length));
}

/** √(var⁺ / W) */
function rHat(chains: readonly Float64Array[]): number {
  const { within, pooled } = variances(chains);
  return Math.sqrt(pooled / within);
}

function variances(chains: readonly Float64Array[]) {
  const length = chains[0]!.length;
  const within = mean(chains.map((chain) => variance(chain)));
  const between = chains.length > 1 ? variance(chains.map((chain) => mean(chain))) : 0;
  return { within, pooled: (within * (length - 1)) / length + between };
}

/** Effective size by Geyer's initial monotone sequence over the average autocovariance (section 3.2), as ArviZ counts it. */
function effectiveSize(chains: readonly Float64Array[]): number {
  const total = chains.length * chains[0]!.length;
  const { within, pooled } = variances(chains);
  if (!(pooled > 0)) return total;
  const correlation = (lag: number) => 1 - (within - meanAutocovariance(chains, lag)) / pooled;
  const rho = [1, correlation(1)];
  let lag = 1;
  let [even, odd] = rho as [number, number];
  while (lag < chains[0]!.length - 3 && even + odd > 0) {
    [even, odd] = [correlation(lag + 1), correlation(lag + 2)];
    if (even + odd >= 0) rho.push(even, odd);
    lag += 2;
  }
  const last = lag - 2;
  if (even > 0) rho[last + 1] = even;
  for (let t = 1; t <= last - 2; t += 2) {
    if (rho[t + 1]! + rho[t + 2]! <= rho[t - 1]! + rho[t]!) continue;
    rho[t + 1] = (rho[t - 1]! + rho[t]!) / 2;
    rho[t + 2] = rho[t + 1]!;
  }
  const summed = rho.slice(0, last + 1).reduce((a, b) => a + b, 0);
  return total / Math.max(2 * summed - 1 + (rho[last + 1] ?? 0), 1 / Math.log10(total));
}

/** Average over the chains of the autocovariance at `lag`, with divisor n. */
function meanAutocovariance(chains: readonly Float64Array[], lag: number): number {
  return mean(
    chains.map((chain) => {
      const centre = mean(chain);
      let covariance = 0;
      for (let i = lag; i < chain.length; i++)
        covariance += (chain[i]! - centre) * (chain[i - lag]! - centre);
      return covariance / chain.length;
    }),
  );
}
