/** The best position when every trade costs: between two bounds nothing is done, and a position outside is brought to the nearer one. */
import { checkCount, checkLength, checkPositive } from "../../core/index.js";

/** A signal that takes one of S values and moves between them as a Markov chain. */
export interface SignalChain {
  /** [S] expected return of the next bar in each state. */
  readonly means: ArrayLike<number>;
  /** [S,S] row-major: probability of the next state, each row summing to 1. */
  readonly transitions: ArrayLike<number>;
}

/** Settings of `noTradeBand`: cost, risk and grid of positions. */
export interface BandOptions {
  /** Cost of trading a unit of position, in the unit of the means. */
  readonly cost: number;
  /** Penalty of a position p is ½ · risk · p² a bar: risk aversion times the variance of a bar's return. */
  readonly risk: number;
  /** Weight of the next bar's value against this one's, in (0, 1): 0.99 unless given. */
  readonly discount?: number;
  /** Positions from −1 to 1 that are tried: 21 unless given, an odd number. */
  readonly positions?: number;
}

/** Bounds of the position in each state, [S]: below `lower` buy up to it, above `upper` sell down to it. */
export interface NoTradeBand {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Of what one step of the grid costs or risks: how far the value of the policy may be from the best. */
const TOLERANCE = 0.01;
const MOST_SWEEPS = 20_000;

/**
 * The policy of largest discounted expected gain less risk and proportional costs, by value iteration: position p decided in state s
 * earns means[s] · p − ½ risk p² − cost · |p − p₋|, where p₋ is the position before.
 *
 * With such costs the best policy is a band in every state. Without cost both bounds are means / risk, cut to [−1, 1].
 * @throws RangeError when a shape, probability or option is out of range.
 * @see Constantinides 1986; Davis & Norman 1990
 */
export function noTradeBand(chain: SignalChain, options: BandOptions): NoTradeBand {
  const { cost, risk, discount = 0.99, positions: count = 21 } = options;
  checkOptions(chain, { cost, risk, discount, positions: count });
  const grid = Float64Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1);
  const rows = sparseRows(chain);
  const states = rows.length;
  const step = (2 * cost) / (count - 1);
  const precise = Math.max(step, risk / count ** 2);
  let value = new Float64Array(states * count);
  let band: NoTradeBand = { lower: new Float64Array(states), upper: new Float64Array(states) };
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const next = new Float64Array(states * count);
    band = { lower: new Float64Array(states), upper: new Float64Array(states) };
    for (let s = 0; s < states; s++) {
      const held = heldValues(rows[s]!, value, count);
      for (let p = 0; p < count; p++)
        held[p] = grid[p]! * chain.means[s]! - 0.5 * risk * grid[p]! ** 2 + discount * held[p]!;
      const [low, high] = bounds(held, step);
      band.lower[s] = grid[low]!;
      band.upper[s] = grid[high]!;
      for (let p = 0; p < count; p++) {
        const to = Math.min(high, Math.max(low, p));
        next[s * count + p] = held[to]! - step * Math.abs(to - p);
      }
    }
    const change = spanOf(next, value);
    value = next;
    if (discount * change <= TOLERANCE * (1 - discount) * precise) return band;
  }
  return band;
}

/**
 * The position held after each bar, [T], from 0 on: the one before, brought into the band of the bar's state.
 * @param states  [T] index of the state, −1 where it is not known: the position stays
 */
export function followBand({ lower, upper }: NoTradeBand, states: ArrayLike<number>): Float64Array {
  const held = new Float64Array(states.length);
  let position = 0;
  for (let t = 0; t < states.length; t++) {
    const s = states[t]!;
    if (s >= 0) position = Math.min(upper[s]!, Math.max(lower[s]!, position));
    held[t] = position;
  }
  return held;
}

/** Largest less smallest change of a value: a shift of all values alike changes no decision. @see Puterman 1994, theorem 6.6.6 */
function spanOf(next: Float64Array, value: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < next.length; i++) {
    const change = next[i]! - value[i]!;
    least = Math.min(least, change);
    most = Math.max(most, change);
  }
  return most - least;
}

/** First and last place at which neither buying nor selling a step gains: values of a concave function of the place. */
function bounds(held: Float64Array, step: number): [number, number] {
  let low = 0;
  while (low < held.length - 1 && held[low + 1]! - held[low]! > step) low++;
  let high = held.length - 1;
  while (high > low && held[high - 1]! - held[high]! > step) high--;
  return [low, high];
}

interface SparseRow {
  readonly to: readonly number[];
  readonly probability: readonly number[];
}

function sparseRows({ means, transitions }: SignalChain): SparseRow[] {
  const states = means.length;
  return Array.from({ length: states }, (_, s) => {
    const to = Array.from({ length: states }, (_, z) => z).filter((z) => transitions[s * states + z]! > 0);
    return { to, probability: to.map((z) => transitions[s * states + z]!) };
  });
}

/** [positions] expected value after the next step of the chain. */
function heldValues({ to, probability }: SparseRow, value: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < to.length; i++) {
    const [from, weight] = [to[i]! * count, probability[i]!];
    for (let p = 0; p < count; p++) out[p]! += weight * value[from + p]!;
  }
  return out;
}

function checkOptions(chain: SignalChain, options: Required<BandOptions>): void {
  const { cost, risk, discount, positions } = options;
  const states = chain.means.length;
  checkCount("states", states);
  checkLength("transitions", chain.transitions, states * states);
  checkPositive("risk", risk);
  checkCount("positions", positions, 3);
  if (!(cost >= 0 && Number.isFinite(cost))) throw new RangeError(`cost: expected zero or more, got ${cost}`);
  if (positions % 2 === 0)
    throw new RangeError(`positions: expected an odd number, so that 0 is one, got ${positions}`);
  if (!(discount > 0 && discount < 1))
    throw new RangeError(`discount: expected a number between 0 and 1, got ${discount}`);
  for (let s = 0; s < states; s++) {
    let total = 0;
    for (let z = 0; z < states; z++) total += chain.transitions[s * states + z]!;
    if (!(Math.abs(total - 1) < 1e-9))
      throw new RangeError(`transitions: expected row ${s} to sum to 1, got ${total}`);
  }
}
