/** The words of `vitrade fetch`. */
import type { Command } from "commander";
import { declare, runs } from "./command.js";
import { tableLines } from "./output.js";
import type { FetchCommand } from "./tasks/sources/fetch.js";
import { pathOf, symbolsOf, timeOf, urlOf } from "./values.js";

export function declareFetch(program: Command): void {
  const command = declare(program, {
    name: "fetch",
    description:
      "Downloads candles of Bybit into a snapshot folder: only what is not there yet; stopped at any moment, the same command goes on from there.",
    examples: ["fetch --symbols BTCUSDT,ETHUSDT --interval 60 --since 2024-01-01 --folder data"],
  })
    .requiredOption("--symbols <names>", "such as BTCUSDT or BTC/USDT:USDT, parted by commas", symbolsOf)
    .requiredOption("--since <time>", "first opening time, UTC", timeOf)
    .option("--until <time>", "opening times before this one, UTC (default: now)", timeOf)
    .option(
      "--interval <name>",
      "1 3 5 15 30 60 120 240 360 720 (minutes), D or W; or 1m … 12h, 1d, 1w",
      "60",
    )
    .option("--category <name>", "linear, spot or inverse (default: the one that the name means)")
    .option("--folder <path>", "of the snapshot", pathOf, "data")
    .option("--url <address>", "another server that speaks Bybit V5", urlOf)
    .option("--refetch", "asks again for bars that the exchange did not have before")
    .option("--dry-run", "says how much would be asked for at most, and asks nobody");
  runs<FetchCommand & { readonly dryRun?: boolean }>(command, async (options, shell) => {
    const { fetch, planFetch } = await import("./tasks/sources/fetch.js");
    if (options.dryRun) {
      const plan = planFetch(options, shell);
      shell.print(plan, () => [...tableLines(plan.series), "nothing was asked for, nothing was written"]);
      return;
    }
    const report = await fetch(options, shell);
    shell.print(report, () => tableLines(report.reports));
    if (report.failures.length > 0) throw new Error(report.failures.map(({ error }) => error).join("; "));
  });
}
