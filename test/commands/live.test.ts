/** `vitrade live` and `vitrade demo` as processes: offline, deterministic, and the same after any stop. */
import type { ChildProcess } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readModel } from "../../lib/commands/work/modelFile.js";
import { key } from "../../lib/core/random.js";
import { readJournal } from "../../lib/live/journal.js";
import { fromJson, type LiveRecord, type StepRecord } from "../../lib/live/records.js";
import { sliceBars } from "../../lib/market/bars.js";
import { countBefore } from "../../lib/market/grid.js";
import { startLoopback } from "../../lib/market/loopback/loopback.js";
import { simulate } from "../../lib/market/simulate.js";
import { backtest } from "../../lib/trading/backtest.js";
import { BYBIT_FEES } from "../../lib/trading/costs.js";
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
  direction: string;
  probability: number;
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

test("two runs say the same bytes; their signals are what predict says of the same hours", async () => {
  // VI-92, VI-98, VI-108
  const [one, two] = [await program.run(...live("one")), await program.run(...live("two"))];
  expect({ code: one.code, err: one.err }).toEqual({ code: 0, err: "" });
  expect(two.out.replace('"journal":"two"', '"journal":"one"')).toBe(one.out);
  const lines = linesOf(one.out);
  expect(lines.at(-1)).toMatchObject({ kind: "end", closes: 40, before: 0, killed: null });
  expect(lines.filter(({ kind }) => kind === "close" || kind === "decision")).toHaveLength(40);
  const said = await program.run(
    ..."predict --model a.model --data longer.dataset --every 1 --json".split(" "),
  );
  const rows = JSON.parse(said.out).rows as { symbol: string; decidedAt: string; probabilityUp: number }[];
  const decisions = lines.filter(({ kind }) => kind === "decision");
  expect(decisions).toHaveLength(10);
  for (const { time, signals } of decisions)
    for (const { symbol, probability, direction, target } of signals!) {
      const row = rows.find((r) => r.symbol === symbol && r.decidedAt === time)!;
      expect(Math.abs(row.probabilityUp - probability)).toBeLessThan(0.01);
      expect(target).toBe(direction === "LONG" ? 0.5 : -0.5);
    }
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

test("a model that reads tape and quotes, or one address alone, is refused", async () => {
  const with14 = "prepare --symbols BTCUSDT --bars 900 --config settings.yaml --out flow.dataset".split(" ");
  await program.run(...with14);
  await program.run(
    ..."train --data flow.dataset --config settings.yaml --replicas 1 --out flow.model".split(" "),
  );
  const refused = await program.run("live", "--model", "flow.model", "--journal", "never");
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toContain("expected a model of candles alone");
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
  // VI-104
  const { code, out, err } = await program.run("demo", "--json");
  expect(code, err).toBe(0);
  const report = JSON.parse(out);
  expect(report.trained.loss.last).toBeLessThan(report.trained.loss.first);
  expect(report.forecasts).toBeGreaterThan(100);
  expect(report.latest.map((row: Signal) => row.symbol)).toEqual(["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
  expect(report.backtest.strategy.bars).toBeGreaterThan(500);
  expect(report.live).toMatchObject({ closes: 120, killed: null });
  expect(err).toContain("trading 120 hours on paper");
  const again =
    "backtest --predictions vitrade-demo/forecasts.json --data vitrade-demo/market.dataset --json";
  const alone = await program.run(...again.split(" "));
  expect(JSON.parse(alone.out).strategy).toEqual(report.backtest.strategy);
});
