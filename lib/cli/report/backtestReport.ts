/** The report of a backtest: what it earned and with what error, when, in which regimes, after which costs. */

import { barsPerYear } from "../../core/index.js";
import { monthlyReturns, reliability as reliabilityFigure } from "../../plot/charts/index.js";
import { tearSheet as tearSheetFigure } from "../../plot/reports/index.js";
import { ledgerReturns } from "../../trading/backtest/index.js";
import { type Summary, summaryRows } from "../../trading/performance/index.js";
import type { BacktestRun } from "../tasks/backtest.js";
import { ruleWords } from "../tasks/rule.js";
import { regimeRows, reliabilityOf } from "./forecastTables.js";
import { equityBand, sharpeInterval } from "./intervals.js";
import type { Block, Report } from "./page.js";
import { sharpeOfVariants } from "./variants.js";

/** @param variants  strategies that were tried before this one was chosen, this one included; undefined where nobody said */
export function backtestReport(run: BacktestRun, variants: number | undefined): Report {
  const { report, ledger } = run;
  const returns = ledgerReturns(ledger);
  const year = barsPerYear(ledger.stepMs);
  return {
    title: `Backtest of ${report.predictions}`,
    sections: [
      { heading: "What was done", blocks: [...doneBlocks(run), accountsTable(run)] },
      {
        heading: "How sure that is",
        blocks: [...sharpeInterval(returns, year), ...sharpeOfVariants(returns, year, variants)],
      },
      { heading: "The account", blocks: [sheetBlock(run, returns), monthBlock(run)] },
      { heading: "Costs and exposure", blocks: costBlocks(run) },
      { heading: "Returns by the regime that was forecast", blocks: regimeBlocks(run, returns) },
      { heading: "Do the probabilities come true?", blocks: reliabilityBlocks(run) },
      { heading: "All statistics", blocks: [statisticsTable(report.strategy)] },
    ],
  };
}

function doneBlocks({ report }: BacktestRun): Block[] {
  const { LONG, SHORT, HOLD } = report.decisions;
  const text = (line: string): Block => ({ kind: "text", text: line });
  return [
    text(
      `Forecasts of ${report.predictions} on the bars of ${report.data}, ${report.from} to ${report.to}: decided at a close, executed at the next open, after costs.`,
    ),
    text(`Rule: ${ruleWords(report.rule)}. ${LONG} long, ${SHORT} short and ${HOLD} flat decisions.`),
    ...(report.inSample
      ? [
          {
            kind: "text",
            text: "The model has seen some of these times: this is no evidence.",
            isWarning: true,
          } as const,
        ]
      : []),
  ];
}

function accountsTable({ report }: BacktestRun): Block {
  const row = (account: string, own: Summary) => ({
    account,
    ...{
      "total return": own.totalReturn,
      "annual return": own.annualReturn,
      volatility: own.annualVolatility,
    },
    ...{ "Sharpe ratio": own.sharpe, "its error": own.sharpeError, "max. drawdown": own.maxDrawdown },
    "turnover a year": own.annualTurnover,
  });
  const rows = [
    row("strategy", report.strategy),
    row("without costs", report.withoutCosts),
    row("buy and hold", report.buyAndHold),
  ];
  return {
    kind: "table",
    rows,
    options: { caption: "The accounts side by side; shares of the capital, annual ratios" },
  };
}

function sheetBlock({ report, ledger, heldLedger }: BacktestRun, returns: Float64Array): Block {
  const band = equityBand(returns, ledger.capital);
  const figure = tearSheetFigure({
    ...{ title: "The strategy after costs, beside buying and holding", name: "strategy", ledger, width: 980 },
    benchmark: {
      name: "buy and hold",
      time: heldLedger.time,
      equity: heldLedger.equity,
      capital: heldLedger.capital,
    },
    ...(band ? { band } : {}),
  });
  const shaded = band
    ? " The band holds 90 % of 200 histories made of the same returns in resampled blocks."
    : "";
  return { kind: "figure", figure, caption: `${report.strategy.bars} bars.${shaded}` };
}

function monthBlock({ ledger }: BacktestRun): Block {
  const rows = monthlyReturns({ name: "strategy", ...ledger }).map(({ month, returnPercent }) => ({
    ...{ month, "return [%]": returnPercent },
  }));
  return { kind: "table", rows, options: { caption: "Returns by calendar month, UTC" } };
}

function costBlocks({ report }: BacktestRun): Block[] {
  const { fees, spread, impact, funding, gross, exposure, meanLeverage, trades, annualTurnover } =
    report.strategy;
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const rows = [
    { item: "moves of prices, before costs", "share of the capital": percent(gross) },
    { item: "fees", "share of the capital": percent(-fees) },
    { item: "spread", "share of the capital": percent(-spread) },
    { item: "impact", "share of the capital": percent(-impact) },
    { item: "funding", "share of the capital": percent(-funding) },
  ];
  const text =
    `A position was held in ${percent(exposure)} of the bars, ${meanLeverage.toFixed(2)} of equity on average; ` +
    `${trades} trades, ${annualTurnover.toFixed(1)} equities traded a year.`;
  return [
    { kind: "table", rows, options: { caption: "Where the money came from and went" } },
    { kind: "text", text },
  ];
}

function regimeBlocks(run: BacktestRun, returns: Float64Array): Block[] {
  const rows = regimeRows(run, returns);
  if (rows.length === 0) return [{ kind: "text", text: "The forecasts name no regimes." }];
  const caption =
    "The regime is the most probable one of the last forecasts before the bar, averaged over the symbols";
  return [{ kind: "table", rows, options: { caption, units: { mean: "bp a bar", deviation: "bp a bar" } } }];
}

function reliabilityBlocks(run: BacktestRun): Block[] {
  const found = reliabilityOf(run);
  if (!found)
    return [{ kind: "text", text: "There are too few forecasts whose outcome is known (40 are needed)." }];
  const { bins, inside, count, brier } = found;
  const figure = reliabilityFigure({
    title: `${inside} of ${bins.length} groups lie where calibrated forecasts would`,
    series: [{ name: "probability of a rise", bins }],
  });
  const caption = `${count} forecasts in groups of equal count; bars: 95 % of outcomes if the probabilities were right. Brier score ${brier.toFixed(4)}, 0.25 for a coin.`;
  return [{ kind: "figure", figure, caption }];
}

function statisticsTable(summary: Summary): Block {
  const rows = summaryRows(summary).map(({ statistic, value, unit }) => ({
    statistic,
    value: typeof value === "number" ? Number(value.toPrecision(4)).toString() : (value ?? "not known"),
    unit: unit === "√year" ? "annual" : unit,
  }));
  return { kind: "table", rows };
}
