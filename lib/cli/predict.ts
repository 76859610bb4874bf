/** The words of `vitrade predict`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { UsageProblem } from "./exit.js";
import { checkOut, csvText, documentText, writeResult } from "./output.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import type { ForecastPlan, PredictCommand } from "./tasks/predict.js";
import { countOf, pathOf, seedOf } from "./values.js";

type Options = PredictCommand & ReportOptions & { readonly out?: string; readonly dryRun?: boolean };

/** What would be done, for people. */
function planLines({ forecasts, symbols, from, to, replicas, draws }: ForecastPlan): string[] {
  return [
    `${forecasts} forecasts of ${symbols.join(", ")} from ${from} to ${to}, ${replicas} models × ${draws} draws each`,
    "nothing was written",
  ];
}

export function declarePredict(program: Command): void {
  const command = declare(program, {
    name: "predict",
    description:
      "Forecasts of a model for each window: mean and variances of the return over its horizon, and probabilities of the regimes.",
    examples: [
      "predict --model sim.model --data sim.dataset --out forecasts.json",
      "predict --model bybit.model --data bybit.dataset --latest --json",
    ],
  })
    .requiredOption("--model <file>", "model of vitrade train", pathOf)
    .requiredOption("--data <file>", "dataset of vitrade prepare", pathOf)
    .option("--out <file>", "FILE.json or FILE.csv; standard output unless given", pathOf)
    .option("--draws <count>", "of the latents, a window and model", countOf, 100)
    .option("--seed <seed>", "of the draws: an integer or a name; that of vitrade live", seedOf, 2024)
    .option(
      "--every <bars>",
      "between two forecasts of a symbol, counted from the epoch (default: the model's horizon)",
      countOf,
    )
    .option("--all", "forecasts of times that the model has seen too")
    .option("--latest", "only the last forecast of each symbol")
    .option("--dry-run", "counts what would be forecast, and writes nothing")
    .addOption(backendOption());
  withReport(command);
  runs<Options>(command, async (options, shell) => {
    const { out } = options;
    if (out !== undefined && !/\.(json|csv)$/.test(out))
      throw new UsageProblem(`--out: expected a name that ends in .json or .csv, got ${out}`);
    if (out !== undefined) await checkOut(out);
    await checkReport(options);
    const { planForecasts, predict } = await import("./tasks/predict.js");
    if (options.dryRun) {
      const plan = await planForecasts(options);
      shell.print(plan, () => planLines(plan));
      return;
    }
    const forecasts = await predict(options);
    await writeReport(options, shell, async () =>
      (await import("./report/predictReport.js")).predictReport(forecasts),
    );
    const { rows, ...about } = forecasts;
    if (out === undefined) {
      shell.print(forecasts, () => csvText(rows).trimEnd().split("\n"));
      return;
    }
    await writeResult(out, out.endsWith(".csv") ? csvText(rows) : `${documentText(forecasts)}\n`);
    const report = { out, forecasts: rows.length, ...about };
    shell.print(report, () => [
      `${out}: ${rows.length} forecasts from ${rows[0]!.decidedAt} to ${rows.at(-1)!.decidedAt}`,
    ]);
  });
}
