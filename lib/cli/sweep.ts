/** The words of `vitrade sweep`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { spoken } from "./progress.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import type { SweepCommand, SweepPlan, SweepReport } from "./tasks/sweep.js";
import { countOf, pathOf } from "./values.js";

type Options = SweepCommand & ReportOptions & { readonly dryRun?: boolean };

export function declareSweep(program: Command): void {
  const command = declare(program, {
    name: "sweep",
    description:
      "Trains every network of a study and writes one table. Ctrl-C ends after the stack in hand; the same command goes on from there.",
    examples: [
      "sweep --study study.yaml --out results/",
      "sweep --study study.yaml --out results/ --report sweep.html",
      "sweep --study study.yaml --out results/ --data sim.dataset --json",
      "sweep --study study.yaml --out results/ --queue redis://127.0.0.1:6379",
    ],
  })
    .requiredOption("--study <file>", "YAML or JSON: data, model, search, seeds; read strictly", pathOf)
    .requiredOption("--out <folder>", "of the results", pathOf)
    .option(
      "--data <place>",
      "a dataset, a folder or a server of them, in place of the study's data.file",
      pathOf,
    )
    .option("--cache <folder>", "of datasets from a server (default: ~/.cache/vitrade/datasets)", pathOf)
    .option(
      "--queue <address>",
      "redis://host:port or rediss://host:port: workers train, see vitrade worker",
      pathOf,
    )
    .option("--threads <count>", "that share a stack (default: as many as pay)", countOf)
    .option("--weights", "writes each network's weights too, a file each, in the folder's weights/")
    .option("--dry-run", "says what would be trained, and writes nothing")
    .addOption(backendOption());
  withReport(command);
  runs<Options>(command, async (options, shell) => {
    await checkReport(options);
    const { planSweep, sweep } = await import("./tasks/sweep.js");
    if (options.dryRun) {
      const plan = await planSweep(options);
      shell.print(plan, () => [planLine(plan), "nothing was written"]);
      return;
    }
    const { report, study, results } = await sweep(options, shell);
    await writeReport(options, shell, async () =>
      (await import("./report/sweepReport.js")).sweepReport(report, study, results),
    );
    shell.print(report, () => reportLines(report));
    if (report.setAside.length > 0) throw new Error(asideLine(report));
  });
}

function planLine({ name, settings, folds, seeds, networks }: Omit<SweepPlan, "done">): string {
  return `${name}: ${networks} networks, ${settings} settings × ${folds} folds × ${seeds} seeds`;
}

function reportLines(report: SweepReport): string[] {
  return [planLine(report), `${report.table}: ${report.rows} networks, in ${spoken(report.seconds)}`];
}

function asideLine({ setAside, networks }: SweepReport): string {
  const count = setAside.reduce((sum, each) => sum + each.networks.length, 0);
  const [first] = setAside;
  return `${count} of ${networks} networks could not be trained and are not in the table; the first, network ${first!.networks[0]}: ${first!.error}`;
}
