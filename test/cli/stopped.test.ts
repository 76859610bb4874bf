/** Ctrl-C at the moment when a command opens a file: every command ends with what a shell calls 130, and nothing is half-written. */
import { readdirSync } from "node:fs";
import { constants } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { compileProgram, outcomeOf, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;

/** Sends SIGINT to its own process when a file is opened whose path has STOP_AT in it. */
const STOPPING = `
const files = require("node:fs/promises");
const open = files.open;
let sent = false;
files.open = (path, ...words) => {
  if (!sent && String(path).includes(process.env.STOP_AT)) {
    sent = true;
    process.kill(process.pid, "SIGINT");
  }
  return open(path, ...words);
};
`;

let program: Program;
let loopback: Loopback;

beforeAll(async () => {
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  program.write("stopping.cjs", STOPPING);
  const { bars } = simulate({ symbols: ["BTCUSDT"], bars: 900, key: key("stopped") });
  loopback = await startLoopback({ bars: bars.map(({ flow: _, ...own }) => own), key: key("server") });
  for (const line of [
    "prepare --symbols BTCUSDT --config settings.yaml --no-flow --bars 900 --out a.dataset",
    "train --data a.dataset --config settings.yaml --replicas 1 --out a.model",
    "predict --model a.model --data a.dataset --out a.json",
  ])
    expect(await program.run(...line.split(" "))).toMatchObject({ code: 0 });
}, 300_000);

afterAll(async () => {
  program.remove();
  await loopback.close();
});

/** Each command with the file at which it is stopped, and the words of those that bring their work to an end first. */
const STOPS: readonly (readonly [line: string, at: string, said: string])[] = [
  [
    "fetch --symbols BTCUSDT --since 2024-01-01 --until 2024-01-20 --folder snap --url URL",
    "bybit/lock",
    "stopped; what was fetched is on disk",
  ],
  ["prepare --symbols BTCUSDT --config settings.yaml --no-flow --bars 900 --out b.dataset", "b.dataset", ""],
  [
    "train --data a.dataset --config settings.yaml --replicas 1 --out b.model",
    "b.model.checkpoint",
    "stopped after epoch",
  ],
  ["predict --model a.model --data a.dataset --out b.json", "a.dataset", ""],
  ["backtest --predictions a.json --data a.dataset", "a.json", ""],
  ["live --model a.model --journal b.journal --bars 30 --rule sign", "a.model", ""],
  ["demo --folder b.demo", "market.dataset", ""],
  ["demo --folder c.demo", "market.model.checkpoint", "stopped after epoch"],
];

test.each(STOPS)(
  "%s, stopped at %s",
  async (line, at, said) => {
    process.env.NODE_OPTIONS = `--require ${program.file("stopping.cjs")}`;
    process.env.STOP_AT = at;
    const child = program.start(...line.replace("URL", loopback.restUrl).split(" "), "--json");
    const ended = outcomeOf(child);
    delete process.env.NODE_OPTIONS;
    delete process.env.STOP_AT;
    const { code, out, err } = await ended;
    expect(code ?? 128 + constants.signals[child.signalCode!], err).toBe(130);
    expect(out).toBe("");
    expect(err).toContain(said);
    const files = readdirSync(program.folder, { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => /\.part$|lock$/.test(name))).toEqual([]);
  },
  60_000,
);

test("work that waits for what never comes ends with 1 and says so, and not as if it were done", async () => {
  const never = `require("node:fs/promises").open = () => new Promise(() => {});`;
  process.env.NODE_OPTIONS = `--require ${program.write("never.cjs", never)}`;
  const ended = program.run("backtest", "--predictions", "a.json", "--data", "a.dataset");
  delete process.env.NODE_OPTIONS;
  expect(await ended).toEqual({
    ...{ code: 1, out: "" },
    err: "vitrade: ended before its work was done, as nothing was left to wait for\n",
  });
});

test("live that is stopped between two candles ends with 130 and says where it goes on", async () => {
  const words = "live --model a.model --journal c.journal --bars 60 --rule sign --pace 40 --json".split(" ");
  const child = program.start(...words);
  const ended = outcomeOf(child);
  await new Promise<void>((done) =>
    child.stdout!.on("data", (chunk) => String(chunk).includes('"close"') && done()),
  );
  child.kill("SIGINT");
  const { code, err } = await ended;
  expect(code, err).toBe(130);
  expect(err).toMatch(
    /vitrade: stopped after the close of \S+Z.*; the same command goes on from c\.journal\n$/,
  );
});
