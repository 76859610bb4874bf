/** Forecasts beside what came: returns by the forecast regime, and probabilities beside outcomes. */

import type { Bars } from "../../core/index.js";
import { barsPerYear, mean, standardDeviation } from "../../core/index.js";
import { brierScore, type CalibrationBin, reliabilityTable } from "../../prob/calibration/index.js";
import { sharpeHacError } from "../../trading/significance/index.js";
import type { BacktestRun } from "../tasks/backtest.js";
import type { StoredForecasts } from "../tasks/forecastsFile.js";

const REGIMES = ["bear", "sideways", "bull"] as const;
/** Bars below which a Sharpe ratio says nothing. */
const LEAST_BARS = 100;

/** A row a regime: its bars, and what a bar of it returned. Empty where the forecasts name no regimes. */
export function regimeRows({ forecasts, ledger }: BacktestRun, returns: Float64Array) {
  const regimes = regimesByTime(forecasts);
  if (regimes.length === 0) return [];
  const year = barsPerYear(ledger.stepMs);
  const at = Array.from(ledger.time, (time) => regimeBefore(regimes, time - ledger.stepMs));
  return REGIMES.flatMap((regime) => {
    const own = returns.filter((_, t) => at[t] === regime);
    if (own.length < 2) return [];
    const [average, deviation] = [mean(own), standardDeviation(own)];
    const isJudged = own.length >= LEAST_BARS && deviation > 0;
    return [
      {
        ...{ regime, bars: own.length, mean: 1e4 * average, deviation: 1e4 * deviation },
        "Sharpe ratio": isJudged ? (average / deviation) * Math.sqrt(year) : null,
        "its error": isJudged ? sharpeHacError(own) * Math.sqrt(year) : null,
      },
    ];
  });
}

/** The most probable regime of each time of decision, in order of time. */
function regimesByTime({ rows }: StoredForecasts): { time: number; regime: (typeof REGIMES)[number] }[] {
  const sums = new Map<number, number[]>();
  for (const row of rows) {
    const own = REGIMES.map((regime) => row[regime]);
    if (own.some((probability) => probability === undefined)) return [];
    const time = Date.parse(row.decidedAt);
    const sum = sums.get(time) ?? [0, 0, 0];
    sums.set(
      time,
      sum.map((value, c) => value + own[c]!),
    );
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([time, sum]) => ({ time, regime: REGIMES[sum.indexOf(Math.max(...sum))]! }));
}

function regimeBefore(regimes: ReturnType<typeof regimesByTime>, time: number): string | undefined {
  let [low, high] = [0, regimes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (regimes[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return regimes[low - 1]?.regime;
}

/** Probabilities of a rise in groups, beside how often prices rose; undefined under 40 known outcomes. */
export function reliabilityOf({
  forecasts,
  bars,
}: BacktestRun):
  | { bins: readonly CalibrationBin[]; inside: number; count: number; brier: number }
  | undefined {
  const known = forecasts.rows.flatMap((row) => {
    const outcome = riseOf(row, forecasts, bars);
    return outcome === undefined ? [] : [{ probability: row.probabilityUp, outcome }];
  });
  if (known.length < 40) return undefined;
  const probability = known.map((row) => row.probability);
  const outcome = known.map((row) => row.outcome);
  const bins = reliabilityTable(probability, outcome, Math.min(10, Math.floor(known.length / 20)));
  const inside = bins.filter(({ observed, low, high }) => observed >= low && observed <= high).length;
  return { bins, inside, count: known.length, brier: brierScore(probability, outcome) };
}

/** 1 where the close at the horizon's end is above that of the decision, else 0; undefined where one is not known. */
function riseOf(
  { symbol, decidedAt }: StoredForecasts["rows"][number],
  { stepMs, horizon }: StoredForecasts,
  bars: readonly Bars[],
): 0 | 1 | undefined {
  const own = bars.find((one) => one.symbol === symbol)!;
  const t = Math.round((Date.parse(decidedAt) - stepMs - own.openTime[0]!) / stepMs);
  const [now, then] = [own.close[t], own.close[t + horizon]];
  if (now === undefined || then === undefined || Number.isNaN(now) || Number.isNaN(then)) return undefined;
  return then > now ? 1 : 0;
}
