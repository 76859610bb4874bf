/** An account at zero ends its series: no statistic of it may look like a success. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { backtestLines } from "../../../lib/cli/backtest.js";
import type { BacktestReport } from "../../../lib/cli/tasks/backtest.js";
import { fromFlat } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { standardDeviation } from "../../../lib/core/stats.js";
import { equityFigure } from "../../../lib/plot/charts/accounts/equity.js";
import { underwaterFigure } from "../../../lib/plot/charts/accounts/underwater.js";
import { monthlyReturns } from "../../../lib/plot/charts/prices/months.js";
import { tearSheetFigure } from "../../../lib/plot/reports/tearSheet.js";
import { evaluatePortfolios } from "../../../lib/portfolio/evaluate/evaluator.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import { NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import { checkLedger, ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { annualGrowth, calmarRatio, totalReturn } from "../../../lib/trading/performance/drawdown.js";
import {
  keptWins,
  performance,
  uncertaintyAdjustedSharpe,
} from "../../../lib/trading/performance/metrics.js";
import {
  sharpeEstimate,
  sharpePerBar,
  sharpeRatio,
  sortinoRatio,
} from "../../../lib/trading/performance/returns.js";
import { summarise, summaryRows } from "../../../lib/trading/performance/summary.js";
import { bootstrapInterval, bootstrapSharpe } from "../../../lib/trading/significance/bootstrap.js";
import { statisticInterval, studentisedSharpeInterval } from "../../../lib/trading/significance/intervals.js";
import { compareSizing } from "../../../lib/trading/significance/placebo.js";
import { sharpeHacError, sharpeInfluence } from "../../../lib/trading/significance/sharpeError.js";
import {
  bootstrapSharpeDifference,
  deflatedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeDifferenceTest,
  sharpeMoments,
} from "../../../lib/trading/significance/sharpeInference.js";
import { textsOf } from "../../plot/support/hours.js";
import { candles, HOUR, START, weightsOn } from "../support/candles.js";

const root = key("ruin");
const RUIN = 417;

/** 3,000 hours of an account that earns well for 417 bars and then loses everything in one. */
function ruinedLedger() {
  const z = normals(fold(root, "z"), 3000);
  let price = 100;
  const close = Array.from({ length: 3000 }, (_, t) => {
    if (t < RUIN) price *= 1.004 + 0.003 * z[t]!;
    if (t === RUIN) price *= 0.4;
    return price;
  });
  const bars = [candles("BTC", { open: [100, ...close.slice(0, -1)], close })];
  return backtest(
    weightsOn(bars, () => 2),
    bars,
    { costs: NO_COSTS, capital: 1000 },
  );
}

const ledger = ruinedLedger();
const summary = summarise(ledger);
const returns = ledgerReturns(ledger);

test("an account at zero from bar 417 of 3,000 has lost everything in every statistic, though its mean return is high", () => {
  expect(returns.reduce((sum, r) => sum + r, 0)).toBeGreaterThan(2);
  expect(ledger.liquidation!.bar).toBe(RUIN);
  expect(summary).toMatchObject({
    ...{ bars: RUIN + 1, years: (RUIN + 1) / 8760, ruinedAt: START + (RUIN + 1) * HOUR },
    ...{ totalReturn: -1, annualReturn: -1, annualGrowth: -1, calmar: -1, maxDrawdown: 1, drawdownTo: null },
    ...{ sharpe: -Infinity, sharpeError: Number.NaN, sharpeCorrected: -Infinity, sortino: -Infinity },
    ...{ valueAtRisk95: 1, expectedShortfall95: 1, winRatePerTrade: 0, winRatePerBar: 0 },
    ...{ drawdownBottom: START + (RUIN + 1) * HOUR },
  });
});

test("bars after the ruin do not dilute what went before: volatility, exposure, leverage and turnover are of the bars lived", () => {
  const lived = returns.subarray(0, RUIN + 1);
  expect(summary.annualVolatility).toBeCloseTo(standardDeviation(lived) * Math.sqrt(8760), 10);
  expect(summary.exposure).toBeCloseTo(RUIN / (RUIN + 1), 12);
  expect(summary.meanLeverage).toBeCloseTo((2 * RUIN) / (RUIN + 1), 9);
  const traded = ledger.turnover.reduce((sum, x) => sum + x, 0);
  expect(summary.annualTurnover).toBeCloseTo((traded / (RUIN + 1)) * 8760, 6);
});

test("price moves less costs, with what the exchange bore, are the capital that was lost", () => {
  const { gross, fees, spread, impact, funding, shortfall } = summary;
  expect(shortfall).toBeGreaterThan(0.1);
  expect(gross - fees - spread - impact - funding + shortfall).toBeCloseTo(-1, 10);
  expect(summaryRows(summary).find(({ statistic }) => statistic === "ruinedAt")).toEqual({
    ...{ statistic: "ruinedAt", value: "2025-01-18T10:00:00.000Z", unit: "UTC" },
  });
});

