/**
 * The commands of README, guides, plain words and RELEASING, followed as they are written and in their order, in one folder: an
 * exchange of this machine stands in Bybit's place, and a run without an end is interrupted. Blocks marked `run` and docs/guides/sweep.md
 * are followed in guides.test.ts.
 */
import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { key } from "../../lib/core/random.js";
import { openRecorder } from "../../lib/market/flow/recorder.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { startLoopback } from "../../lib/testing/loopback.js";
import type { Loopback } from "../../lib/testing/types.js";
import { compileProgram, type Outcome, outcomeOf, type Program } from "../cli/program.js";

const root = join(__dirname, "../..");
const HOUR = 3_600_000;
const symbols = ["BTCUSDT", "ETHUSDT"];
/** Small networks, in the place of the reader's own settings. */
const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 2, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
`;

const guides = readdirSync(join(root, "docs/guides")).map((name) => `docs/guides/${name}`);
const files = ["README.md", "docs/simple.md", ...guides, "RELEASING.md"].filter(
  (file) => file !== "docs/guides/sweep.md",
);

/** What stands in a file as code, line by line, without comments; blocks that another test follows, or that are marked `skip`, left out. */
function linesOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const code = [...text.matchAll(/```(\w*[^\n]*)\n([\s\S]*?)```|`([^`\n]+)`/g)];
  return code
    .filter(([, kind]) => !/ (run|skip)$/.test(kind ?? ""))
    .flatMap(([, , block, span]) => (block ?? span!).split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim());
}
const written = (start: string): string[] =>
  [...new Set(files.flatMap(linesOf))].filter((line) => line.startsWith(start));

let program: Program;
let loopback: Loopback;

beforeAll(async () => {
  program = compileProgram();
  program.write("settings.yaml", SETTINGS);
  loopback = await exchangeOf(HOUR);
});
afterAll(async () => {
  program.remove();
  await loopback.close();
});

/** An exchange by the wall's clock with 1500 candles behind it. */
function exchangeOf(stepMs: number): Promise<Loopback> {
  const now = () => Math.floor(performance.timeOrigin + performance.now());
  const start = Math.floor(now() / stepMs) * stepMs - 1500 * stepMs;
  const { bars } = simulate({ symbols, bars: 1600, stepMs, start, key: key("readme") });
  return startLoopback({ bars: bars.map(({ flow: _, ...own }) => own), key: key("exchange"), now });
}

const addresses = (of: Loopback) => ["--url", of.restUrl, "--stream-url", of.wsUrl];

async function done(words: readonly string[]): Promise<Outcome> {
  const outcome = await program.run(...words);
  expect(outcome.code, outcome.err).toBe(0);
  expect(outcome.out.length).toBeGreaterThan(0);
  return outcome;
}

/** Starts a run without an end, lets `use` look at it, and interrupts it as a reader does. */
async function interrupted(
  words: readonly string[],
  use: (run: ChildProcess) => Promise<unknown>,
): Promise<void> {
  const run = program.start(...words);
  const ended = outcomeOf(run);
  const early = ended.then(({ code, err }) =>
    Promise.reject(new Error(`ended by itself with ${code}: ${err}`)),
  );
  await Promise.race([use(run), early]);
  early.catch(() => undefined);
  run.kill("SIGINT");
  const { code, err } = await ended;
  expect(code, err).toBe(130);
}

/** Waits for a run to say what fits. */
function said(run: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  let text = "";
  return new Promise((resolve) => {
    for (const stream of [run.stdout!, run.stderr!])
      stream.on("data", (chunk) => {
        text += chunk;
        const found = what.exec(text);
        if (found) resolve(found);
      });
  });
}

/** Two days of five-minute candles with their flow, as a recording that was left alone has them. */
async function recordedDays(folder: string): Promise<void> {
  const start = Date.UTC(2024, 0, 1);
  const { bars } = simulate({ symbols, bars: 576, stepMs: HOUR / 12, start, key: key("flow") });
  const recorder = await openRecorder({ folder, symbols, interval: "5" });
  for (const own of bars) {
    const columns = Object.entries({ ...own, ...own.flow! }).filter(([, of]) => of instanceof Float64Array);
    for (const [t, time] of own.openTime.entries()) {
      const row = columns.map(([name, of]) => [name, (of as Float64Array)[t]]);
      await recorder.add(own.symbol, { time, ...Object.fromEntries(row) });
    }
  }
  await recorder.close();
}

