/** `vitrade live` and `vitrade demo` as processes: offline, deterministic, and the same after any stop. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { settledRule, sizingRules, type TradingRule } from "../../lib/cli/tasks/rule.js";
import { key } from "../../lib/core/random.js";
import { readJournal } from "../../lib/live/journal/journal.js";
import { fromJson, type LiveRecord, type StepRecord } from "../../lib/live/journal/records.js";
import { sliceBars } from "../../lib/market/bars.js";
import { countBefore } from "../../lib/market/grid.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import { backtest } from "../../lib/trading/backtest/backtest.js";
import { BYBIT_FEES, type Costs, NO_COSTS } from "../../lib/trading/backtest/costs.js";
import { decide } from "../../lib/trading/decisions/decide.js";
import type { Direction } from "../../lib/trading/decisions/signal.js";
import { compileProgram, outcomeOf, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
const symbols = ["BTCUSDT", "ETHUSDT"];
const HOUR = 3_600_000;

interface Signal {
  symbol: string;
  direction: Direction;
  probability: number;
  aleatoric: number;
  latent: number;
  epistemic: number;
  wanted: number;
  target: number;
}
interface Line {
  kind: string;
  time?: string;
  equity?: number;
  signals?: Signal[];
  fills?: number;
  closes?: number;
  before?: number;
  killed?: string | null;
  positions?: Record<string, number>;
}

let program: Program;

beforeAll(async () => {
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  const from = "--symbols BTCUSDT,ETHUSDT --config settings.yaml --no-flow".split(" ");
  await program.run("prepare", ...from, "--bars", "1200", "--out", "market.dataset");
  await program.run("prepare", ...from, "--bars", "1300", "--out", "longer.dataset");
  await program.run(
    ..."train --data market.dataset --config settings.yaml --replicas 2 --out a.model".split(" "),
  );
});

afterAll(() => program.remove());

const live = (journal: string, ...more: string[]) => [
  ...`live --model a.model --journal ${journal} --bars 40 --rule sign --json`.split(" "),
  ...more,
];
const linesOf = (out: string): Line[] =>
  out
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function recordsOf(journal: string): Promise<LiveRecord[]> {
  const records: LiveRecord[] = [];
  for await (const { record } of readJournal(program.file(journal))) records.push(record as LiveRecord);
  return records;
}

/** What a run did, without when it was interrupted. */
async function deeds(journal: string): Promise<unknown[]> {
  return (await recordsOf(journal)).flatMap((record) => {
    if (record.kind === "step") return [[record.time, record.targets, record.equity, record.fills]];
    return record.kind === "open" ? [[record.time, record.prices, record.fills]] : [];
  });
}

/** A row of `vitrade predict`. */
interface Row {
  symbol: string;
  decidedAt: string;
  mean: number;
  aleatoric: number;
  latent: number;
  epistemic: number;
  probabilityUp: number;
}

/** What a backtest decides of rows of `vitrade predict`, by time and symbol. */
function backtested(rows: readonly Row[], names: readonly string[], rule: TradingRule, costs: Costs) {
  const column = (name: "mean" | "aleatoric" | "latent" | "epistemic" | "probabilityUp") =>
    Float64Array.from(rows, (row) => row[name]);
  const { signals, weight } = decide(
    {
      asset: Uint16Array.from(rows, ({ symbol }) => names.indexOf(symbol)),
      decidedAt: Float64Array.from(rows, ({ decidedAt }) => Date.parse(decidedAt)),
      ...{ mean: column("mean"), aleatoric: column("aleatoric"), latent: column("latent") },
      ...{ epistemic: column("epistemic"), probabilityUp: column("probabilityUp") },
    },
    sizingRules(settledRule(rule, names.length), costs),
  );
  return new Map(
    rows.map(({ symbol, decidedAt }, n) => [
      `${symbol} ${decidedAt}`,
      { direction: signals[n]!.direction, weight: weight[n]! },
    ]),
  );
}

/** Live decisions beside those of a backtest of the same forecasts: forecasts, sides and weights are equal, to the bit. */
function compared(lines: readonly Line[], rows: readonly Row[], decided: ReturnType<typeof backtested>) {
  const counts = { LONG: 0, SHORT: 0, HOLD: 0 };
  const rowAt = new Map(rows.map((row) => [`${row.symbol} ${row.decidedAt}`, row]));
  for (const { kind, time, signals } of lines) {
    if (kind !== "decision") continue;
    for (const { symbol, direction, probability, aleatoric, latent, epistemic, wanted } of signals!) {
      const row = rowAt.get(`${symbol} ${time}`)!;
      expect({ aleatoric, latent, epistemic, probabilityUp: probability }).toEqual({
        ...{ aleatoric: row.aleatoric, latent: row.latent, epistemic: row.epistemic },
        probabilityUp: row.probabilityUp,
      });
      expect({ direction, weight: wanted }).toEqual(decided.get(`${symbol} ${time}`));
      counts[direction]++;
    }
  }
  return counts;
}

