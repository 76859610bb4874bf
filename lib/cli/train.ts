/** The words of `vitrade train`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { checkOut, tableLines } from "./output.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import type { TrainCommand, TrainReport } from "./tasks/train.js";
import { countOf, seedOf } from "./values.js";

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
    .requiredOption("--data <file>", "dataset of vitrade prepare")
    .requiredOption("--out <file>", "of the model")
    .option("--config <file>", "YAML or JSON: seed, model, training, data; read strictly")
    .option("--replicas <count>", "models whose spread is the doubt about the parameters", countOf, 3)
    .option("--seed <seed>", "in place of the settings' own: an integer or a name", seedOf)
    .option("--fresh", "throws away a checkpoint that is there")
    .addOption(backendOption());
  withReport(command);
  runs<TrainCommand & ReportOptions>(command, async (options, shell) => {
    await checkOut(options.out);
    await checkReport(options);
    const { train } = await import("./tasks/train.js");
    const report = await train(options, shell);
    await writeReport(options, shell, async () => {
      const { readModel } = await import("./tasks/modelFile.js");
      return (await import("./report/trainReport.js")).trainReport(report, await readModel(options.out));
    });
    shell.print(report, () => trainLines(report));
  });
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
