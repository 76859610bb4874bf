/** Paper runs of a model of own features, as processes: they decide as `vitrade predict` does, or say why they do not begin. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MarketModel, readModel, writeModel } from "../../lib/cli/tasks/fits/modelFile.js";
import { readDataset } from "../../lib/cli/tasks/sources/datasetFile.js";
import { readJournal } from "../../lib/live/journal/journal.js";
import type { LiveRecord } from "../../lib/live/journal/records.js";
import { startBackend } from "../../lib/nn/backend.js";
import { compileProgram, type Outcome, outcomeOf, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 3, hidden: [12], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 12, predictionHorizon: 4 }
`;

/** A module of the columns that expressions of t and the bars give. */
const moduleOf = (columns: Readonly<Record<string, string>>, before = "") => `
import { existsSync } from "node:fs";
export default ({ symbol, openTime, stepMs, high, low, close, volume, flow }) => {
  const names = ${JSON.stringify(Object.keys(columns))};
  const values = new Float64Array(names.length * close.length);
  ${before}
  for (let t = 0; t < close.length; t++) values.set([${Object.values(columns).join(", ")}], t * names.length);
  return { time: openTime.map((open) => open + stepMs), names, values };
};
`;

const COLUMNS = {
  return: "t > 0 ? Math.log(close[t] / close[t - 1]) : NaN",
  range: "Math.log(high[t] / low[t])",
  breakout: "Math.log(close[t] / Math.max(...high.slice(Math.max(0, t - 47), t + 1)))",
};
const FAILS = 'if (existsSync("FAIL") && openTime.length > 0 && openTime.at(-1) >= FAIL_AT) return null;';

let program: Program;
const run = (line: string) => program.run(...line.split(" "));
async function json<T>(line: string): Promise<T> {
  const { code, out, err } = await run(`${line} --json`);
  expect({ code }, err).toEqual({ code: 0 });
  return JSON.parse(out) as T;
}

const market = "--symbols BTCUSDT,ETHUSDT --seed 7 --config settings.yaml";
const training = "--config settings.yaml --replicas 1";

/** Makes the dataset and the model of a module. */
async function trained(name: string, bars: number, flow = "--no-flow"): Promise<void> {
  await json(
    `prepare ${market} --bars ${bars} ${flow} --features ./${name}.mjs --out ${name}.dataset`.replace(
      "  ",
      " ",
    ),
  );
  await json(`train --data ${name}.dataset ${training} --out ${name}.model`);
}

beforeAll(async () => {
  await startBackend("wasm");
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  program.write("own.mjs", moduleOf(COLUMNS));
  await trained("own", 2000);
  await json(`prepare ${market} --bars 2100 --no-flow --features ./own.mjs --out longer.dataset`);
}, 300_000);

afterAll(() => program.remove());

interface Row {
  symbol: string;
  decidedAt: string;
  mean: number;
  latent: number;
  aleatoric: number;
  epistemic: number;
  probabilityUp: number;
}
interface Signal extends Omit<Row, "decidedAt" | "probabilityUp"> {
  probability: number;
  direction: string;
  wanted: number;
}
interface Line {
  kind: string;
  time: string;
  signals: Signal[];
}

const linesOf = ({ out }: Outcome): Line[] =>
  out
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const live = (journal: string, more = "--bars 60") =>
  `live --model own.model --features ./own.mjs --journal ${journal} --seed 7 --rule sign --json ${more}`;

/** Live forecasts and sides beside those of `predict` for the same hours: how many were compared. */
async function compared(
  lines: readonly Line[],
  model: string,
  data: string,
  digits?: number,
): Promise<number> {
  const { rows } = await json<{ rows: Row[] }>(`predict --model ${model} --data ${data} --seed 7`);
  const rowAt = new Map(rows.map((row) => [`${row.symbol} ${row.decidedAt}`, row]));
  let count = 0;
  for (const { kind, time, signals } of lines) {
    if (kind !== "decision") continue;
    for (const { symbol, probability, aleatoric, latent, epistemic, direction } of signals) {
      const row = rowAt.get(`${symbol} ${time}`)!;
      if (digits === undefined)
        expect({ probabilityUp: probability, aleatoric, latent, epistemic }).toEqual({
          ...{ probabilityUp: row.probabilityUp, aleatoric: row.aleatoric },
          ...{ latent: row.latent, epistemic: row.epistemic },
        });
      else expect(probability).toBeCloseTo(row.probabilityUp, digits);
      expect(direction).toBe(row.mean > 0 ? "LONG" : "SHORT");
      count++;
    }
  }
  return count;
}

