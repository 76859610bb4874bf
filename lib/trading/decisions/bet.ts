/** Bets with two outcomes: what Kelly holds, what the book holds, and how fast equity grows. */
import { checkFinite, checkPositive } from "../../core/index.js";

/** A bet that gains `win` with `probability` and loses `loss` otherwise, as shares of what is held. */
export interface BinaryBet {
  readonly probability: number;
  readonly win: number;
  readonly loss: number;
}

/**
 * The book's Bayesian Kelly, as chapter 327 writes it: (p·b − q) / b with b = win / loss, times 1 − √uncertainty, in [0, 0.25].
 *
 * The square root is a heuristic: log growth is linear in p, so the posterior mean is all that matters (`binaryKelly`).
 * `raw` is a share at risk, not a share held, unless `loss` is 1; the cap binds for every p ≥ 0.625 at even odds and no uncertainty.
 * @throws RangeError when the bet is not one, or `uncertainty` is not in [0, 1].
 */
export function sourceKelly(
  bet: BinaryBet,
  uncertainty: number,
): { readonly raw: number; readonly fraction: number } {
  checkBet(bet);
  checkFraction("uncertainty", uncertainty);
  const odds = bet.win / bet.loss;
  const raw = (bet.probability * odds - (1 - bet.probability)) / odds;
  return { raw, fraction: Math.min(Math.max(raw * (1 - Math.sqrt(uncertainty)), 0), 0.25) };
}

/**
 * Share of equity to hold in a binary bet, p / loss − q / win; zero when there is no edge.
 *
 * With p uncertain, give its posterior mean: the answer is then exact, whatever the posterior's width.
 * @throws RangeError when the bet is not one.
 * @see Kelly 1956
 */
export function binaryKelly(bet: BinaryBet): number {
  checkBet(bet);
  return Math.max(0, bet.probability / bet.loss - (1 - bet.probability) / bet.win);
}

/** Kelly of a bet whose probability has a Beta(alpha, beta) posterior: that of the posterior mean. */
export function betaKelly(
  posterior: { readonly alpha: number; readonly beta: number },
  odds: { readonly win: number; readonly loss: number },
): number {
  checkPositive("alpha", posterior.alpha);
  checkPositive("beta", posterior.beta);
  return binaryKelly({ ...odds, probability: posterior.alpha / (posterior.alpha + posterior.beta) });
}

/** Expected log growth of a bet, nats, holding `fraction`; −∞ when a loss would take everything. */
export function binaryGrowth(bet: BinaryBet, fraction: number): number {
  checkBet(bet);
  checkFinite("fraction", [fraction]);
  const gain = term(bet.probability, fraction * bet.win);
  const loss = term(1 - bet.probability, -fraction * bet.loss);
  return gain + loss;
}

/** The share above which a bet with an edge shrinks equity in the long run; 0 without an edge. */
export function zeroGrowthFraction(bet: BinaryBet): number {
  let below = binaryKelly(bet);
  if (below === 0) return 0;
  let above = 1 / bet.loss;
  if (bet.probability === 1) return above;
  for (let i = 0; i < 100; i++) {
    const middle = (below + above) / 2;
    if (binaryGrowth(bet, middle) > 0) below = middle;
    else above = middle;
  }
  return below;
}

/** Throws a RangeError unless `value` is in [0, 1]. */
export function checkFraction(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name}: expected a number in [0, 1], got ${value}`);
}

function term(probability: number, change: number): number {
  if (probability === 0) return 0;
  return change <= -1 ? Number.NEGATIVE_INFINITY : probability * Math.log1p(change);
}

function checkBet(bet: BinaryBet): void {
  checkFraction("probability", bet.probability);
  checkPositive("win", bet.win);
  checkPositive("loss", bet.loss);
}
