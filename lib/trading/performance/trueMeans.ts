/** Value of positions by the true conditional means of a simulation, so that the luck of one path is left out. */
import {
  mean as average,
  type Bars,
  barsPerYear,
  checkLength,
  clusteredError,
  type Panel,
  standardDeviation,
} from "../../core/index.js";

const DAY = 86_400_000;

/** Bars, and what only a simulation knows of them. */
export interface KnownMarket {
  readonly bars: readonly Bars[];
  readonly stepMs: number;
  /** [T,A] mean of each bar's log return given all before it. */
  readonly truth?: { readonly mean: Float64Array };
}

/** Sharpe ratios before costs of one rule, by the returns that came and by the true means. */
export type TrueMeanRow = {
  readonly rule: string;
  /** Annual Sharpe ratio of the returns that came, costs taken off, and its standard error for independent bars. */
  readonly realised: number;
  readonly realisedError: number;
  /** Mean return by the true means over the standard deviation of the returns that came, a year; its standard error over days. */
  readonly byTrueMeans: number;
  readonly error: number;
  /** By the true means, less the first rule; the standard error of the difference over days. */
  readonly lessFirst: number;
  readonly differenceError: number;
};

/**
 * Sharpe ratios of several rules by the true conditional means, and each rule's difference from the first.
 *
 * A position decided at the close of bar t is held over bar t + 1, from close to close. Costs are `costBps` of each change of a weight,
 * drift of the price apart; none unless given. The error counts days as independent and takes the standard deviation of the returns as
 * known. No compounding.
 * @param rules    weights [T,A] of the same times and assets, as `size` returns them
 * @param costBps  fee and half a spread of one side, basis points
 * @throws RangeError when the market has no true means, panels differ in shape, or a time is no close of a bar with a bar after it.
 */
export function sharpeByTrueMeans(
  rules: Readonly<Record<string, Panel>>,
  market: KnownMarket,
  costBps = 0,
): TrueMeanRow[] {
  const { truth, bars, stepMs } = market;
  if (!truth) throw new RangeError("truth: expected a simulated market, which knows its means, got none");
  const year = barsPerYear(stepMs);
  const first = Object.values(rules)[0]!;
  const barAt = new Map(Array.from(bars[0]!.openTime, (open, t) => [open + stepMs, t]));
  const next = Array.from(first.time, (time) => {
    const t = barAt.get(time);
    if (t === undefined || t + 1 >= bars[0]!.openTime.length)
      throw new RangeError(`weights: expected closes of bars with a bar after them, got ${time}`);
    return t + 1;
  });
  const assets = bars.length;
  const held = Object.entries(rules).map(([rule, { values }]) => {
    checkLength(`weights of ${rule}`, values, first.time.length * assets);
    const over = (returnOf: (t: number, a: number) => number) =>
      Float64Array.from(
        next,
        (t, i) => bars.reduce((sum, _, a) => sum + values[i * assets + a]! * returnOf(t, a), 0) - paid(i),
      );
    const before = (i: number, a: number) => (i === 0 ? 0 : values[(i - 1) * assets + a]!);
    const paid = (i: number) =>
      bars.reduce((sum, _, a) => sum + Math.abs(values[i * assets + a]! - before(i, a)), 0) * (costBps / 1e4);
    const came = over((t, a) => Math.log(bars[a]!.close[t]! / bars[a]!.close[t - 1]!));
    const expected = over((t, a) => truth.mean[t * assets + a]!);
    const unit = Math.sqrt(year) / standardDeviation(came);
    return { rule, came, scaled: expected.map((value) => value * unit) };
  });
  const days = Array.from(first.time, (time) => Math.floor((time - stepMs) / DAY));
  return held.map(({ rule, came, scaled }) => {
    const difference = scaled.map((value, i) => value - held[0]!.scaled[i]!);
    const realised = (average(came) / standardDeviation(came)) * Math.sqrt(year);
    return {
      ...{ rule, realised, realisedError: Math.sqrt(year / came.length) },
      ...{ byTrueMeans: average(scaled), error: clusteredError(scaled, days) },
      ...{ lessFirst: average(difference), differenceError: clusteredError(difference, days) },
    };
  });
}
