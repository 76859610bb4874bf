/** The words of `vitrade live`. */
import type { Command } from "commander";
import { backendOption, declare, runs } from "./command.js";
import { UsageProblem } from "./exit.js";
import { tableLines } from "./output.js";
import type { LivePage } from "./page/server.js";
import type { Shell } from "./shell.js";
import type { LiveCommand, LivePlan, LiveReport } from "./tasks/live.js";
import type { LiveEvent } from "./tasks/liveEvents.js";
import { ruleWords } from "./tasks/rule.js";
import { costsOf, ruleOf, type TradingOptions, withTrading } from "./trading.js";
import { amountOf, countOf, fractionOf, pathOf, portOf, positiveOf, seedOf, urlOf } from "./values.js";

interface Options
  extends TradingOptions,
    Omit<LiveCommand, "rule" | "costs" | "exchange" | "paceMs" | "bars"> {
  readonly bybit?: boolean;
  readonly dryRun?: boolean;
  readonly bars?: number;
  readonly pace: number;
  /** Of the page; true where the usual one is meant. */
  readonly page?: number | true;
}

/** Port of the page unless another is asked for. */
const PORT = 8899;

/** Candles of a run on the simulated exchange. */
const BARS = 240;

export function declareLive(program: Command): void {
  const command = declare(program, {
    name: "live",
    description:
      "Trades a model on paper, candle by candle: on a simulated exchange on this machine in accelerated time, or on public data. " +
      "Killed at any moment, the same command goes on from the journal.",
    examples: [
      "live --model sim.model --journal sim.journal --bars 240 --json",
      "live --model bybit.model --journal bybit.journal --bybit --kill-file STOP",
      "live --journal shown.journal --pace 1000 --page",
      "live --model own.model --features ./own.mjs --journal own.journal",
    ],
  })
    .requiredOption("--journal <folder>", "what happened, for good; made where it is not there", pathOf)
    .option("--model <file>", "model of vitrade train (simulated: a small one is trained)", pathOf)
    .option(
      "--features <file>",
      "of a model of own features: the module that vitrade prepare was given, such as ./own.mjs",
      pathOf,
    )
    .option("--bybit", "live candles of Bybit in place of the simulated exchange")
    .option("--url <address>", "REST address of another public server that speaks Bybit V5", urlOf)
    .option("--stream-url <address>", "its WebSocket address, such as wss://stream.example.com", urlOf)
    .option(
      "--recorded <folder>",
      "of vitrade record: the past of a public run, which a model of order flow needs to begin with",
      pathOf,
    )
    .option("--bars <count>", `closes since the run began after which it ends (simulated: ${BARS})`, countOf)
    .option("--pace <ms>", "least time a simulated candle takes", amountOf, 0)
    .option(
      "--kill-file <file>",
      "once anything has this name, the run is flat at the next open and stays so",
      pathOf,
    )
    .option("--page [port]", `shows the run on a page of this machine, at 127.0.0.1 (port ${PORT})`, portOf)
    .option("--dry-run", "says what would be traded and where it would go on, asks nobody and writes nothing")
    .option("--capital <amount>", "of the paper account", positiveOf, 10_000)
    .option(
      "--daily-loss <share>",
      "of a day's equity, after which the run is flat until the next",
      fractionOf,
      0.05,
    )
    .option("--draws <count>", "of the latents, a window and model", countOf, 100)
    .option("--seed <seed>", "of the draws and of the simulated exchange", seedOf, 2024)
    .addOption(backendOption());
  withTrading(command);
  runs<Options>(command, async ({ page: asked, ...options }, shell) => {
    const { live, planLive } = await import("./tasks/live.js");
    if (options.dryRun) {
      const plan = await planLive(commandOf(options));
      shell.print(plan, () => planLines(plan));
      return;
    }
    const page =
      asked === undefined ? undefined : await pageOf(asked === true ? PORT : asked, options.journal, shell);
    const notify = (event: LiveEvent): void => {
      printEvent(event, shell);
      page?.see(event);
    };
    const report = await live(commandOf(options), shell, notify, page?.attach).finally(() => page?.close());
    shell.stream({ kind: "end", ...report }, () => endLines(report).join("\n"));
  });
}

