/** What a stop leaves behind, who may write, and downloads from an exchange on this machine. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { compileProgram, outcomeOf, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 40, warmUpEpochs: 2, batchSize: 64, learningRate: 0.003, patience: 40 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 1500, key: key("commands") });

let program: Program;
let loopback: Loopback;

beforeAll(async () => {
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  await program.run(
    ..."prepare --symbols BTCUSDT --bars 900 --config settings.yaml --out a.dataset".split(" "),
  );
  loopback = await startLoopback({ bars: bars.map(({ flow: _, ...own }) => own), key: key("loopback") });
});

afterAll(async () => {
  program.remove();
  await loopback.close();
});

const train = (...more: string[]) => [
  ..."train --data a.dataset --config settings.yaml --replicas 2".split(" "),
  ...more,
];

/** Waits until there is a file. */
async function fileThere(name: string, child: ChildProcess): Promise<void> {
  while (!existsSync(program.file(name))) {
    if (child.exitCode !== null) throw new Error(`${name}: expected a file, and the process ended`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

test("Ctrl-C ends a training after its epoch with 130, and the same command goes on to the same bits", async () => {
  const child = program.start(...train("--out", "b.model", "--json"));
  const ended = outcomeOf(child);
  await fileThere("b.model.checkpoint", child);
  child.kill("SIGINT");
  const stopped = await ended;
  expect({ code: stopped.code, out: stopped.out }, stopped.err).toEqual({ code: 130, out: "" });
  const [, epoch] = /stopped after epoch (\d+) of 40; the same command goes on/.exec(stopped.err)!;
  expect(existsSync(program.file("b.model"))).toBe(false);
  const rest = await program.run(...train("--out", "b.model", "--json"));
  expect(JSON.parse(rest.out)).toMatchObject({ epochs: 40, resumedFrom: Number(epoch), backend: "wasm" });
  const whole = await program.run(...train("--out", "c.model", "--json"));
  expect(JSON.parse(whole.out)).toMatchObject({ epochs: 40, resumedFrom: 0 });
  expect(readFileSync(program.file("b.model"))).toEqual(readFileSync(program.file("c.model")));
  expect(readdirSync(program.folder).filter((name) => /^[bc]\.model\./.test(name))).toEqual([]);
});

test("a second training of the same file is refused, and a checkpoint of other settings too", async () => {
  const child = program.start(...train("--out", "d.model"));
  const ended = outcomeOf(child);
  await fileThere("d.model.checkpoint", child);
  child.kill("SIGSTOP");
  const second = await program.run(...train("--out", "d.model"));
  expect(second.code).toBe(1);
  expect(second.err).toContain(`d.model.lock: process ${child.pid} is writing there`);
  child.kill("SIGKILL");
  await ended;
  const other = await program.run(...train("--out", "d.model", "--seed", "other"));
  expect(other).toMatchObject({ code: 1, out: "" });
  expect(other.err).toContain("expected a checkpoint of this dataset, these settings and 2 replicas");
  expect((await program.run(...train("--out", "d.model", "--seed", "other", "--fresh"))).code).toBe(0);
});

const span = "--symbols BTCUSDT,ETHUSDT --since 2024-01-01 --until 2024-02-20".split(" ");

test("candles come into a snapshot, once, and prepare reads exactly what the exchange has", async () => {
  // VI-104, VI-106
  const words = ["fetch", ...span, "--folder", "snap", "--url", loopback.restUrl, "--json"];
  const first = await program.run(...words);
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(first.out).reports).toMatchObject([{ fetched: 1200 }, { fetched: 1200, rows: 1200 }]);
  const second = await program.run(...words);
  expect(JSON.parse(second.out).reports).toMatchObject([{ fetched: 0 }, { fetched: 0, rows: 1200 }]);
  const made = await program.run(
    ..."prepare --market snap --symbols BTCUSDT,ETHUSDT --since 2024-01-10 --config settings.yaml".split(" "),
    ...["--out", "snap.dataset", "--json"],
  );
  expect(JSON.parse(made.out).bars).toMatchObject([
    { symbol: "BTCUSDT", first: "2024-01-10T00:00Z", last: "2024-02-19T23:00Z", rows: 984, missing: 0 },
    { symbol: "ETHUSDT" },
  ]);
  const stored = await readDataset(program.file("snap.dataset"));
  stored.bars[1]!.close.forEach((close, t) => {
    expect(Math.abs(close / bars[1]!.close[216 + t]! - 1)).toBeLessThan(1e-6); // the exchange's ticks
  });
});

test("a symbol that the exchange does not know is named, ends with 1, and the others are kept", async () => {
  const words = "fetch --symbols BTCUSDT,BTCUSD9 --since 2024-01-01 --until 2024-02-01 --folder some".split(
    " ",
  );
  const { code, out, err } = await program.run(...words, "--url", loopback.restUrl);
  expect(code).toBe(1);
  expect(err).toMatch(/^vitrade: BTCUSD9: .*near it are .*BTCUSDT/);
  expect(out).toMatch(/^BTCUSDT +60 +linear +744 +744/m);
});

test("a download that is stopped ends with 130 and says that it goes on from there", async () => {
  const silent: Server = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const asked = new Promise((done) => silent.once("request", done));
  const child = program.start("fetch", ...span, "--folder", "stopped", "--url", url, "--json");
  const ended = outcomeOf(child);
  await asked;
  child.kill("SIGINT");
  const { code, out, err } = await ended;
  expect({ code, out }, err).toEqual({ code: 130, out: "" });
  expect(err).toContain("stopped; what was fetched is on disk, the same command goes on from there");
  silent.closeAllConnections();
  silent.close();
});

test("who reads the result may close the pipe early", async () => {
  const child = program.start(
    ..."prepare --symbols BTCUSDT --bars 900 --config settings.yaml --out e.dataset".split(" "),
  );
  child.stdout!.destroy();
  const { err } = await outcomeOf(child);
  expect(err).toBe("");
});