test("a run of own features forecasts and decides as predict does for the same hours, to the bit, at every decision", async () => {
  const whole = await run(live("one"));
  expect({ code: whole.code, err: whole.err }).toEqual({ code: 0, err: "" });
  const lines = linesOf(whole);
  expect(lines.at(-1)).toMatchObject({ kind: "end", closes: 60 });
  expect(await compared(lines, "own.model", "longer.dataset")).toBe(30);
});

async function deeds(journal: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { record } of readJournal(program.file(journal))) {
    const own = record as LiveRecord;
    if (own.kind === "step") found.push([own.time, own.wanted, own.targets, own.equity, own.fills]);
  }
  return found;
}

test("killed, the same command goes on from the journal to the same decisions", async () => {
  const child = program.start(...live("cut", "--bars 60 --pace 40").split(" "));
  const dead = outcomeOf(child);
  let told = 0;
  await new Promise<void>((done) => {
    child.stdout!.on("data", (chunk) => {
      told += String(chunk).split("\n").length - 1;
      if (told >= 25) done();
    });
    child.on("close", () => done());
  });
  child.kill("SIGKILL");
  await dead;
  const before = (await deeds("cut")).length;
  expect(before).toBeGreaterThan(10);
  expect(before).toBeLessThan(60);
  const rest = linesOf(await run(live("cut")));
  expect(rest.at(-1)).toMatchObject({ kind: "end", closes: 60, before });
  expect(await deeds("cut")).toEqual(await deeds("one"));
}, 120_000);

test("the module must be that of the dataset: others, none, and one for a model that needs none are refused", async () => {
  program.write("other.mjs", moduleOf({ ...COLUMNS, range: "Math.log(high[t] / close[t])" }));
  const [mine, theirs] = await Promise.all(
    ["own", "other"].map((name) => sha256Of(program.file(`${name}.mjs`))),
  );
  const other = await run(live("never").replace("./own.mjs", "./other.mjs"));
  expect(other).toMatchObject({ code: 1, out: "" });
  expect(other.err).toBe(
    `vitrade: ./other.mjs: expected the module that made the features of own.model, ./own.mjs with SHA-256 ${mine}, ` +
      `got one with ${theirs}; name that one, or prepare and train again with this one\n`,
  );
  const none = await run("live --model own.model --journal never --bars 4");
  expect(none).toMatchObject({ code: 2, out: "" });
  expect(none.err).toContain(
    "--features: expected the module that made the features of own.model, ./own.mjs, got none",
  );
  await json(`prepare ${market} --bars 2100 --no-flow --features ./other.mjs --out other.dataset`);
  const predicted = await run("predict --model own.model --data other.dataset");
  expect(predicted).toMatchObject({ code: 1, out: "" });
  expect(predicted.err).toContain(
    `other.dataset: expected features of ./own.mjs with SHA-256 ${mine} as own.model was trained on, got those of ./other.mjs with ${theirs}`,
  );
  await json(`prepare ${market} --bars 800 --no-flow --out plain.dataset`);
  await json(`train --data plain.dataset ${training} --out plain.model`);
  const needless = await run("live --model plain.model --features ./own.mjs --journal never --bars 4");
  expect(needless).toMatchObject({ code: 2, out: "" });
  expect(needless.err).toContain(
    "--features: expected none, because plain.model reads the library's own features",
  );
  const quick = await run("live --features ./own.mjs --journal never --bars 4");
  expect(quick).toMatchObject({ code: 2, out: "" });
  expect(quick.err).toContain("--features: expected a model of own features with it, got no --model");
  const dry = await run(`${live("never").replace("./own.mjs", "./other.mjs")} --dry-run`);
  expect(dry.code).toBe(1);
  expect((await run(`${live("never")} --dry-run`)).code).toBe(0);
  expect(existsSync(program.file("never"))).toBe(false);
  expect(existsSync(program.file("never.model"))).toBe(false);
}, 120_000);