test("two runs say the same bytes; their forecasts are those of predict for the same hours, to the bit", async () => {
  // VI-92, VI-98, VI-108
  const [one, two] = [await program.run(...live("one")), await program.run(...live("two"))];
  expect({ code: one.code, err: one.err }).toEqual({ code: 0, err: "" });
  expect(two.out.replace('"journal":"two"', '"journal":"one"')).toBe(one.out);
  const lines = linesOf(one.out);
  expect(lines.at(-1)).toMatchObject({ kind: "end", closes: 40, before: 0, killed: null });
  expect(lines.filter(({ kind }) => kind === "close" || kind === "decision")).toHaveLength(40);
  const rows = await predicted("a.model", "longer.dataset");
  const rule: TradingRule = { kind: "sign", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25 };
  const counts = compared(lines, rows, backtested(rows, symbols, rule, NO_COSTS));
  expect(counts.LONG + counts.SHORT).toBe(20);
  for (const { signals = [] } of lines)
    for (const { direction, target } of signals) expect(target).toBe(direction === "LONG" ? 0.5 : -0.5);
});

async function predicted(model: string, data: string): Promise<Row[]> {
  const { code, out, err } = await program.run("predict", "--model", model, "--data", data, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out).rows;
}

test("the edge rule with penalties and caps decides live as in a backtest of the forecasts, fees or none", async () => {
  const free = "--taker-bps 0 --half-spread-bps 0";
  const runs: [string, TradingRule, Costs][] = [
    [`${free} --bars 160`, { kind: "edge", minEdgeMultiple: 1, epistemicPenalty: 1, kelly: 0.25 }, NO_COSTS],
    [
      `${free} --bars 160 --epistemic-penalty 0.1 --kelly 1 --cap 0.8`,
      { kind: "edge", minEdgeMultiple: 1, epistemicPenalty: 0.1, kelly: 1, cap: 0.8 },
      NO_COSTS,
    ],
    [
      "--bars 160 --edge 0.1 --epistemic-penalty 0",
      { kind: "edge", minEdgeMultiple: 0.1, epistemicPenalty: 0, kelly: 0.25 },
      { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 },
    ],
  ];
  const rows = await predicted("a.model", "longer.dataset");
  const traded: number[] = [];
  for (const [i, [words, rule, costs]] of runs.entries()) {
    const run = await program.run(...`live --model a.model --journal edge${i} --json ${words}`.split(" "));
    expect(run.code, run.err).toBe(0);
    const counts = compared(linesOf(run.out), rows, backtested(rows, symbols, rule, costs));
    expect(counts.LONG + counts.SHORT + counts.HOLD).toBe(80);
    traded.push(counts.LONG + counts.SHORT);
  }
  expect(traded[0]!).toBeLessThan(10); // one standard deviation of a model uncertainty that is nearly all latent
  expect(Math.min(traded[1]!, traded[2]!)).toBeGreaterThan(15);
});

test("the paper account is the backtest of the same targets, close by close", async () => {
  const steps = (await recordsOf("one")).filter((record): record is StepRecord => record.kind === "step");
  const { bars: all } = simulate({ symbols, bars: 1300, key: key(2024) });
  const from = countBefore(all[0]!.openTime, steps[0]!.time - HOUR);
  const bars = all.map((own) => sliceBars(own, from, from + steps.length));
  const held = new Float64Array(symbols.length);
  const values = steps.flatMap(({ targets }) => {
    fromJson(targets).forEach((target, a) => {
      if (!Number.isNaN(target)) held[a] = target;
    });
    return Array.from(held);
  });
  const weights = {
    time: Float64Array.from(steps, ({ time }) => time),
    names: symbols,
    values: Float64Array.from(values),
  };
  const costs = { ...BYBIT_FEES.linearPerpetual, halfSpreadBps: 0.5, latencyBars: 0 };
  const ledger = backtest(weights, bars, { costs, rebalance: "when changed", capital: 10_000 });
  steps.forEach(({ equity }, t) => {
    expect(equity / ledger.equity[t]!).toBeCloseTo(1, 6); // the exchange's ticks
  });
  expect(ledger.orders).toBeGreaterThan(3);
});

/** Waits until a run has told so many lines. */
function told(child: ChildProcess, lines: number): Promise<void> {
  let count = 0;
  return new Promise((done, fail) => {
    child.stdout!.on("data", (chunk) => {
      count += String(chunk).split("\n").length - 1;
      if (count >= lines) done();
    });
    child.on("close", () => fail(new Error(`expected ${lines} lines, got ${count}`)));
  });
}

