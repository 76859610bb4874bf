/** The words of `vitrade train`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { checkOut, tableLines } from "./output.js";
import { spoken } from "./progress.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import { settingsFile } from "./settingsFile.js";
import type { TrainCommand, TrainPlan, TrainReport } from "./tasks/train.js";
import { countOf, pathOf, seedOf } from "./values.js";

type Options = TrainCommand & ReportOptions & { readonly dryRun?: boolean };

export function declareTrain(program: Command): void {
  const command = declare(program, {
    name: "train",
    description:
      "Trains a market VAE on a dataset. Ctrl-C ends after the epoch and keeps a checkpoint; the same command goes on from there.",
    examples: [
      "train --data sim.dataset --config settings.yaml --out sim.model",
      "train --data sim.dataset --out sim.model --seed 7 --json",
    ],
  })
    .requiredOption("--data <file>", "dataset of vitrade prepare", pathOf)
    .requiredOption("--out <file>", "of the model", pathOf)
    .option(
      "--config <file>",
      "YAML or JSON: seed, model, training, data; read strictly (default: the nearest vitrade.yaml upwards)",
      pathOf,
    )
    .option("--replicas <count>", "models whose spread is the epistemic variance", countOf, 3)
    .option("--seed <seed>", "in place of the settings' own: an integer or a name", seedOf)
    .option("--fresh", "throws away a checkpoint that is there")
    .option("--dry-run", "says what would be trained and how long it would take, and writes nothing")
    .addOption(backendOption());
  withReport(command);
  runs<Options>(command, async (given, shell) => {
    const options = { ...given, config: settingsFile(given.config, shell), isTimed: true };
    await checkOut(options.out);
    await checkReport(options);
    const { planTraining, train } = await import("./tasks/train.js");
    if (options.dryRun) {
      const plan = await planTraining(options, shell);
      shell.print(plan, () => planLines(plan));
      return;
    }
    const report = await train(options, shell);
    await writeReport(options, shell, async () => {
      const { readModel } = await import("./tasks/modelFile.js");
      return (await import("./report/trainReport.js")).trainReport(report, await readModel(options.out));
    });
    shell.print(report, () => trainLines(report));
  });
}

/** What would be done, for people. */
function planLines({
  out,
  backend,
  replicas,
  parameters,
  rows,
  epochs,
  steps,
  expectedSeconds,
}: TrainPlan): string[] {
  const time = expectedSeconds === null ? "soon over" : `${spoken(expectedSeconds)} at most`;
  return [
    `${out}: ${replicas} models of ${parameters} parameters, ${epochs} epochs, ${steps} steps, backend ${backend}`,
    `${rows.train} windows to train on, ${rows.validation} to choose by; ${time}`,
    "nothing was written",
  ];
}

/** How it went, for people. */
export function trainLines(report: TrainReport): string[] {
  const { out, replicas, parameters, epochs, ended, backend, loss } = report;
  return [
    `${out}: ${replicas} models of ${parameters} parameters, ${epochs} epochs (${ended}), backend ${backend}`,
    `loss ${loss.first.toFixed(1)} → ${loss.last.toFixed(1)} nats a window`,
    ...tableLines(report.bestElbo.map((bound, r) => ({ model: r, epoch: report.bestEpoch[r]!, bound }))),
  ];
}
