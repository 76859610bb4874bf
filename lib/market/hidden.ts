/** The hidden state of the simulated market: regime, volatility common to all assets, common factor. */
import { fold, gammas, type Key, normals, uniforms } from "../core/random.js";
import { type Autoregression, REGIMES, SEASON, TAIL, VOLATILITY } from "./parameters.js";

/** All [T]. */
export interface Hidden {
  /** Index into `REGIMES`. */
  regime: Uint8Array;
  /** Log of the volatility relative to its long run, without the hours of the day. */
  logVolatility: Float64Array;
  /** Volatility relative to its long run: mean square 1. */
  volatility: Float64Array;
  /** Common shock of unit variance, and the variance it was drawn with. */
  shock: Float64Array;
  mixture: Float64Array;
}

/** Draws the state of the bars that open at `openTime`; a longer market starts with the same numbers. */
export function hiddenState(k: Key, openTime: Float64Array): Hidden {
  const count = openTime.length;
  const regime = regimes(fold(k, "regime"), count);
  const slow = autoregression(fold(k, "slow volatility"), count, VOLATILITY.slow);
  const fast = autoregression(fold(k, "fast volatility"), count, VOLATILITY.fast);
  const centre = logMeanSquare() / 2;
  const logVolatility = slow.map((x, t) => x + fast[t]! + REGIMES[regime[t]!]!.logVolatility - centre);
  const season = seasonal(openTime, SEASON.move, SEASON.moveWeekend);
  const volatility = logVolatility.map((x, t) => Math.exp(x) * season[t]!);
  const { shock, mixture } = studentShocks(fold(k, "factor"), count, TAIL.common);
  return { regime, logVolatility, volatility, shock, mixture };
}

/** A stationary autoregression of mean 0. */
export function autoregression(k: Key, count: number, { deviation, memory }: Autoregression): Float64Array {
  const keep = Math.exp(-1 / memory);
  const fresh = deviation * Math.sqrt(1 - keep * keep);
  const x = normals(k, count);
  for (let t = 0; t < count; t++) x[t] = t === 0 ? deviation * x[0]! : keep * x[t - 1]! + fresh * x[t]!;
  return x;
}

/** Student-t shocks of unit variance: normals whose variance `mixture` is inverse gamma with mean 1. */
export function studentShocks(
  k: Key,
  count: number,
  freedom: number,
): { shock: Float64Array; mixture: Float64Array } {
  const shape = freedom / 2;
  const mixture = gammas(fold(k, "mixture"), count, shape).map((g) => (shape - 1) / g);
  const shock = normals(fold(k, "innovations"), count).map((n, t) => n * Math.sqrt(mixture[t]!));
  return { shock, mixture };
}

/** [T] relative size by hour of the day and weekend, scaled to mean square 1 over the week. */
export function seasonal(openTime: Float64Array, hours: readonly number[], weekend: number): Float64Array {
  const square = hours.reduce((total, size) => total + size * size, 0) / hours.length;
  const norm = Math.sqrt((square * (5 + 2 * weekend * weekend)) / 7);
  return openTime.map((time) => {
    const date = new Date(time);
    const idle = date.getUTCDay() % 6 === 0;
    return (hours[date.getUTCHours()]! * (idle ? weekend : 1)) / norm;
  });
}

function regimes(k: Key, count: number): Uint8Array {
  const draws = uniforms(k, count);
  const shares = regimeShares();
  const out = new Uint8Array(count);
  for (let t = 0; t < count; t++) {
    const u = draws[t]!;
    if (t === 0) {
      out[0] = u < shares[0]! ? 0 : u < shares[0]! + shares[1]! ? 1 : 2;
      continue;
    }
    const now = out[t - 1]!;
    const leave = 1 / REGIMES[now]!.duration;
    out[t] = u >= leave ? now : (now + (u < leave / 2 ? 1 : 2)) % 3;
  }
  return out;
}

/** Long-run share of each regime: as leaving goes to either of the others alike, in proportion to the durations. */
function regimeShares(): number[] {
  const total = REGIMES.reduce((sum, regime) => sum + regime.duration, 0);
  return REGIMES.map((regime) => regime.duration / total);
}

/** log E[exp(2 · log volatility)] in the long run, before centring. */
function logMeanSquare(): number {
  const shares = regimeShares();
  const byRegime = REGIMES.reduce((sum, r, i) => sum + shares[i]! * Math.exp(2 * r.logVolatility), 0);
  return Math.log(byRegime) + 2 * (VOLATILITY.slow.deviation ** 2 + VOLATILITY.fast.deviation ** 2);
}
