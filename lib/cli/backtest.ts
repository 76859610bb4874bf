/** The words of `vitrade backtest`. */
import type { Command } from "commander";
import { declare, runs } from "./command.js";
import { UsageProblem } from "./exit.js";
import { isoTime, tableLines } from "./output.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import type { BacktestReport } from "./tasks/backtest.js";
import { ruleWords } from "./tasks/rule.js";
import { costsOf, ruleOf, type TradingOptions, withTrading } from "./trading.js";
import { countOf, pathOf } from "./values.js";

interface Options extends TradingOptions, ReportOptions {
  readonly predictions: string;
  readonly data: string;
  readonly inSample?: boolean;
  readonly variants?: number;
  readonly strategy?: string;
}

export function declareBacktest(program: Command): void {
  const command = declare(program, {
    name: "backtest",
    description:
      "What forecasts would have earned: decided at a close, executed at the next open, after costs; beside buying and holding.",
    examples: [
      "backtest --predictions forecasts.json --data sim.dataset --rule sign",
      "backtest --predictions forecasts.json --data sim.dataset --report backtest.html --variants 12",
    ],
  })
    .requiredOption("--predictions <file>", "JSON of vitrade predict", pathOf)
    .requiredOption("--data <file>", "the dataset they were made of", pathOf)
    .option(
      "--strategy <file>",
      "own module, such as ./own.mjs: its default export takes a row of the forecast and returns a weight",
      pathOf,
    )
    .option("--in-sample", "trades forecasts of times that the model has seen too")
    .option(
      "--variants <count>",
      "tried before this one was chosen, with it: the report charges for them",
      countOf,
    );
  withTrading(withReport(command));
  runs<Options>(command, async (options, shell) => {
    checkStrategy(command, options);
    await checkReport(options);
    const { runBacktest } = await import("./tasks/backtest.js");
    const { predictions, data, inSample } = options;
    const run = await runBacktest({
      ...{ predictions, data, inSample, costs: costsOf(options) },
      rule: { ...ruleOf(options), own: options.strategy },
    });
    await writeReport(options, shell, async () =>
      (await import("./report/backtestReport.js")).backtestReport(run, options.variants),
    );
    shell.print(run.report, () => backtestLines(run.report));
  });
}

/** A strategy and a rule that is asked for both decide. */
function checkStrategy(command: Command, { strategy }: Options): void {
  if (strategy === undefined) return;
  const names = ["rule", "edge", "epistemicPenalty", "kelly"];
  const given = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (given)
    throw new UsageProblem(
      `--strategy: expected no --${given.replace("P", "-p")} beside it, as the strategy decides`,
    );
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