test("a ruin within the first bars, and within the first month, is told as any other", () => {
  const fall = [100, 100, 40, 40, 40];
  const bars = [candles("BTC", { open: [100, 100, 100, 40, 40], close: fall })];
  const early = summarise(
    backtest(
      weightsOn(bars, () => 2),
      bars,
      { costs: NO_COSTS },
    ),
  );
  expect(early).toMatchObject({ bars: 3, totalReturn: -1, annualGrowth: -1, calmar: -1, sharpe: -Infinity });
});

test("an arithmetic mean return that is positive where money was lost is labelled as arithmetic", () => {
  const close = [100, 150, 90, 135, 81, 121.5, 72.9];
  const bars = [candles("BTC", { open: [100, ...close.slice(0, -1)], close })];
  const lost = summarise(
    backtest(
      weightsOn(bars, () => 1),
      bars,
      { costs: NO_COSTS },
    ),
  );
  expect(lost.totalReturn).toBeLessThan(0);
  expect(lost.annualReturn).toBeGreaterThan(0);
  const units = Object.fromEntries(summaryRows(lost).map(({ statistic, unit }) => [statistic, unit]));
  expect(units).toMatchObject({ annualReturn: "a year, arithmetic", annualGrowth: "a year, compounded" });
});

const lucky = Float64Array.from([...Array.from({ length: 40 }, (_, t) => 0.2 + 0.01 * (t % 3)), -1, 0, 0]);

test("ratios of a series with a return of −1 are −∞, whatever its mean, and have no error", () => {
  expect(sharpePerBar(lucky)).toBe(-Infinity);
  expect(sharpeRatio(lucky, 8760)).toBe(-Infinity);
  expect(sharpeRatio([0.1, -1.3, 0.5, 4], 8760)).toBe(-Infinity);
  expect(sortinoRatio(lucky, 8760)).toBe(-Infinity);
  expect(calmarRatio(lucky, 8760)).toBe(-1);
  expect([totalReturn(lucky), annualGrowth(lucky, 8760)]).toEqual([-1, -1]);
  const { perBar, annual, standardError, eta, annualCorrected } = sharpeEstimate(lucky, {
    barsPerYear: 8760,
    horizon: 24,
  });
  expect([perBar, annual, annualCorrected]).toEqual([-Infinity, -Infinity, -Infinity]);
  expect([standardError, eta]).toEqual([Number.NaN, Number.NaN]);
  expect(sharpeHacError(lucky)).toBeNaN();
  expect(sharpeInfluence(lucky).every(Number.isFinite)).toBe(true);
});

test("a ruined account has no chance of skill, and no record is long enough to show it", () => {
  const moments = sharpeMoments(lucky);
  expect(moments).toMatchObject({ sharpe: -Infinity, count: 43 });
  expect(probabilisticSharpe(moments, -1)).toBe(0);
  expect(minimumTrackRecord(moments, 0, 0.95)).toBe(Infinity);
  expect(deflatedSharpe(moments, { variance: 0.01, count: 10, source: "independent" }).probability).toBe(0);
  const three = uncertaintyAdjustedSharpe(lucky, new Float64Array(43).fill(0.1), 8760);
  expect(three).toMatchObject({ inflated: -Infinity, probabilistic: 0 });
});

const options = { key: root, replicates: 50, meanBlock: 3, level: 0.9 };

test("intervals of a ruined account's Sharpe ratio hold nothing but ruin: no resample may leave the ruinous bar out", () => {
  const nothing = { estimate: -Infinity, lower: -Infinity, upper: -Infinity, standardError: Number.NaN };
  expect(studentisedSharpeInterval(lucky, options)).toEqual(nothing);
  expect(bootstrapSharpe(lucky, options).every((ratio) => ratio === -Infinity)).toBe(true);
  expect(statisticInterval(lucky, sharpePerBar, { ...options, method: "percentile" })).toEqual(nothing);
  const replicates = bootstrapSharpe(lucky, options);
  expect(bootstrapInterval(-Infinity, replicates, { ...options, method: "basic" })).toEqual(nothing);
});

test("a ruined account is infinitely worse than one that lives, without a p-value; two of them cannot be compared", () => {
  const living = lucky.map((r) => (r === -1 ? -0.5 : r));
  for (const judge of [sharpeDifferenceTest, bootstrapSharpeDifference]) {
    const difference = (x: Float64Array, y: Float64Array) => judge(x, y, options);
    expect(difference(lucky, living)).toMatchObject({ difference: -Infinity, pValue: Number.NaN });
    expect(difference(living, lucky)).toMatchObject({ difference: Infinity, pValue: Number.NaN });
    expect(difference(lucky, lucky)).toMatchObject({ difference: Number.NaN, pValue: Number.NaN });
  }
  const sizing = { bootstrap: options, level: 0.9, placebos: [living, lucky] };
  expect(compareSizing(living, lucky, sizing)).toMatchObject({
    ...{ sized: -Infinity, difference: -Infinity, lower: -Infinity, upper: -Infinity, placeboP: 1 },
  });
  expect(compareSizing(lucky, lucky, sizing)).toMatchObject({ difference: Number.NaN, upper: Number.NaN });
});

