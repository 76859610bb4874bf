/** `vitrade` as a process: its help, and how it refuses what makes no sense. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileProgram, type Program } from "./program.js";

let program: Program;

beforeAll(() => {
  program = compileProgram();
});

afterAll(() => program.remove());

test("the program and each command tell what they do, with an example to copy", async () => {
  // VI-104
  const { code, out, err } = await program.run("--help");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const commands = [...out.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
  expect(commands).toEqual(expect.arrayContaining(["fetch", "prepare", "train", "predict", "backtest"]));
  for (const name of commands) {
    const help = await program.run(name, "--help");
    expect({ code: help.code, err: help.err }, name).toEqual({ code: 0, err: "" });
    expect(help.out, name).toMatch(new RegExp(`Examples?:\\n  npx vitrade ${name}`));
    expect(help.out, name).toContain("--json");
  }
});

const train = "train --data no.dataset --out no.model";
const wrong: [line: string, said: string][] = [
  ["", "Usage: vitrade"],
  ["fetsh", "unknown command 'fetsh'"],
  ["train --data a.dataset", "required option '--out <file>' not specified"],
  [`${train} --epoch 3`, "unknown option '--epoch'"],
  [`${train} --replicas 0`, "expected a whole number of at least 1, got 0"],
  [`${train} --backend gpu`, "Allowed choices are wasm, native, auto"],
  [`${train} extra`, "too many arguments"],
  [`${train} --config latent.yaml`, "latent.yaml: config: unknown key model.latent"],
  [`${train} --config batch.json`, "batch.json: config: training.batchSize: "],
  [`${train} --config broken.yaml`, "broken.yaml: config: expected YAML or JSON"],
  ["predict --model a --data b --out forecasts.txt", "expected a name that ends in .json or .csv"],
  ["prepare --out a.dataset --symbols BTCUSDT,BTCUSDT", "expected each symbol once, got BTCUSDT twice"],
  ["prepare --out a.dataset --since 2024-01-01", "expected a folder with them, got the simulated market"],
  ["prepare --out a.dataset --until 2024-02-30", "expected a time in UTC such as 2024-01-01"],
  ["backtest --predictions a --data b --rule both", "Allowed choices are edge, sign"],
  ["backtest --predictions a --data b --taker-bps -1", "expected a number of 0 or more, got -1"],
  [
    "fetch --symbols BTCUSDT --since 2024-01-01 --until 2023-01-01",
    "--since: expected a time before 2023-01-01",
  ],
  ["fetch --symbols BTCUSDT --since 2024-01-01 --interval 7", "interval"],
  ["fetch --symbols btc --since 2024-01-01", 'expected Bybit\'s own name such as BTCUSDT, got "btc"'],
];

test("wrong usage ends with 2, says what was expected and what came, and leaves nothing behind", async () => {
  program.write("latent.yaml", "model: { latent: 16 }\n");
  program.write("batch.json", '{ "training": { "batchSize": -1 } }');
  program.write("broken.yaml", "model: { latentDim: 8\n");
  for (const [line, said] of wrong) {
    const { code, out, err } = await program.run(...line.split(" ").filter(Boolean));
    expect({ code, out }, `${line}: ${err}`).toEqual({ code: 2, out: "" });
    expect(err, line).toContain(said);
    expect(err, line).not.toContain("    at ");
  }
  for (const name of ["a.dataset", "no.model", "data"]) expect(existsSync(program.file(name))).toBe(false);
});

test("a file that is missing or of another kind ends with 1 and one line that names it", async () => {
  program.write("text.dataset", "hello\n");
  const failing: [line: string, said: string][] = [
    [train, "vitrade: no.dataset: expected a file, got none; name one that is there\n"],
    ["train --data text.dataset --out no.model", "text.dataset: expected a dataset of vitrade prepare"],
    [`${train} --config no.yaml`, "vitrade: no.yaml: expected a file, got none; name one that is there\n"],
    ["predict --model text.dataset --data no.dataset", "text.dataset: expected a file of weights"],
    ["prepare --market no-folder --out a.dataset", "market folder no-folder: there is no such folder"],
    ["train --data . --out no.model", "expected a file, got a folder"],
  ];
  for (const [line, said] of failing) {
    const { code, out, err } = await program.run(...line.split(" "));
    expect({ code, out }, `${line}: ${err}`).toEqual({ code: 1, out: "" });
    expect(err, line).toContain(said);
    expect(err.trimEnd().split("\n"), line).toHaveLength(1);
  }
  const { err } = await program.run(...train.split(" "), "--verbose");
  expect(err).toMatch(/no\.dataset[\s\S]*\n {4}at /);
});
