/** The words of `vitrade backtest`. */
import type { Command } from "commander";
import { declare, runs } from "./command.js";
import { isoTime, tableLines } from "./output.js";
import type { BacktestReport } from "./tasks/backtest.js";
import { ruleWords } from "./tasks/rule.js";
import { costsOf, ruleOf, type TradingOptions, withTrading } from "./trading.js";
import { pathOf } from "./values.js";

interface Options extends TradingOptions {
  readonly predictions: string;
  readonly data: string;
  readonly inSample?: boolean;
}

export function declareBacktest(program: Command): void {
  const command = declare(program, {
    name: "backtest",
    description:
      "What forecasts would have earned: decided at a close, executed at the next open, after costs; beside buying and holding.",
    examples: ["backtest --predictions forecasts.json --data sim.dataset --rule sign"],
  })
    .requiredOption("--predictions <file>", "JSON of vitrade predict", pathOf)
    .requiredOption("--data <file>", "the dataset they were made of", pathOf)
    .option("--in-sample", "trades forecasts of times that the model has seen too");
  withTrading(command);
  runs<Options>(command, async (options, shell) => {
    const { backtest } = await import("./tasks/backtest.js");
    const { predictions, data, inSample } = options;
    const report = await backtest({
      ...{ predictions, data, inSample, rule: ruleOf(options), costs: costsOf(options) },
    });
    shell.print(report, () => backtestLines(report));
  });
}

const SHOWN = [
  "sharpe",
  "sharpeError",
  "totalReturn",
  "annualReturn",
  "annualVolatility",
  "maxDrawdown",
  "annualTurnover",
] as const;

/** The accounts side by side, for people. */
export function backtestLines(report: BacktestReport): string[] {
  const accounts = {
    strategy: report.strategy,
    "without costs": report.withoutCosts,
    "buy and hold": report.buyAndHold,
  };
  const { LONG, SHORT, HOLD } = report.decisions;
  return [
    ruleWords(report.rule),
    `${report.from} to ${report.to}: ${LONG} long, ${SHORT} short, ${HOLD} flat decisions`,
    ...(report.every === report.everyLive ? [] : [gridLine(report)]),
    ...(report.inSample ? ["the model has seen some of these times: this is no evidence"] : []),
    "",
    ...tableLines(
      Object.entries(accounts).map(([account, summary]) => ({
        account,
        ...Object.fromEntries(SHOWN.map((name) => [name, summary[name]])),
      })),
    ),
    "",
    costLine(report),
    ...Object.entries(accounts).flatMap(([account, { ruinedAt }]) =>
      ruinedAt === null ? [] : [`${account}: ruined ${isoTime(ruinedAt)}, nothing was left`],
    ),
  ];
}

/** Forecasts of another grid than the live one are traded as they are, and no live run will do what they did. */
function gridLine({ every, everyLive }: BacktestReport): string {
  return `decided every ${every} bars; vitrade live decides every ${everyLive}, the model's horizon, and trades otherwise`;
}

function costLine({ costOfTrading: { total, sharpe } }: BacktestReport): string {
  const taken = `costs took ${(100 * total).toFixed(2)} % of the capital`;
  return Number.isFinite(sharpe) ? `${taken} and ${sharpe.toFixed(2)} of the Sharpe ratio` : taken;
}