test("killed or interrupted, the same command goes on from the journal to the same account", async () => {
  const killed = program.start(...live("cut", "--pace", "50"));
  const dead = outcomeOf(killed);
  await told(killed, 18);
  killed.kill("SIGSTOP");
  const second = await program.run(...live("cut"));
  expect(second).toMatchObject({ code: 1, out: "" });
  expect(second.err).toContain(`process ${killed.pid} is writing there`);
  killed.kill("SIGKILL");
  await dead;
  const stopped = program.start(...live("cut", "--pace", "50"));
  const ended = outcomeOf(stopped);
  await told(stopped, 15);
  stopped.kill("SIGINT");
  const { code, err } = await ended;
  expect(code, err).toBe(130);
  expect(err).toMatch(/stopped after the close of .*; the same command goes on from cut/);
  const rest = await program.run(...live("cut"));
  expect(linesOf(rest.out).at(-1)).toMatchObject({ kind: "end", closes: 40 });
  expect(linesOf(rest.out).at(-1)!.before).toBeGreaterThan(5);
  expect(await deeds("cut")).toEqual(await deeds("one"));
  const over = await program.run(...live("cut"));
  expect(linesOf(over.out)).toMatchObject([{ kind: "end", closes: 40, before: 40 }]);
});

test("a file throws the kill switch: flat at the next open, and for good", async () => {
  const child = program.start(...live("switch", "--pace", "50", "--kill-file", "STOP"));
  const ended = outcomeOf(child);
  await told(child, 15);
  writeFileSync(program.file("STOP"), "enough\n");
  const { out } = await ended;
  const end = linesOf(out).at(-1)!;
  expect(end).toMatchObject({ closes: 40, positions: { BTCUSDT: 0, ETHUSDT: 0 } });
  expect(end.killed).toContain("enough");
});

test("a model of the default prepare, which reads order flow, lives on trades and books; killed, it goes on alike", async () => {
  // VI-14, VI-61, VI-62
  const from = "--symbols BTCUSDT,ETHUSDT --config settings.yaml".split(" ");
  await program.run("prepare", ...from, "--bars", "1200", "--out", "flow.dataset");
  await program.run("prepare", ...from, "--bars", "1300", "--out", "flowLonger.dataset");
  await program.run(
    ..."train --data flow.dataset --config settings.yaml --replicas 2 --out flow.model".split(" "),
  );
  expect((await readModel(program.file("flow.model"))).columns).toContain("tradeImbalance20");
  const lived = (journal: string, ...more: string[]) => [
    ..."live --model flow.model --bars 40 --rule sign --json --journal".split(" "),
    journal,
    ...more,
  ];
  const whole = await program.run(...lived("flowOne"));
  expect({ code: whole.code, err: whole.err }).toEqual({ code: 0, err: "" });
  const rows = await predicted("flow.model", "flowLonger.dataset");
  const rowAt = new Map(rows.map((row) => [`${row.symbol} ${row.decidedAt}`, row]));
  let compared = 0;
  for (const { kind, time, signals } of linesOf(whole.out)) {
    if (kind !== "decision") continue;
    for (const { symbol, probability, direction } of signals!) {
      const row = rowAt.get(`${symbol} ${time}`)!;
      expect(probability).toBeCloseTo(row.probabilityUp, 4); // sums of trades differ from the market's in the last digits
      expect(direction).toBe(row.mean > 0 ? "LONG" : "SHORT");
      compared++;
    }
  }
  expect(compared).toBe(20);
  const killed = program.start(...lived("flowCut", "--pace", "50"));
  const dead = outcomeOf(killed);
  await told(killed, 18);
  killed.kill("SIGKILL");
  await dead;
  expect(linesOf((await program.run(...lived("flowCut"))).out).at(-1)).toMatchObject({ closes: 40 });
  expect(await deeds("flowCut")).toEqual(await deeds("flowOne"));
});

test("forecasts of a model of order flow from bars without say which command records it", async () => {
  const without = "prepare --symbols BTCUSDT,ETHUSDT --config settings.yaml --no-flow --bars 1300".split(" ");
  await program.run(...without, "--out", "candles.dataset");
  const { code, err } = await program.run(..."predict --model flow.model --data candles.dataset".split(" "));
  expect(code).toBe(1);
  expect(err).toContain("npx vitrade record --symbols BTCUSDT,ETHUSDT --folder flow");
});

test("one address alone, or a recorded past for the simulated exchange, is refused", async () => {
  const recorded = await program.run(...live("never", "--recorded", "flow"));
  expect(recorded).toMatchObject({ code: 2, out: "" });
  const half = await program.run(...live("never", "--url", "http://127.0.0.1:1"));
  expect(half).toMatchObject({ code: 2, out: "" });
  expect(existsSync(program.file("never"))).toBe(false);
});