test("no gain of a ruined account is a win", () => {
  expect(keptWins([0.5, 0.2, -0.1], [0.5, 0.2, -0.1])).toBe(2 / 3);
  expect(keptWins([0.5, 0.2, -0.1], lucky)).toBe(0);
});

const ruinous = fc
  .tuple(
    fc.array(fc.double({ min: -0.99, max: 3, noNaN: true }), { minLength: 0, maxLength: 30 }),
    fc.nat(30),
  )
  .chain(([before, after]) =>
    fc
      .double({ min: -5, max: -1, noNaN: true })
      .map((last) => Float64Array.from([...before, last, ...new Array<number>(after + 1).fill(2)])),
  );

test("whatever came before and whatever would come after, no statistic of a ruined series is better than ruin", () => {
  fc.assert(
    fc.property(ruinous, (series) => {
      const all = performance(series, { barsPerYear: 8760, horizon: 1 });
      const ruinBar = series.findIndex((r) => r <= -1);
      expect(all).toMatchObject({
        ...{ ruinBar, bars: ruinBar + 1, totalReturn: -1, annualGrowth: -1, sortino: -Infinity, calmar: -1 },
        ...{ valueAtRisk95: 1, expectedShortfall95: 1 },
      });
      expect(all.sharpe).toMatchObject({ perBar: -Infinity, annual: -Infinity, annualCorrected: -Infinity });
      expect(all.drawdown).toMatchObject({ depth: 1, trough: ruinBar + 1, end: null });
    }),
  );
});

test("an equity that rises from nothing is no ledger", () => {
  const equity = ledger.equity.slice();
  equity[1000] = 5;
  expect(() => checkLedger({ ...ledger, equity })).toThrow(
    "ledger, bar 1000, 2025-02-11T17:00:00.000Z: expected no equity after ruin, got 5",
  );
});

test("a portfolio that is ruined on the way is the worst of its set", () => {
  const asset = fromFlat(Float64Array.of(0.5, -0.6, 0.9, 0.9), 4, 1);
  const set = { weights: Float64Array.of(2, 1), assets: 1 };
  const { annualReturn, annualGrowth: growth, sharpe, sortino } = evaluatePortfolios(set, asset, 365);
  expect([annualReturn[0], growth[0], sharpe[0], sortino[0]]).toEqual([-1, -1, -Infinity, -Infinity]);
  expect(sharpe[1]).toBeGreaterThan(0);
});

const series = { name: "model", time: ledger.time, equity: ledger.equity, capital: 1000 };

test("the tear sheet is drawn, and title and panels say that all was lost", () => {
  const figure = tearSheetFigure({ title: "Twice the market", name: "model", ledger });
  expect((figure.layout.title as { text: string }).text.replaceAll("<br>", " ")).toBe(
    "Twice the market: ruined 2025-01-18, nothing was left",
  );
  const texts = textsOf(figure).map((text) => text.replaceAll("<br>", " "));
  expect(texts).toContain("Equity: all was lost");
  expect(texts).toContain("Drawdown: −100.0 % at worst");
  expect(texts).toContain("0 of 1 months with a gain");
  expect(texts.some((text) => text.startsWith("Exposure: 2.00 of equity"))).toBe(true);
  expect(texts.some((text) => text.endsWith(", the last −100 %"))).toBe(true);
});

test("windows of a rolling Sharpe ratio that hold the ruin count as below zero", () => {
  const ratio = ledger.time.map((_, t) => (t < 1000 ? 1 : -Infinity));
  const rollingSharpe = { time: ledger.time, value: ratio, lower: ratio, upper: ratio };
  const texts = textsOf(tearSheetFigure({ title: "One", name: "model", ledger, rollingSharpe }));
  expect(texts.join(" ").replaceAll("<br>", " ")).toContain("is above zero in 33 % of the windows");
});

test("figures of equity and drawdown mark the ruin with its date, and months end with it", () => {
  const names = equityFigure({ title: "One", series: [series] }).data.map(({ name }) => name);
  expect(names).toContain("model: ruined 2025-01-18");
  expect(textsOf(underwaterFigure({ title: "One", series: [series] }))[0]).toMatch(/^−100\.0 %: .*ruined$/);
  expect(monthlyReturns(series)).toEqual([{ month: "2025-01", returnPercent: -100 }]);
});

test("the report of a backtest names each account that was ruined", () => {
  const living = { ...summary, ruinedAt: null, sharpe: 1 };
  const report = {
    ...{ from: "a", to: "b", decisions: { LONG: 1, SHORT: 0, HOLD: 0 }, inSample: false },
    rule: { kind: "sign", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25, cap: 0.5 },
    ...{ strategy: summary, withoutCosts: living, buyAndHold: living },
    costOfTrading: { total: 0.1, sharpe: Infinity },
  } as unknown as BacktestReport;
  const lines = backtestLines(report);
  expect(lines).toContain("strategy: ruined 2025-01-18T10:00Z, nothing was left");
  expect(lines).toContain("costs took 10.00 % of the capital");
  expect(lines.find((line) => line.startsWith("strategy "))).toContain("−∞");
});