/** What would be done, for people. */
function planLines({
  journal,
  goesOn,
  exchange,
  model,
  symbols,
  bars,
  capital,
  rule,
  dailyLoss,
}: LivePlan): string[] {
  return [
    `${symbols.join(", ")} on paper by ${model ?? "a small model that is trained first"}, ${exchange === "public" ? "on public candles" : "on the simulated exchange"}`,
    `${ruleWords(rule)}; ${capital} of capital, flat for the day after a loss of ${100 * dailyLoss} %`,
    `${goesOn ? `goes on from ${journal}` : `begins ${journal}`}, ${bars === null ? "until it is stopped" : `${bars} closes`}; nothing was written`,
  ];
}

/** Opens the page of the run, with what its journal tells already, and says where it is and what its button asks for. */
async function pageOf(port: number, journal: string, shell: Shell): Promise<LivePage> {
  const { openPage } = await import("./page/server.js");
  const { pastEvents } = await import("./page/history.js");
  const page = await openPage(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new UsageProblem(`--page: expected a free port, got ${port}, which is taken`);
  });
  for await (const event of pastEvents(journal)) page.see(event);
  shell.say(`page ${page.url} · token of the kill button ${page.token}`);
  return page;
}

function commandOf(options: Options): LiveCommand {
  const { url, streamUrl, bybit, bars, pace } = options;
  if ((url === undefined) !== (streamUrl === undefined))
    throw new UsageProblem("--url, --stream-url: expected both addresses of a server, got one");
  const isPublic = bybit === true || url !== undefined;
  if (!isPublic && options.recorded !== undefined)
    throw new UsageProblem("--recorded: expected a run on public data with it, got the simulated exchange");
  if (isPublic && options.model === undefined)
    throw new UsageProblem("--model: expected one of the market that is traded, got none");
  if (options.features !== undefined && options.model === undefined)
    throw new UsageProblem("--features: expected a model of own features with it, got no --model");
  return {
    ...options,
    ...{ rule: ruleOf(options), costs: costsOf(options), paceMs: pace },
    exchange: isPublic ? "public" : "simulated",
    bars: bars ?? (isPublic ? undefined : BARS),
  };
}

/** Events as they come; for people, those that change something, and what happened to the stream on standard error. */
export function printEvent(event: LiveEvent, shell: Shell): void {
  shell.stream(event, () => {
    if (event.kind !== "status") return lineOf(event);
    shell.say([event.what, event.detail].filter(Boolean).join(": "));
    return undefined;
  });
}

function lineOf(event: Exclude<LiveEvent, { kind: "status" }>): string | undefined {
  if (event.kind === "begin") return `${event.from}  begin of ${event.symbols.join(", ")}`;
  if (event.kind === "fill")
    return `${event.filledAt}  ${event.side} ${event.units.toPrecision(4)} ${event.symbol} at ${event.price} (${event.cause})`;
  if (event.kind === "close") return undefined;
  if (event.kind !== "decision") return `${event.kind}: ${event.why}`;
  const sides = event.signals.map(
    ({ symbol, direction, probability, target }) =>
      `${symbol} ${direction} p ${probability.toFixed(2)} → ${target === null ? "as it is" : target.toFixed(2)}`,
  );
  return `${event.time}  equity ${event.equity.toFixed(2)}  ${[...sides, ...event.reasons].join("  ")}`;
}

/** What a run came to, for people. */
export function endLines(report: LiveReport): string[] {
  const { closes, decisions, fills, equity, positions, killed, ruined } = report;
  return [
    ruleWords(report.rule),
    `${report.from} to ${report.to}: ${closes} closes, ${decisions} decisions and ${fills} fills now, equity ${equity.toFixed(2)}`,
    ...(ruined === null ? [] : [`ruined ${ruined}: liquidated, nothing was left`]),
    ...(killed === null ? [] : [`flat for good: ${killed}`]),
    ...tableLines(Object.entries(positions).map(([symbol, share]) => ({ symbol, share }))),
  ];
}
