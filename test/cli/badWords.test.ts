/** Whatever words a command is given: one sentence of ours, the right exit code, and nothing left behind. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { exitCodeOf, lineOf, UsageProblem } from "../../lib/cli/exit.js";
import { runProgram } from "../../lib/cli/program.js";
import { readSettings, settingsFor } from "../../lib/cli/tasks/fits/settings.js";
import { key } from "../../lib/core/random.js";
import { visible } from "../../lib/core/visible.js";
import { marketConfig, marketVaeOf } from "../../lib/models/marketVae/marketConfig.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { temporaryFolder } from "../live/paperFixtures.js";
import { walk } from "../market/loopbackFixtures.js";
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

let loopback: Loopback;
const home = process.cwd();

beforeAll(async () => {
  const bars = [walk("BTCUSDT", 100)];
  loopback = await startLoopback({ bars, key: key("words") });
  const work = join(temporaryFolder(), "a/b/c"); // where names of junk would come to lie
  mkdirSync(work, { recursive: true });
  process.chdir(work);
});

afterAll(async () => {
  process.chdir(home);
  await loopback.close();
});

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
  fc.string({ maxLength: 12 }).filter((text) => !/[/\\]|^\.+$/.test(text)), // no place outside the folder
);
const TRADING = [
  "--rule",
  "--edge",
  "--epistemic-penalty",
  "--kelly",
  "--cap",
  "--taker-bps",
  "--half-spread-bps",
];

/** What each command can be told, and what makes it refuse by itself behind all that, so that no junk begins long work. */
const COMMANDS: Readonly<
  Record<string, { readonly flags: readonly string[]; readonly end: () => string[] }>
> = {
  fetch: {
    flags: ["--symbols", "--since", "--until", "--interval", "--category", "--folder", "--url"],
    end: () => ["--symbols", "BTCUSD9", "--since", "2024-01-01", "--url", loopback.restUrl], // a symbol that is not listed
  },
  record: {
    flags: [
      ...["--symbols", "--interval", "--category", "--folder", "--bars", "--keep", "--url", "--stream-url"],
    ],
    end: () => [
      ...["--symbols", "BTCUSD9", "--folder", file("flow")],
      ...["--url", loopback.restUrl, "--stream-url", loopback.wsUrl],
    ],
  },
  prepare: {
    flags: [
      ...["--out", "--market", "--symbols", "--interval", "--category", "--bars", "--since", "--until"],
      ...["--config", "--stride", "--threshold", "--align", "--seed", "--features"],
    ],
    end: () => ["--out", file("a.dataset"), "--market", file("nowhere")],
  },
  train: {
    flags: [
      ...["--data", "--out", "--config", "--replicas", "--seed", "--backend", "--family", "--preset"],
      "--factors",
    ],
    end: () => ["--data", file("nowhere"), "--out", file("a.model")],
  },
  predict: {
    flags: ["--model", "--data", "--out", "--draws", "--seed", "--every", "--backend"],
    end: () => ["--model", file("nowhere"), "--data", file("nowhere")],
  },
  backtest: {
    flags: ["--predictions", "--data", "--latency", "--strategy", ...TRADING],
    end: () => ["--predictions", file("nowhere"), "--data", file("nowhere")],
  },
  live: {
    flags: [
      ...[
        "--journal",
        "--model",
        "--features",
        "--url",
        "--stream-url",
        "--bars",
        "--pace",
        "--kill-file",
        "--capital",
        "--recorded",
      ],
      ...["--daily-loss", "--draws", "--seed", "--backend", ...TRADING],
    ],
    end: () => ["--model", file("nowhere"), "--journal", file("a.journal")],
  },
  demo: { flags: ["--folder", "--seed", "--backend"], end: () => ["--folder", file("text")] },
  sweep: {
    flags: ["--study", "--out", "--data", "--cache", "--queue", "--threads", "--backend"],
    end: () => ["--study", file("nowhere"), "--out", file("results")],
  },
  worker: {
    flags: ["--queue", "--data", "--cache", "--threads", "--lease"],
    end: () => ["--queue", "nowhere"],
  },
  completion: { flags: ["--shell"], end: () => ["powershell"] },
  doctor: { flags: ["--url"], end: () => ["--url", "nowhere"] },
};

/** Names of keys and of files, of which every refusal has one where it does not say what was written. */
const NAMED =
  /--[a-z]|config: |queue: |BTCUSD9|symbol|interval|category|argument|option|market folder|text|nowhere/;
/** What was expected, or what there is to do. */
const REMEDY =
  /expected|[Aa]llowed choices are|required option|unknown|too many|argument missing|near it are/;

test("every command of the program is tried", async () => {
  const { out } = await run(["--help"]);
  const names = [...out.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
  expect(Object.keys(COMMANDS).sort()).toEqual(names.sort());
});

test.each(Object.keys(COMMANDS))(
  "any words of %s end with 1 or 2 and one sentence that names what is wrong and what to do",
  async (name) => {
    const before = readdirSync(folder);
    const { flags, end } = COMMANDS[name]!;
    const pairs = fc.array(fc.tuple(fc.constantFrom(...flags), junk), { minLength: 1, maxLength: 3 });
    const ends: Record<number, number> = { 1: 0, 2: 0 };
    await fc.assert(
      fc.asyncProperty(pairs, async (given) => {
        const { code, err, out } = await run([name, ...given.flat(), ...end()]);
        ends[code] = (ends[code] ?? 0) + 1;
        expect([1, 2]).toContain(code);
        expect(out).toBe("");
        expect(err).toMatch(/^vitrade: ./);
        expect(err).not.toMatch(RUNTIME);
        expect(err).not.toMatch(/went wrong|without null bytes|E[A-Z]{4,}: |\n {4}at |\.part/);
        const isNamed =
          NAMED.test(err) || given.some(([, value]) => value.trim() !== "" && err.includes(visible(value)));
        expect({ isNamed }, err).toEqual({ isNamed: true });
        expect(err).toMatch(REMEDY);
        expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(code === 1 ? 1 : 3);
      }),
      { numRuns: FUZZ, seed: 7 },
    );
    if (process.env.FUZZ)
      process.stdout.write(`words of ${name}: ${ends[2]} wrong usage, ${ends[1]} failed\n`);
    expect(readdirSync(folder)).toEqual(before);
    expect(readdirSync(".")).toEqual([]);
  },
  60_000 + 500 * FUZZ,
);

test("a path that is nothing is refused by every option that takes one", async () => {
  for (const [name, { flags, end }] of Object.entries(COMMANDS))
    for (const flag of flags.filter((one) => PATHS.includes(one))) {
      const { code, err } = await run([name, flag, "", ...end()]);
      expect({ code, err }, name).toEqual({
        code: 2,
        err: expect.stringMatching(
          new RegExp(`option '${flag} <\\w+>' argument '' is invalid. expected a path, got nothing`),
        ),
      });
    }
});

const PATHS = [
  "--study",
  "--cache",
  "--folder",
  "--out",
  "--market",
  "--config",
  "--data",
  "--model",
  "--predictions",
  "--journal",
  "--kill-file",
];

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
    "a.model: expected a file, got a folder; name a file in it",
  );
  expect(lineOf(failing("EACCES", { path: "data/manifest.json.77.part" }))).toBe(
    "data/manifest.json: no right to read or write there; give yourself the right or name another place",
  );
  expect(lineOf(failing("ENOSPC", { path: "a.model" }))).toMatch(/^a\.model: the disk is full; make room/);
  expect(lineOf(failing("ENOENT", { path: "b" }))).toBe(
    "b: expected a file, got none; name one that is there",
  );
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
