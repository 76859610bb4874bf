/** Whatever words a command is given: one sentence of ours, the right exit code, and nothing left behind. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { exitCodeOf, lineOf, UsageProblem } from "../../lib/cli/exit.js";
import { runProgram } from "../../lib/cli/program.js";
import { readSettings, settingsFor } from "../../lib/cli/tasks/settings.js";
import { marketConfig, marketVaeOf } from "../../lib/models/marketVae/marketConfig.js";
import { temporaryFolder } from "../live/paperFixtures.js";
import { FUZZ, lies, RUNTIME } from "../support/fuzz.js";

const folder = temporaryFolder();

/** Runs the program in this process. */
async function run(words: readonly string[]): Promise<{ code: number; err: string; out: string }> {
  let [err, out] = ["", ""];
  const errors = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
  const output = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  try {
    return { code: await runProgram(words), err, out };
  } finally {
    errors.mockRestore();
    output.mockRestore();
  }
}

const file = (name: string) => join(folder, name);
writeFileSync(file("text"), "hello\n");
writeFileSync(file("empty"), "");
writeFileSync(file("list.yaml"), "- 1\n- 2\n");
mkdirSync(file("folder"));

const junk = fc.oneof(
  fc.constantFrom(
    ...[
      "",
      " ",
      "0",
      "-1",
      "1e400",
      "NaN",
      "Infinity",
      "9007199254740993",
      "999999999",
      "0x10",
      "null",
      "__proto__",
      "constructor",
    ],
    ...[
      "text",
      "empty",
      "list.yaml",
      "folder",
      "nowhere",
      "text/below",
      "\u0000",
      "a\nb",
      "BTCUSDT,",
      ",",
      "ü",
    ].map((name) => (/^(text|empty|list|folder|nowhere)/.test(name) ? file(name) : name)),
  ),
  fc.string({ maxLength: 12 }),
);
const flags: Readonly<Record<string, readonly string[]>> = {
  prepare: [
    "--out",
    "--market",
    "--symbols",
    "--interval",
    "--category",
    "--bars",
    "--since",
    "--until",
    "--config",
    "--stride",
    "--threshold",
    "--align",
  ],
  train: ["--data", "--out", "--config", "--replicas", "--seed", "--backend"],
  predict: ["--model", "--data", "--out", "--draws", "--every"],
  backtest: ["--predictions", "--data", "--rule", "--edge", "--cap", "--taker-bps", "--latency"],
};
/** What makes each command refuse by itself, so that no junk begins long work. */
const base: Readonly<Record<string, readonly string[]>> = {
  prepare: ["--out", file("a.dataset"), "--market", file("nowhere")],
  train: ["--data", file("nowhere"), "--out", file("a.model")],
  predict: ["--model", file("nowhere"), "--data", file("nowhere")],
  backtest: ["--predictions", file("nowhere"), "--data", file("nowhere")],
};
const line = fc
  .constantFrom(...Object.keys(flags))
  .chain((name) =>
    fc
      .array(fc.tuple(fc.constantFrom(...flags[name]!), junk), { minLength: 1, maxLength: 3 })
      .map((pairs) => [name, ...base[name]!, ...pairs.filter(([flag]) => flag !== "--market").flat()]),
  );

test("any words end with 1 or 2 and one sentence that is not the runtime's", async () => {
  const before = readdirSync(folder);
  await fc.assert(
    fc.asyncProperty(line, async (words) => {
      const { code, err, out } = await run(words);
      expect([1, 2]).toContain(code);
      expect(out).toBe("");
      expect(err).not.toMatch(RUNTIME);
      expect(err).not.toMatch(/went wrong|\n {4}at |\.part/);
      expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(code === 1 ? 1 : 3);
    }),
    { numRuns: FUZZ, seed: 7 },
  );
  expect(readdirSync(folder)).toEqual(before);
});

test("settings in which any one value is another are refused by key, or make a model", async () => {
  const path = file("settings.json");
  const dataset = {
    settings: { sequenceLength: 60, predictionHorizon: 5 },
    columns: Array.from({ length: 64 }, String),
  };
  for (const [lie, document] of lies(marketConfig({}))) {
    writeFileSync(path, JSON.stringify(document));
    try {
      const config = settingsFor(await readSettings(path), dataset as never, { config: path });
      expect(config.model.hidden.length, lie).toBeGreaterThan(0);
      marketVaeOf(config);
    } catch (error) {
      expect(exitCodeOf(error), `${lie}: ${(error as Error).stack}`).toBe(2);
      expect(lineOf(error), lie).toContain("settings.json: ");
      expect(lineOf(error), lie).not.toMatch(RUNTIME);
    }
  }
});

test("too few bars, an --out that is a folder, and more than there can be are wrong usage, before any work", async () => {
  for (const [words, said] of [
    [
      ["prepare", "--out", file("a.dataset"), "--bars", "10"],
      /BTCUSDT: expected at least \d+ bars for these settings, got 10/,
    ],
    [
      ["prepare", "--out", file("folder"), "--bars", "2000"],
      /--out: expected the name of a file, got the folder/,
    ],
    [
      ["prepare", "--out", file("a.dataset"), "--bars", "99999999999"],
      /expected a whole number of at most 10,000,000, got 99999999999/,
    ],
    [
      ["train", "--data", file("text"), "--out", file("folder")],
      /--out: expected the name of a file, got the folder/,
    ],
  ] as const) {
    const { code, err } = await run(words);
    expect({ code, err }, words.join(" ")).toEqual({ code: 2, err: expect.stringMatching(said) });
  }
});

test("what the system says of a file is a sentence with the file that was meant", () => {
  const failing = (code: string, more: object) =>
    Object.assign(new Error(`${code}: native words`), { code, ...more });
  expect(lineOf(failing("EISDIR", { path: "a.model.123.part", dest: "a.model" }))).toBe(
    "a.model: expected a file, got a folder",
  );
  expect(lineOf(failing("EACCES", { path: "data/manifest.json.77.part" }))).toBe(
    "data/manifest.json: no right to read or write there; give yourself the right or name another place",
  );
  expect(lineOf(failing("ENOSPC", { path: "a.model" }))).toMatch(/^a\.model: the disk is full; make room/);
  expect(lineOf(failing("ENOENT", { path: "b" }))).toBe("b: expected a file, got none");
  let tooLong: unknown;
  try {
    new Float64Array(678001266957);
  } catch (error) {
    tooLong = error;
  }
  expect([exitCodeOf(tooLong), lineOf(tooLong)]).toEqual([
    2,
    expect.stringMatching(/^the numbers asked for need more memory/),
  ]);
  expect(exitCodeOf(new UsageProblem("x"))).toBe(2);
});
