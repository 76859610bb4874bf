/** The hidden state of the simulated market: regime, volatility common to all assets, market and sector shocks, persistence. */
import { fold, gammas, type Key, normals, uniforms } from "../../core/index.js";
import { SECTORS } from "./assets.js";
import { type Autoregression, CRASH, PERSISTENCE, REGIMES, SEASON, TAIL, VOLATILITY } from "./parameters.js";

/** When the bars open, and how many hours each lasts. */
export interface Clock {
  openTime: Float64Array;
  hours: number;
}

/** Shocks of unit variance, and the variance each was drawn with. All [T]. */
export interface Shocks {
  shock: Float64Array;
  mixture: Float64Array;
}

/** All [T]. */
export interface Hidden {
  /** Index into `REGIMES`. */
  regime: Uint8Array;
  /** Log of the volatility relative to its long run, without the hours of the day: slow + fast + the regime's, centred. */
  logVolatility: Float64Array;
  slow: Float64Array;
  fast: Float64Array;
  /** Volatility relative to its long run: mean square 1, crashes apart. */
  volatility: Float64Array;
  /** The market's shock without crashes, heavy-tailed, of unit variance. */
  tail: Shocks;
  /** Weight of `tail` in the market's shock, so that with crashes its variance is 1. */
  weight: Float64Array;
  /** The crash part of the market's shock: mean 0, far below it in a crash, a little above it elsewhere. */
  crash: Float64Array;
  crashed: Uint8Array;
  /** weight · tail + crash, of unit variance. */
  shock: Float64Array;
  /** Above 0 the last return goes on, below it turns back. */
  persistence: Float64Array;
  /** One a sector. */
  sectors: readonly Shocks[];
}

/** Draws the state of the bars; a longer market starts with the same numbers. */
export function hiddenState(k: Key, clock: Clock): Hidden {
  const count = clock.openTime.length;
  const regime = regimes(fold(k, "regime"), count, clock.hours);
  const { crash, crashed, weight } = crashes(fold(k, "crash"), regime, clock.hours);
  const slow = autoregression(fold(k, "slow volatility"), count, VOLATILITY.slow, clock.hours);
  const fast = fastVolatility(fold(k, "fast volatility"), crashed, clock.hours);
  const centre = logMeanSquare() / 2;
  const logVolatility = slow.map((x, t) => x + fast[t]! + REGIMES[regime[t]!]!.logVolatility - centre);
  const season = seasonal(clock, SEASON.move, SEASON.moveWeekend);
  const tail = studentShocks(fold(k, "factor"), count, TAIL.common);
  return {
    ...{ regime, slow, fast, logVolatility, tail, weight, crash, crashed },
    volatility: logVolatility.map((x, t) => Math.exp(x) * season[t]!),
    shock: tail.shock.map((x, t) => weight[t]! * x + crash[t]!),
    persistence: autoregression(fold(k, "persistence"), count, PERSISTENCE, clock.hours),
    sectors: SECTORS.map((name) => studentShocks(fold(k, "sector", name), count, TAIL.sector)),
  };
}

/** A stationary autoregression of mean 0. */
export function autoregression(
  k: Key,
  count: number,
  { deviation, memory }: Autoregression,
  hours = 1,
): Float64Array {
  const keep = Math.exp(-hours / memory);
  const fresh = deviation * Math.sqrt(1 - keep * keep);
  const x = normals(k, count);
  for (let t = 0; t < count; t++) x[t] = t === 0 ? deviation * x[0]! : keep * x[t - 1]! + fresh * x[t]!;
  return x;
}

/** Student-t shocks of unit variance: normals whose variance `mixture` is inverse gamma with mean 1. */
export function studentShocks(k: Key, count: number, freedom: number): Shocks {
  const shape = freedom / 2;
  const mixture = gammas(fold(k, "mixture"), count, shape).map((g) => (shape - 1) / g);
  const shock = normals(fold(k, "innovations"), count).map((n, t) => n * Math.sqrt(mixture[t]!));
  return { shock, mixture };
}