/** How a command is followed: by its first words, the longer before the shorter. */
const ways: readonly (readonly [start: string, follow: (words: string[]) => Promise<unknown>])[] = [
  ["--version", done],
  ["--help", done],
  [
    "completion bash",
    async (words) => {
      const { out } = await done(words);
      execFileSync("bash", ["-n"], { input: out });
    },
  ],
  ["doctor", done],
  ["demo", async (words) => expect((await done(words)).out).toContain("not that it earns")],
  [
    "fetch",
    async (words) => {
      const { out } = await done([...words, "--url", loopback.restUrl]);
      expect(out).toMatch(/^BTCUSDT .*\b15\d\d\b/m);
    },
  ],
  [
    "record",
    async (words) => {
      const present = await exchangeOf(HOUR / 12);
      const isHeard = () =>
        Promise.all(symbols.map((symbol) => present.subscribed(`orderbook.50.${symbol}`)));
      await interrupted([...words, ...addresses(present)], isHeard);
      await present.close();
      await recordedDays(program.file("flow"));
    },
  ],
  [
    "live --model",
    (words) => interrupted([...words, ...addresses(loopback)], (run) => said(run, /connected/)),
  ],
  [
    "live --journal",
    async (words) => {
      expect(words.at(-1)).toBe("--page");
      // the run would train the demo's small model first
      cpSync(program.file("vitrade-demo/market.model"), program.file("shown.journal.model/market.model"));
      await interrupted([...words, "0"], async (run) => {
        const begun = said(run, /connected: \d+ subscriptions/);
        const [, url] = await said(run, /page (http:\S+) · token/);
        expect((await fetch(url!)).status).toBe(200);
        await begun;
      });
    },
  ],
  ["prepare", done],
  ["train", done],
  ["predict", done],
  ["backtest", async (words) => expect((await done(words)).out).toContain("buy and hold")],
];

const commands = written("npx vitrade ").map((line) => line.replace("npx vitrade ", ""));

test("README's way from candles to a paper run is among the commands that are followed", () => {
  const names = commands.map((line) => line.split(" ")[0]);
  for (const name of ["fetch", "prepare", "train", "predict", "backtest", "live", "demo", "record", "doctor"])
    expect(names).toContain(name);
});

test.each(commands)(
  "npx vitrade %s",
  async (line) => {
    const way = ways.find(([start]) => line.startsWith(start));
    expect(way, "a command that this test does not know how to follow").toBeDefined();
    await way![1](line.split(" "));
  },
  300_000,
);

test("every option of npm run reproduce and npm run data that is written is one that they take, and every notebook is there", async () => {
  const reproduce = await import(join(root, "scripts/reproduce/arguments.mjs"));
  const data = await import(join(root, "scripts/data/arguments.mjs"));
  const { chooseNotebooks } = await import(join(root, "scripts/reproduce/notebook.mjs"));
  const all = [...files, "CONTRIBUTING.md", "data/README.md"].flatMap(linesOf);
  const words = (name: string) =>
    all.flatMap((line) => {
      const [, given] = new RegExp(`npm run ${name} -- ([^;]+)$`).exec(line) ?? [];
      return given ? [given.split(" ")] : [];
    });
  expect(words("reproduce").length).toBeGreaterThan(4);
  for (const given of words("reproduce")) {
    const { names } = reproduce.parseArguments(given, {});
    expect(chooseNotebooks(join(root, "notebooks"), names).every(existsSync)).toBe(true);
  }
  expect(words("data").length).toBeGreaterThan(1);
  for (const given of words("data"))
    expect(data.parseArguments(given, { now: Date.UTC(2026, 0, 1) }).symbols).toContain("BTCUSDT");
});