async function sha256Of(path: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

test("a model of an earlier version, which does not say which module made its features, is read and predicts, but is not lived", async () => {
  const { features, ...old } = await readModel(program.file("own.model"));
  expect(features).toMatchObject({ file: "./own.mjs", flow: [[], []] });
  await writeModel(program.file("old.model"), old as MarketModel);
  expect((await run("predict --model old.model --data longer.dataset")).code).toBe(0);
  const refused = await run(live("never").replace("own.model", "old.model"));
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toContain("old.model: expected the SHA-256 of the module that made its features");
  expect(refused.err).toContain("train it again on its dataset");
});

const COUNTED = { ...COLUMNS, count: "t" };

test("a feature that remembers more than a run keeps is told by prepare and refused by live, by name, time and both values", async () => {
  program.write("count.mjs", moduleOf(COUNTED));
  const { notes } = await json<{ notes: string[] }>(
    `prepare ${market} --bars 2000 --no-flow --features ./count.mjs --out count.dataset`,
  );
  const told = notes.find((note) => note.includes("count"))!;
  expect(told).toMatch(
    /^\.\/count\.mjs: "count" of BTCUSDT at \d{4}-\S+Z is \d+ from all bars and 699 from the last 700; a live run keeps no more, and refuses a model of this feature$/,
  );
  const [evidence] = told.slice("./count.mjs: ".length).split(";");
  expect((await readDataset(program.file("count.dataset"))).own!.beyond).toBe(evidence);
  await json(`train --data count.dataset ${training} --out count.model`);
  const refused = await run(
    "live --model count.model --features ./count.mjs --journal never --bars 4 --seed 7",
  );
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toBe(
    `vitrade: ./count.mjs: ${evidence}; expected the same of both, because a live run keeps the last 700 bars alone: ` +
      "let the feature rest on fewer, then prepare and train again\n",
  );
  expect(existsSync(program.file("never"))).toBe(false);
  const { notes: fine } = await json<{ notes: string[] }>(
    `prepare ${market} --bars 2000 --no-flow --features ./own.mjs --out again.dataset`,
  );
  expect(fine).toEqual([]);
}, 120_000);

test("where the dataset was too short to show it, the warm-up of the run does, before anything is decided", async () => {
  for (const [name, column] of [
    ["counts", "t"],
    ["sums", "(sum += volume[t])"],
  ] as const) {
    program.write(`${name}.mjs`, moduleOf({ ...COLUMNS, [name]: column }, "let sum = 0;"));
    await trained(name, 600);
    const refused = await run(
      `live --model ${name}.model --features ./${name}.mjs --journal ${name}.journal --bars 4 --seed 7`,
    );
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      new RegExp(
        `${name}\\.mjs: "${name}" of BTCUSDT at \\d{4}-\\S+Z is [\\d.]+ from all bars and [\\d.]+ from the last \\d+`,
      ),
    );
    expect(await deeds(`${name}.journal`)).toEqual([]);
  }
}, 120_000);

test("a module that fails in the run ends it by symbol and time, and the run goes on from the step before", async () => {
  const { knownUntil, stepMs } = await readModel(program.file("own.model"));
  const at = knownUntil + 20 * stepMs;
  program.write("fails.mjs", moduleOf(COLUMNS, FAILS.replace("FAIL_AT", String(at - stepMs))));
  await trained("fails", 2000);
  const line = live("failed", "--bars 40")
    .replace("own.model", "fails.model")
    .replace("own.mjs", "fails.mjs");
  program.write("FAIL", "");
  const failed = await run(line);
  expect(failed.code).toBe(1);
  const time = new Date(at).toISOString();
  expect(failed.err).toContain(
    `./fails.mjs: BTCUSDT at ${time}: expected a panel with names, such as features.makePanel makes, got another value`,
  );
  const before = await deeds("failed");
  expect(before).toHaveLength(19);
  rmSync(program.file("FAIL"));
  expect((await run(line)).code).toBe(0);
  const all = await deeds("failed");
  expect(all.slice(0, 19)).toEqual(before);
  expect(all).toEqual((await deeds("one")).slice(0, 40));
}, 120_000);

test("a module of order flow lives on trades and books, and decides as predict does of the bars' own flow", async () => {
  program.write(
    "flow.mjs",
    moduleOf({ ...COLUMNS, imbalance: "(flow.buyVolume[t] - flow.sellVolume[t]) / volume[t]" }),
  );
  await trained("flow", 2000, "");
  await json(`prepare ${market} --bars 2100 --features ./flow.mjs --out flowLonger.dataset`);
  const lived = await run(
    live("flow.journal", "--bars 24").replace("own.model", "flow.model").replace("own.mjs", "flow.mjs"),
  );
  expect({ code: lived.code, err: lived.err }).toEqual({ code: 0, err: "" });
  expect(await compared(linesOf(lived), "flow.model", "flowLonger.dataset", 4)).toBe(12);
}, 120_000);
