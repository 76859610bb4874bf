/** Costs of trading: fees, half the spread, the move that an order makes, and funding. All rates are per side. */
import { checkCount, checkFinite, checkLength, checkPositive } from "../../core/index.js";
import { checkFraction } from "../decisions/bet.js";

/** A fee schedule in basis points of what is traded: a negative fee is a rebate. */
export interface Fees {
  readonly makerBps: number;
  readonly takerBps: number;
}

/**
 * Square-root impact: an order of notional n moves its own price by coefficient · volatility · √(n / a bar's traded notional).
 * @see Almgren, Thum, Hauptmann & Li 2005; Tóth et al. 2011
 */
export interface Impact {
  /** Without unit; about 1 in the literature. */
  readonly coefficient: number;
  /** Bars before the order over which volatility and traded notional are taken. */
  readonly window: number;
}

/** Funding of one perpetual: who is long at `time` pays `rate` times the notional, who is short gets it. Arrays are [N]. */
export interface Funding {
  /** Ascending, UTC milliseconds. */
  readonly time: Float64Array;
  readonly rate: Float64Array;
}

/** All that stands between a signal and its return. */
export interface Costs extends Fees {
  /** Share of what is traded that rests in the book as a maker; default 0. A maker is taken to pay no spread and to win none. */
  readonly makerShare?: number;
  /** Half of the quoted spread, paid by takers, basis points. */
  readonly halfSpreadBps: number;
  /** Default no impact: right for sizes that vanish against the market's. */
  readonly impact?: Impact;
  /** By symbol; who is not named pays none. */
  readonly funding?: Readonly<Record<string, Funding>>;
  /** Bars between a decision and its execution, beyond the wait for the next open. */
  readonly latencyBars: number;
}

/**
 * Bybit's public schedule for accounts without a VIP level, as published in 2025: a preset to be checked against
 * https://www.bybit.com/en/help-center/article/Trading-Fee-Structure and no claim about what is charged today.
 */
export const BYBIT_FEES = {
  linearPerpetual: { makerBps: 2, takerBps: 5.5 },
  spot: { makerBps: 10, takerBps: 10 },
} as const satisfies Readonly<Record<string, Fees>>;

/**
 * Costs of a taker on Bybit's linear perpetuals: the published fee, and half a spread of one basis point, which the largest contracts
 * keep below in quiet hours. Funding is to be added: `{ ...BYBIT_COSTS, funding }`.
 */
export const BYBIT_COSTS: Costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 };

/** A market in which trading is free: for signals that must reach their theoretical value. */
export const NO_COSTS: Costs = { makerBps: 0, takerBps: 0, halfSpreadBps: 0, latencyBars: 0 };

/** Shares of the traded notional that go to fees and to the spread. */
export interface CostRates {
  readonly fee: number;
  readonly spread: number;
}

/**
 * Fee and spread of a unit traded, as shares: the maker's part pays the maker's fee only.
 * @throws RangeError as `checkCosts`.
 */
export function costRates(costs: Costs): CostRates {
  checkCosts(costs);
  const { makerBps, takerBps, halfSpreadBps, makerShare = 0 } = costs;
  return {
    fee: (makerShare * makerBps + (1 - makerShare) * takerBps) / 1e4,
    spread: ((1 - makerShare) * halfSpreadBps) / 1e4,
  };
}

/**
 * Costs of a round trip in basis points, impact and funding apart, as `EdgeRule.costBps` takes them.
 * @throws RangeError as `checkCosts`.
 */
export function roundTripBps(costs: Costs): number {
  const { fee, spread } = costRates(costs);
  return 2e4 * (fee + spread);
}

/**
 * Throws a RangeError naming what is wrong with the costs: a negative spread, a share outside [0, 1], funding whose times do not
 * ascend or whose rates are not finite.
 */
export function checkCosts(costs: Costs): void {
  checkFinite("makerBps, takerBps", [costs.makerBps, costs.takerBps]);
  if (!(costs.halfSpreadBps >= 0 && Number.isFinite(costs.halfSpreadBps)))
    throw new RangeError(`halfSpreadBps: expected zero or more, got ${costs.halfSpreadBps}`);
  checkFraction("makerShare", costs.makerShare ?? 0);
  checkCount("latencyBars", costs.latencyBars, 0);
  if (costs.impact) {
    checkPositive("impact.coefficient", costs.impact.coefficient);
    checkCount("impact.window", costs.impact.window, 2);
  }
  for (const [symbol, funding] of Object.entries(costs.funding ?? {})) checkFunding(symbol, funding);
}

/**
 * Funding at a constant rate at 00:00, 08:00 and 16:00 UTC, from `from` (excluded) to `to` (included), UTC milliseconds.
 *
 * For a simulated market, or to see what a rate would have cost; real rates vary and come from the exchange.
 * @throws RangeError when a number is not finite.
 */
export function constantFunding(rate: number, from: number, to: number): Funding {
  checkFinite("rate, from, to", [rate, from, to]);
  const first = Math.floor(from / EIGHT_HOURS) + 1;
  const count = Math.max(0, Math.floor(to / EIGHT_HOURS) - first + 1);
  return {
    time: Float64Array.from({ length: count }, (_, i) => (first + i) * EIGHT_HOURS),
    rate: new Float64Array(count).fill(rate),
  };
}

const EIGHT_HOURS = 8 * 3_600_000;

function checkFunding(symbol: string, { time, rate }: Funding): void {
  checkLength(`funding of ${symbol}: rate`, rate, time.length);
  checkFinite(`funding of ${symbol}: rate`, rate);
  checkFinite(`funding of ${symbol}: time`, time);
  for (let i = 1; i < time.length; i++) {
    if (time[i]! > time[i - 1]!) continue;
    const came = new Date(time[i]!).toISOString();
    throw new RangeError(`funding of ${symbol}: expected ascending times, got ${came} as entry ${i}`);
  }
}
