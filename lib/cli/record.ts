/** The words of `vitrade record`. */
import type { Command } from "commander";
import { declare, runs } from "./command.js";
import { UsageProblem } from "./exit.js";
import { tableLines } from "./output.js";
import type { RecordCommand } from "./tasks/sources/record.js";
import { countOf, pathOf, symbolsOf, urlOf } from "./values.js";

export function declareRecord(program: Command): void {
  const command = declare(program, {
    name: "record",
    description:
      "Records closed candles of Bybit with their order flow - takers' volumes, best quotes and depth - from the live stream; " +
      "stopped or killed at any moment, the same command goes on.",
    examples: [
      "record --symbols BTCUSDT,ETHUSDT --interval 5 --folder flow",
      "record --symbols BTCUSDT --folder flow --keep 30",
    ],
  })
    .requiredOption("--symbols <names>", "such as BTCUSDT or BTC/USDT:USDT, parted by commas", symbolsOf)
    .option("--interval <name>", "1 3 5 15 30 60 120 240 360 720 (minutes) or D; or 1m … 12h, 1d", "60")
    .option("--category <name>", "linear, spot or inverse (default: the one that the name means)")
    .option("--folder <path>", "of the recording: a file a symbol and day", pathOf, "flow")
    .option("--bars <count>", "candles of each symbol after which it ends (default: never)", countOf)
    .option("--keep <days>", "of each symbol, older files are removed (default: all)", countOf)
    .option("--dry-run", "says what would be recorded, asks nobody and writes nothing")
    .option("--url <address>", "REST address of another public server that speaks Bybit V5", urlOf)
    .option("--stream-url <address>", "its WebSocket address, such as wss://stream.example.com", urlOf);
  runs<RecordCommand & { readonly dryRun?: boolean }>(command, async (options, shell) => {
    if ((options.url === undefined) !== (options.streamUrl === undefined))
      throw new UsageProblem("--url, --stream-url: expected both addresses of a server, got one");
    const { planRecording, record } = await import("./tasks/sources/record.js");
    if (options.dryRun) {
      const plan = planRecording(options);
      const end = plan.bars === null ? "until it is stopped" : `${plan.bars} candles of each`;
      shell.print(plan, () => [
        ...tableLines(plan.series.map((each) => ({ ...each }))),
        `into ${plan.folder}, ${end}; nobody was asked, nothing was written`,
      ]);
      return;
    }
    const report = await record(options, shell);
    shell.print(report, () => tableLines(report.rows));
  });
}