/** [T] relative size by hour of the day and weekend, root mean square over the bar's hours, mean square 1 over the week. */
export function seasonal(clock: Clock, hours: readonly number[], weekend: number): Float64Array {
  const square = hours.reduce((total, size) => total + size * size, 0) / hours.length;
  const norm = Math.sqrt((square * (5 + 2 * weekend * weekend)) / 7);
  const spans = Math.max(1, Math.round(clock.hours));
  return clock.openTime.map((time) => {
    let total = 0;
    for (let h = 0; h < spans; h++) {
      const date = new Date(time + h * 3_600_000);
      total += (hours[date.getUTCHours()]! * (date.getUTCDay() % 6 === 0 ? weekend : 1)) ** 2;
    }
    return Math.sqrt(total / spans) / norm;
  });
}

/** Mean and mean square of a crash, in standard deviations of the bar. */
const CRASH_MEAN = -(CRASH.least + CRASH.more);
const CRASH_SQUARE = CRASH.least ** 2 + 2 * CRASH.least * CRASH.more + 2 * CRASH.more ** 2;

/** The variance that crashes give the market's shock in a regime, which leaves 1 − that to its everyday tail. */
export function crashVariance(regime: number, hours: number): number {
  const chance = crashChance(regime, hours);
  return chance * CRASH_SQUARE - (chance * CRASH_MEAN) ** 2;
}

function crashChance(regime: number, hours: number): number {
  return 1 - Math.exp(-REGIMES[regime]!.crashes * hours);
}

function crashes(k: Key, regime: Uint8Array, hours: number) {
  const chances = REGIMES.map((_, i) => crashChance(i, hours));
  const rest = REGIMES.map((_, i) => Math.sqrt(1 - crashVariance(i, hours)));
  const happens = uniforms(fold(k, "happens"), regime.length);
  const size = uniforms(fold(k, "size"), regime.length);
  const crashed = regime.map((r, t) => (happens[t]! < chances[r]! ? 1 : 0));
  const crash = Float64Array.from(regime, (r, t) => {
    const fall = crashed[t] ? -CRASH.least + CRASH.more * Math.log(size[t]!) : 0;
    return fall - chances[r]! * CRASH_MEAN;
  });
  return { crash, crashed, weight: Float64Array.from(regime, (r) => rest[r]!) };
}

/** The fast autoregression, lifted in the bars after a crash. */
function fastVolatility(k: Key, crashed: Uint8Array, hours: number): Float64Array {
  const x = autoregression(k, crashed.length, VOLATILITY.fast, hours);
  const keep = Math.exp(-hours / VOLATILITY.fast.memory);
  let lift = 0;
  return x.map((value, t) => {
    const lifted = value + lift;
    lift = keep * lift + (crashed[t] ? VOLATILITY.afterCrash : 0);
    return lifted;
  });
}

function regimes(k: Key, count: number, hours: number): Uint8Array {
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
    const leave = Math.min(1, hours / REGIMES[now]!.duration);
    out[t] = u >= leave ? now : (now + (u < leave / 2 ? 1 : 2)) % 3;
  }
  return out;
}

/** Long-run share of each regime: as leaving goes to either of the others alike, in proportion to the durations. */
export function regimeShares(): number[] {
  const total = REGIMES.reduce((sum, regime) => sum + regime.duration, 0);
  return REGIMES.map((regime) => regime.duration / total);
}

/** log E[exp(2 · log volatility)] in the long run, before centring. */
function logMeanSquare(): number {
  const shares = regimeShares();
  const byRegime = REGIMES.reduce((sum, r, i) => sum + shares[i]! * Math.exp(2 * r.logVolatility), 0);
  return Math.log(byRegime) + 2 * (VOLATILITY.slow.deviation ** 2 + VOLATILITY.fast.deviation ** 2);
}
