/** The words of `vitrade prepare`. */
import { type Command, Option } from "commander";
import type { AlignAt } from "../market/index.js";
import { declare, runs } from "./command.js";
import { checkOut, tableLines } from "./output.js";
import { settingsFile } from "./settingsFile.js";
import type { PrepareReport } from "./tasks/sources/prepare.js";
import { countOf, pathOf, positiveOf, seedOf, symbolsOf, timeOf } from "./values.js";

interface Options {
  readonly market: string;
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly category?: string;
  readonly bars?: number;
  readonly since?: number;
  readonly until?: number;
  readonly seed: number | string;
  readonly config?: string;
  readonly stride?: number;
  readonly flow: boolean;
  readonly threshold: number;
  readonly align: AlignAt;
  readonly out: string;
  readonly dryRun?: boolean;
  readonly features?: string;
}

const FRACTIONS = { train: 0.6, validation: 0.2, test: 0.2 };

export function declarePrepare(program: Command): void {
  const command = declare(program, {
    name: "prepare",
    description:
      "Cleans and aligns bars, makes features and windows, and writes the dataset that train, predict and backtest read.",
    examples: [
      "prepare --market simulated --bars 6000 --no-flow --out sim.dataset",
      "prepare --market data --symbols BTCUSDT,ETHUSDT --out bybit.dataset --json",
    ],
  })
    .requiredOption("--out <file>", "of the dataset", pathOf)
    .option(
      "--market <source>",
      '"simulated", a snapshot of vitrade fetch, a recording of vitrade record, or a folder of SYMBOL.csv.gz',
      pathOf,
      "simulated",
    )
    .option("--symbols <names>", "parted by commas", symbolsOf, ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
    .option("--interval <name>", "of a snapshot's or a recording's bars", "60")
    .option(
      "--category <name>",
      "of a snapshot: linear, spot or inverse (default: the one that the name means)",
    )
    .option(
      "--bars <count>",
      "the last ones of a folder (default: all), or of the simulation (12000)",
      countOf,
    )
    .option("--since <time>", "first opening time, UTC", timeOf)
    .option("--until <time>", "opening times before this one, UTC", timeOf)
    .option("--seed <seed>", "of the simulation: an integer or a name", seedOf, 2024)
    .option(
      "--config <file>",
      "YAML or JSON settings; data.sequenceLength and data.predictionHorizon count here (default: the nearest vitrade.yaml upwards)",
      pathOf,
    )
    .option("--stride <bars>", "between the starts of two windows (default: the horizon)", countOf)
    .option(
      "--no-flow",
      "leaves out tape and quotes, which downloaded candles do not have; those of vitrade record do",
    )
    .option(
      "--features <file>",
      "own module, such as ./own.mjs: its default export takes the bars of a symbol and returns a panel; tried for look-ahead, and for more history than a live run keeps",
      pathOf,
    )
    .addOption(
      new Option("--align <times>", "common: those that every symbol has; union: all, with holes")
        .choices(["common", "union"])
        .default("common"),
    )
    .option("--dry-run", "reports what was found and what would be written, and writes nothing")
    .option("--threshold <deviations>", "beyond which a trend is a bear or a bull", positiveOf, 0.7);
  runs<Options>(command, async (options, shell) => {
    await checkOut(options.out);
    const { prepare } = await import("./tasks/sources/prepare.js");
    const { marketConfig, partsOf } = await import("../models/marketVae/index.js");
    const { readSettings } = await import("./tasks/fits/settings.js");
    const config = marketConfig(await readSettings(settingsFile(options.config, shell)));
    const { sequenceLength, predictionHorizon } = config.data;
    const settings = { sequenceLength, predictionHorizon, stride: options.stride ?? predictionHorizon };
    const report = await prepare({
      out: options.out,
      source: options,
      withoutFlow: !options.flow,
      align: options.align,
      ...{ isDry: options.dryRun, features: options.features },
      settings: { ...settings, threshold: options.threshold, fractions: partsOf(config, FRACTIONS) },
    });
    shell.print(report, () => prepareLines(report));
  });
}

/** What was found, for people. */
export function prepareLines(report: PrepareReport): string[] {
  return [
    ...(report.sha256 === null ? ["nothing was written"] : []),
    `${report.out}: ${report.source}, bars of ${report.stepMs / 60_000} minutes`,
    "",
    ...tableLines(report.bars),
    "",
    ...(report.notes.length > 0 ? [...report.notes, ""] : []),
    ...(report.cleaning.length > 0 ? [...tableLines(report.cleaning), ""] : []),
    ...tableLines(report.parts),
    `left out at the borders: ${report.leftOut}`,
    ...(report.lost.length > 0
      ? ["", "windows lost", ...tableLines(report.lost.map((row) => ({ ...row })))]
      : []),
    "",
    ...tableLines(report.features),
  ];
}
