/** The words of `vitrade train`. */
import { type Command, Option } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { UsageProblem } from "./exit.js";
import { checkOut, tableLines } from "./output.js";
import { spoken } from "./progress.js";
import { checkReport, type ReportOptions, withReport, writeReport } from "./reporting.js";
import { settingsFile } from "./settingsFile.js";
import type { Shell } from "./shell.js";
import type { ForecastFamily } from "./tasks/fits/families.js";
import type { Preset } from "./tasks/fits/presets.js";
import type { TrainCommand, TrainPlan, TrainReport } from "./tasks/fits/train.js";
import type { FactorReport, OtherCommand, OtherPlan, PortfolioReport } from "./tasks/fits/trainOthers.js";
import { countOf, pathOf, seedOf } from "./values.js";

type Options = Omit<TrainCommand, "family" | "replicas"> &
  ReportOptions & {
    readonly dryRun?: boolean;
    readonly family: ForecastFamily | "factor" | "portfolio";
    readonly preset: Preset;
    readonly replicas?: number;
    readonly factors?: number;
  };

const FACTORS = 3;

export function declareTrain(program: Command): void {
  const command = declare(program, {
    name: "train",
    description:
      "Trains a model on a dataset: a market VAE, a Bayesian network, a factor model or a generator of portfolios. " +
      "Ctrl-C ends a VAE or Bayesian network after the epoch and keeps a checkpoint; the same command goes on from there.",
    examples: [
      "train --data sim.dataset --config settings.yaml --out sim.model",
      "train --data sim.dataset --out sim.model --seed 7 --json",
      "train --data sim.dataset --family bnn --preset quick --out bnn.model",
    ],
  })
    .requiredOption("--data <file>", "dataset of vitrade prepare", pathOf)
    .requiredOption("--out <file>", "of the model", pathOf)
    .option(
      "--config <file>",
      "YAML or JSON: seed, model, training, data; read strictly (default: the nearest vitrade.yaml upwards)",
      pathOf,
    )
    .addOption(
      new Option(
        "--family <name>",
        "vae and bnn predict returns; factor writes loadings, portfolio a generator",
      )
        .choices(["vae", "bnn", "factor", "portfolio"])
        .default("vae"),
    )
    .addOption(
      new Option("--preset <name>", "quick: seconds; source: as the source chapters; full: to the last epoch")
        .choices(["quick", "source", "full"])
        .default("source"),
    )
    .option("--factors <count>", `of the family factor (default: ${FACTORS})`, countOf)
    .option(
      "--replicas <count>",
      "models whose spread is the epistemic variance (default: 2, 3 or 8 by the preset)",
      countOf,
    )
    .option("--seed <seed>", "in place of the settings' own: an integer or a name", seedOf)
    .option("--fresh", "throws away a checkpoint that is there")
    .option("--dry-run", "says what would be trained and how long it would take, and writes nothing")
    .addOption(backendOption());
  withReport(command);
  runs<Options>(command, async (given, shell) => {
    const { family, preset, factors } = given;
    if (factors !== undefined && family !== "factor")
      throw new UsageProblem(`--factors: expected the family factor with it, got ${family}`);
    await checkOut(given.out);
    if (family === "factor" || family === "portfolio") {
      await runOther({ ...given, family, factors: factors ?? FACTORS }, shell);
      return;
    }
    const { presetReplicas } = await import("./tasks/fits/presets.js");
    const options = {
      ...{ ...given, family, config: settingsFile(given.config, shell), isTimed: true },
      replicas: given.replicas ?? presetReplicas(preset),
    };
    await checkReport(options);
    const { planTraining, train } = await import("./tasks/fits/train.js");
    if (options.dryRun) {
      const plan = await planTraining(options, shell);
      shell.print(plan, () => planLines(plan));
      return;
    }
    const report = await train(options, shell);
    await writeReport(options, shell, async () => {
      const { readModel } = await import("./tasks/fits/modelFile.js");
      return (await import("./report/trainReport.js")).trainReport(report, await readModel(options.out));
    });
    shell.print(report, () => trainLines(report));
  });
}

/** The families that do not predict: they take neither settings nor replicas, and write no report of epochs. */
async function runOther(
  given: Options & Pick<OtherCommand, "family" | "factors">,
  shell: Shell,
): Promise<void> {
  for (const name of ["config", "replicas", "report", "fresh"] as const)
    if (given[name] !== undefined)
      throw new UsageProblem(`--${name}: expected the family vae or bnn with it, got ${given.family}`);
  const { planOther, trainOther } = await import("./tasks/fits/trainOthers.js");
  if (given.dryRun) {
    const plan = await planOther(given, shell);
    shell.print(plan, () => otherPlanLines(plan));
    return;
  }
  const report = await trainOther(given, shell);
  shell.print(report, () => otherLines(report));
}

function otherPlanLines({ family, out, symbols, epochs, expectedSeconds }: OtherPlan): string[] {
  const time =
    expectedSeconds === null ? "soon over" : `${epochs} epochs, ${spoken(expectedSeconds)} at most`;
  return [`${out}: a ${family} model of ${symbols.join(", ")}; ${time}`, "nothing was written"];
}

function otherLines(report: FactorReport | PortfolioReport): string[] {
  if (report.family === "factor")
    return [
      `${report.out}: ${report.factors.length} factors of ${report.symbols.join(", ")}`,
      ...tableLines(report.factors.map((row) => ({ ...row }))),
      `mean log-likelihood of a bar: ${report.logLikelihood.train.toFixed(3)} nats in training, ${report.logLikelihood.test.toFixed(3)} in the test part`,
    ];
  const { out, latents, portfolios, epochs, volatility, loss } = report;
  return [
    `${out}: ${latents} latent dimensions, ${portfolios} portfolios of ${report.symbols.join(", ")}, ${epochs} epochs`,
    `loss ${loss.first.toFixed(1)} → ${loss.last.toFixed(1)} nats a portfolio`,
    `mean volatility: ${volatility.training.toFixed(1)} % a year in the training set, ${volatility.generated.toFixed(1)} of drawn portfolios`,
  ];
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
