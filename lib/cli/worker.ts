/** The words of `vitrade worker`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import type { WorkerCommand } from "./tasks/worker.js";
import { countOf, pathOf } from "./values.js";

export function declareWorker(program: Command): void {
  const command = declare(program, {
    name: "worker",
    description:
      "Trains stacks of studies that vitrade sweep planned on a queue. Ctrl-C ends after the stack in hand; a stack of a worker that is killed goes to another.",
    examples: [
      "worker --queue redis://127.0.0.1:6379 --data datasets/",
      "worker --queue rediss://queue.example.org:6380 --data https://files.example.org/datasets --threads 8",
    ],
  })
    .requiredOption("--queue <address>", "redis://host:port or rediss://host:port", pathOf)
    .option("--data <place>", "a dataset, a folder of them, or a server's address of them", pathOf)
    .option("--cache <folder>", "of datasets from a server (default: ~/.cache/vitrade/datasets)", pathOf)
    .option("--threads <count>", "that share a stack (default: as many as pay)", countOf)
    .option(
      "--lease <seconds>",
      "after which a stack whose worker is not heard of is given to another",
      countOf,
      60,
    )
    .option("--until-empty", "ends when no stack waits")
    .addOption(backendOption());
  runs<WorkerCommand>(command, async (options, shell) => {
    const { work } = await import("./tasks/worker.js");
    const report = await work(options, shell);
    shell.print(report, () => [`${report.stacks} stacks, ${report.networks} networks`]);
  });
}
