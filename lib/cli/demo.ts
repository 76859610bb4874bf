/** The words of `vitrade demo`. */
import type { Command } from "commander";
import { backtestLines } from "./backtest.js";
import { backendOption, declare, runs } from "./command.js";
import { endLines } from "./live.js";
import { tableLines } from "./output.js";
import { prepareLines } from "./prepare.js";
import type { DemoCommand, DemoReport } from "./tasks/demo.js";
import { trainLines } from "./train.js";
import { pathOf, seedOf } from "./values.js";

export function declareDemo(program: Command): void {
  const command = declare(program, {
    name: "demo",
    description:
      "The whole way in under a minute, offline: a simulated market, a dataset, a training, forecasts, a backtest after costs, and a paper run on live candles.",
    examples: ["demo --folder vitrade-demo"],
  })
    .option("--folder <path>", "where its files go", pathOf, "vitrade-demo")
    .option("--dry-run", "says what would be written, and writes nothing")
    .option("--seed <seed>", "of everything: an integer or a name", seedOf, 2024)
    .addOption(backendOption());
  runs<DemoCommand & { readonly dryRun?: boolean }>(command, async (options, shell) => {
    const { demo, demoFiles } = await import("./tasks/demo.js");
    if (options.dryRun) {
      const plan = { folder: options.folder, files: demoFiles(options.folder) };
      shell.print(plan, () => [
        `writes, over those of an earlier demo: ${plan.files.join(", ")}`,
        "nothing was written",
      ]);
      return;
    }
    const report = await demo(options, shell);
    shell.print(report, () => demoLines(report));
  });
}

function demoLines(report: DemoReport): string[] {
  const latest = report.latest.map(({ symbol, decidedAt, mean, probabilityUp, ...regimes }) => {
    const { bear = Number.NaN, sideways = Number.NaN, bull = Number.NaN } = regimes;
    return { symbol, decidedAt, mean, probabilityUp, bear, sideways, bull };
  });
  return [
    ...prepareLines(report.prepared),
    "",
    ...trainLines(report.trained),
    "",
    `${report.forecasts} forecasts; the last:`,
    ...tableLines(latest),
    "",
    "backtest",
    ...backtestLines(report.backtest),
    ...plantedLines(report),
    "",
    "on paper",
    ...endLines(report.live),
  ];
}

/** What a Sharpe ratio of this market is worth. */
function plantedLines({ backtest: { strategy } }: DemoReport): string[] {
  const days = Math.round(strategy.years * 365);
  return [
    `a Sharpe ratio of ${strategy.sharpe.toFixed(1)} ± ${strategy.sharpeError.toFixed(1)} here says that the chain works, not that it earns: ` +
      `the market is simulated, its edge was put there, and ${days} days are few`,
  ];
}