test("another public server is asked for warm-up candles and listened to, by the wall's clock", async () => {
  const MINUTE = 60_000;
  const now = () => Math.floor(performance.timeOrigin + performance.now());
  const start = Math.floor(now() / MINUTE) * MINUTE - 1000 * MINUTE;
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 1010, stepMs: MINUTE, start, key: key("minutes") });
  const past = bars.map(({ flow: _, ...own }) => own);
  const { openTime, open, high, low, close, volume } = past[0]!;
  const rows = Array.from(openTime, (time, t) =>
    [time, open[t], high[t], low[t], close[t], volume[t]].join(),
  );
  const text = ["timestamp,open,high,low,close,volume", ...rows.slice(0, 900), ""].join("\n");
  program.write("minutes/BTCUSDT.csv.gz", gzipSync(text));
  const words = "prepare --market minutes --symbols BTCUSDT --config settings.yaml --out m.dataset".split(
    " ",
  );
  await program.run(...words);
  await program.run(..."train --data m.dataset --config settings.yaml --replicas 1 --out m.model".split(" "));
  expect((await readModel(program.file("m.model"))).stepMs).toBe(MINUTE);
  const loopback = await startLoopback({ bars: past, key: key("server"), now });
  const child = program.start(
    ..."live --model m.model --journal server --json".split(" "),
    ...["--url", loopback.restUrl, "--stream-url", loopback.wsUrl],
  );
  const ended = outcomeOf(child);
  await told(child, 2);
  child.kill("SIGINT");
  const { code, out, err } = await ended;
  await loopback.close();
  expect(code, err).toBe(130);
  expect(out).toContain('"what":"connected"');
  expect(out).toMatch(/"what":"backfilled","detail":"BTCUSDT: \d\d+ candles/);
});

test("without a model a small one is trained, once", async () => {
  const words = "live --journal small --bars 12 --json".split(" ");
  const first = await program.run(...words);
  expect(linesOf(first.out).at(-1), first.err).toMatchObject({ kind: "end", closes: 12 });
  expect(first.err).toContain("training two small autoencoders");
  const second = await program.run(...words);
  expect(linesOf(second.out)).toMatchObject([{ kind: "end", closes: 12, before: 12 }]);
  expect(second.err).toBe("");
  expect((await program.run("live", "--journal", "small", "--bybit")).code).toBe(2);
});

test("the demo goes the whole way offline", async () => {
  // BV-52, BN-90
  // VI-104
  const { code, out, err } = await program.run("demo", "--json");
  expect(code, err).toBe(0);
  const report = JSON.parse(out);
  expect(report.trained.loss.last).toBeLessThan(report.trained.loss.first);
  expect(report.forecasts).toBeGreaterThan(100);
  expect(report.latest.map((row: Signal) => row.symbol)).toEqual(["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
  expect(report.backtest.strategy.bars).toBeGreaterThan(500);
  expect(report.live).toMatchObject({ closes: 120, killed: null });
  expect(report.live.rule).toEqual(report.backtest.rule);
  expect(report.live.rule).toMatchObject({ kind: "edge", epistemicPenalty: 1, cap: 1 / 3 });
  expect(err).toContain("trading 120 hours on paper");
  const again =
    "backtest --predictions vitrade-demo/forecasts.json --data vitrade-demo/market.dataset --json";
  const alone = await program.run(...again.split(" "));
  expect(JSON.parse(alone.out).strategy).toEqual(report.backtest.strategy);
});

test("the demo's backtest and its paper run by the same rule: 420 decisions of 420 are equal", async () => {
  const words = "live --model vitrade-demo/market.model --journal long --bars 700 --json".split(" ");
  const lines = linesOf((await program.run(...words)).out);
  const { rows, every } = JSON.parse(readFileSync(program.file("vitrade-demo/forecasts.json"), "utf8"));
  const tested = await program.run(
    ..."backtest --predictions vitrade-demo/forecasts.json --data vitrade-demo/market.dataset --json".split(
      " ",
    ),
  );
  const { rule, costs, decisions } = JSON.parse(tested.out);
  const names = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
  const decided = backtested(rows, names, rule, costs);
  const all = { LONG: 0, SHORT: 0, HOLD: 0 };
  for (const { direction } of decided.values()) all[direction]++;
  expect(decisions).toEqual(all); // of the compiled program
  const counts = compared(lines, rows, decided);
  expect(every).toBe(5);
  expect(counts.LONG + counts.SHORT + counts.HOLD).toBe(420);
  expect(counts.LONG + counts.SHORT).toBeGreaterThan(40);
}, 300_000);
