/** Does a value at risk hold what it says: exceedances as often as announced, and not in clusters? */
import { checkCount, checkLength, chiSquareSurvival } from "../../core/index.js";

/** A likelihood-ratio test. */
export interface LikelihoodRatio {
  /** Twice the gain in log-likelihood, in nats. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Exceedances of a value at risk, counted. */
export interface Exceedances {
  /** Number of bars. */
  readonly observations: number;
  /** Bars whose loss exceeded the value at risk. */
  readonly exceedances: number;
  /** The share of exceedances that the value at risk announces, such as 0.05. */
  readonly probability: number;
}

/**
 * Unconditional coverage: are there as many exceedances as announced? Chi-square with one degree of freedom.
 *
 * It sees how many there are, not when: `christoffersenTest` sees the clusters.
 * @throws RangeError when counts are not integers, exceedances outnumber bars, or the probability is not in (0, 1).
 * @see Kupiec 1995
 */
export function kupiecTest({ observations, exceedances, probability }: Exceedances): LikelihoodRatio {
  checkCount("observations", observations);
  checkCount("exceedances", exceedances, 0);
  checkProbability(probability);
  if (exceedances > observations)
    throw new RangeError(`exceedances: expected at most ${observations}, got ${exceedances}`);
  const share = exceedances / observations;
  const kept = observations - exceedances;
  return ratio(bernoulli(kept, exceedances, probability), bernoulli(kept, exceedances, share), 1);
}

/** The transitions of a series of hits, and what they say of its independence. */
export interface ClusterTest extends LikelihoodRatio {
  /** How often 0 was followed by 0, 0 by 1, 1 by 0, and 1 by 1. */
  readonly transitions: readonly [number, number, number, number];
}

/**
 * Independence: is an exceedance as likely after an exceedance as after none? Chi-square with one degree of freedom.
 *
 * It sees dependence from one bar to the next only. With few hits the p-value is rough.
 * @param hits  [T] 1 where the loss exceeded the value at risk, else 0
 * @throws RangeError when a hit is neither 0 nor 1 or there are fewer than 2 bars.
 * @see Christoffersen 1998 (the test of independence)
 */
export function christoffersenTest(hits: ArrayLike<number>): ClusterTest {
  const transitions = countTransitions(hits);
  const [n00, n01, n10, n11] = transitions;
  const together = bernoulli(n00 + n10, n01 + n11, (n01 + n11) / (n00 + n01 + n10 + n11));
  return { ...ratio(together, apart(transitions), 1), transitions };
}

/**
 * Conditional coverage: as many exceedances as announced, and independent. Chi-square with two degrees of freedom.
 * @param hits  [T] 1 where the loss exceeded the value at risk, else 0; the first only conditions
 * @throws RangeError when a hit is neither 0 nor 1, there are fewer than 2 bars, or the probability is not in (0, 1).
 * @see Christoffersen 1998 (the joint test of coverage and independence)
 */
export function conditionalCoverageTest(hits: ArrayLike<number>, probability: number): ClusterTest {
  checkProbability(probability);
  const transitions = countTransitions(hits);
  const [n00, n01, n10, n11] = transitions;
  return { ...ratio(bernoulli(n00 + n10, n01 + n11, probability), apart(transitions), 2), transitions };
}

/** A value at risk beside what came. */
export type VarBacktest = {
  readonly exceedances: number;
  /** probability · T */
  readonly expected: number;
  /** p-value of Kupiec's test: as many exceedances as announced? */
  readonly kupiec: number;
  /** p-value of Christoffersen's test: independent of the bar before? */
  readonly christoffersen: number;
};

/**
 * Counts the returns below −valueAtRisk and tests their number and their independence.
 * @param returns      [T]
 * @param valueAtRisk  a loss, the same for all bars, or [T] one for each, announced before it
 * @throws RangeError when lengths differ or the probability is not in (0, 1).
 */
export function backtestValueAtRisk(
  returns: ArrayLike<number>,
  valueAtRisk: number | ArrayLike<number>,
  probability: number,
): VarBacktest {
  if (typeof valueAtRisk !== "number") checkLength("valueAtRisk", valueAtRisk, returns.length);
  const levelAt = (t: number) => (typeof valueAtRisk === "number" ? valueAtRisk : valueAtRisk[t]!);
  const hits = Uint8Array.from(returns, (r, t) => (-r > levelAt(t) ? 1 : 0));
  const exceedances = hits.reduce((total, hit) => total + hit, 0);
  const observations = hits.length;
  return {
    exceedances,
    expected: probability * observations,
    kupiec: kupiecTest({ observations, exceedances, probability }).pValue,
    christoffersen: christoffersenTest(hits).pValue,
  };
}

/** Log-likelihood of a first-order Markov chain with its own rate after a 0 and after a 1. */
function apart([n00, n01, n10, n11]: ClusterTest["transitions"]): number {
  return bernoulli(n00, n01, n01 / (n00 + n01)) + bernoulli(n10, n11, n11 / (n10 + n11));
}

/** Log-likelihood of `misses` zeros and `hits` ones; what never happens weighs nothing. */
function bernoulli(misses: number, hits: number, probability: number): number {
  return (misses > 0 ? misses * Math.log1p(-probability) : 0) + (hits > 0 ? hits * Math.log(probability) : 0);
}

function ratio(restricted: number, free: number, degreesOfFreedom: number): LikelihoodRatio {
  const statistic = Math.max(0, 2 * (free - restricted)); // round-off only
  return { statistic, pValue: chiSquareSurvival(statistic, degreesOfFreedom) };
}

function countTransitions(hits: ArrayLike<number>): ClusterTest["transitions"] {
  checkCount("number of hits", hits.length, 2);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  for (let t = 0; t < hits.length; t++) {
    if (hits[t] !== 0 && hits[t] !== 1) throw new RangeError(`hits[${t}]: expected 0 or 1, got ${hits[t]}`);
    if (t > 0) counts[2 * hits[t - 1]! + hits[t]!]!++;
  }
  return counts;
}

function checkProbability(probability: number): void {
  if (probability > 0 && probability < 1) return;
  throw new RangeError(`probability: expected a number in (0, 1), got ${probability}`);
}
