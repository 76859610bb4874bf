/** What a user of command lines expects: version, completion, settings beside the work, dry runs, a doctor. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examine, nodeOf } from "../../lib/cli/tasks/doctor.js";
import { findSettings } from "../../lib/cli/tasks/fits/findSettings.js";
import { compileProgram, type Program } from "./program.js";

const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 40, warmUpEpochs: 1, batchSize: 16, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;
let program: Program;

beforeAll(() => {
  program = compileProgram();
});
afterAll(() => program.remove());

test("--version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../lib/package.json"), "utf8"));
  expect(await program.run("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

/** What bash offers for a line, its last word half written. */
function offered(script: string, line: readonly string[]): string[] {
  const words = line.map((word) => `'${word}'`).join(" ");
  const run = `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _vitrade; echo "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", run], { encoding: "utf8" }).trim().split(/\s+/).filter(Boolean);
}

test.skipIf(process.platform === "win32")(
  "bash completes commands, the options of the command that is written, and the choices of an option",
  async () => {
    const { code, out } = await program.run("completion", "bash");
    expect(code).toBe(0);
    expect(offered(out, ["vitrade", "pre"])).toEqual(expect.arrayContaining(["prepare", "predict"]));
    expect(offered(out, ["vitrade", "pre"])).toHaveLength(2);
    expect(offered(out, ["vitrade", "train", "--rep"])).toEqual(
      expect.arrayContaining(["--replicas", "--report"]),
    );
    expect(offered(out, ["vitrade", "fetch", "--rep"])).toEqual([]);
    expect(offered(out, ["vitrade", "backtest", "--rule", "s"])).toEqual(["sign"]);
    expect(offered(out, ["vitrade", "completion", ""])).toEqual(["bash", "zsh", "fish"]);
  },
);

test("fish's completion quotes every description whole, apostrophes too", async () => {
  const fish = (await program.run("completion", "fish")).out.trim().split("\n");
  expect(fish.some((line) => line.includes("\\'"))).toBe(true);
  for (const line of fish) expect(line.replaceAll("\\'", "").split("'").length % 2, line).toBe(1);
  expect(fish.join("\n")).toMatch(/__fish_seen_subcommand_from backtest' -l rule -x -a 'edge sign'/);
});

const hasShell = (name: string): boolean => spawnSync(name, ["--version"]).status === 0;

describe.skipIf(!hasShell("fish"))("a real fish (left out where there is none: apt-get install fish)", () => {
  test("completes commands, options and the choices of an option", async () => {
    const file = program.write("vitrade.fish", (await program.run("completion", "fish")).out);
    const offers = (line: string): string[] =>
      execFileSync("fish", ["--no-config", "-c", `source '${file}'; complete -C '${line}'`], {
        encoding: "utf8",
      })
        .split("\n")
        .flatMap((row) => row.split("\t")[0] || []);
    expect(offers("vitrade pre").sort()).toEqual(["predict", "prepare"]);
    expect(offers("vitrade train --rep").sort()).toEqual(["--replicas", "--report"]);
    expect(offers("vitrade backtest --rule s")).toEqual(["sign"]);
    expect(offers("vitrade completion ")).toEqual(["bash", "fish", "zsh"]);
  });
});

describe.skipIf(!hasShell("zsh"))("a real zsh (left out where there is none: apt-get install zsh)", () => {
  test("completes a command, an option and a choice at its prompt, whether its completion was started before or not", async () => {
    const file = program.write("vitrade.zsh", (await program.run("completion", "zsh")).out);
    for (const before of ["true", "autoload -U compinit; compinit -i"]) {
      const dialogue = [
        "zmodload zsh/zpty; zpty shell zsh -f -i",
        `zpty -w shell 'PS1=; ${before}; source ${file}; vitrade() { print "ran:$*;" }; print rea""dy'`,
        "zpty -r -m shell heard '*ready*'; print -r -- $heard",
        "zpty -w -n shell $'vitrade back\\t'; zpty -r -m shell heard '*backtest*'",
        "zpty -w -n shell $'--rul\\t'; zpty -r -m shell heard '*rule*'",
        "zpty -w -n shell $'s\\t\\n'; zpty -r -m shell heard '*ran:*;*'; print -r -- $heard",
      ];
      const said = execFileSync("zsh", ["-f", "-c", dialogue.join("\n")], {
        encoding: "utf8",
        timeout: 120_000,
      });
      expect(said).toMatch(/ran:backtest --rule sign/);
      expect(said).not.toMatch(/command not found/);
    }
  });
});

test("completion of a shell that is not known is refused with those that are", async () => {
  const { code, err } = await program.run("completion", "csh");
  expect(code).toBe(2);
  expect(err).toContain("Allowed choices are bash, zsh, fish");
});

test("the nearest vitrade.yaml upwards is found, and none where there is none", () => {
  // VI-99
  const deep = join(program.folder, "a/b/c");
  mkdirSync(deep, { recursive: true });
  expect(findSettings(deep)).toBeUndefined();
  writeFileSync(join(program.folder, "a/vitrade.yaml"), SETTINGS);
  expect(findSettings(deep)).toBe(join(program.folder, "a/vitrade.yaml"));
  writeFileSync(join(deep, "vitrade.yaml"), SETTINGS);
  expect(findSettings(deep)).toBe(join(deep, "vitrade.yaml"));
});

test("a dry run says what would be done and leaves nothing behind; the work itself says beforehand how long it takes", async () => {
  program.write("vitrade.yaml", SETTINGS);
  const prepare = "prepare --symbols BTCUSDT,ETHUSDT --no-flow --bars 1200 --out a.dataset".split(" ");
  const dry = await program.run(...prepare, "--dry-run");
  expect(dry.code, dry.err).toBe(0);
  expect(dry.out).toContain("nothing was written");
  expect(dry.err).toMatch(/settings of .*vitrade\.yaml/);
  expect(existsSync(program.file("a.dataset"))).toBe(false);

  expect((await program.run(...prepare)).code).toBe(0);
  const train = "train --data a.dataset --replicas 2 --out a.model".split(" ");
  const plan = JSON.parse((await program.run(...train, "--dry-run", "--json")).out);
  expect(plan).toMatchObject({ replicas: 2, epochs: 40 });
  expect(plan.steps).toBe(Math.ceil(plan.rows.train / 16) * 40);
  expect(plan.expectedSeconds).toBeGreaterThan(0);
  expect(existsSync(program.file("a.model"))).toBe(false);
  expect(existsSync(program.file("a.model.checkpoint.json"))).toBe(false);

  const trained = await program.run(...train);
  expect(trained.code, trained.err).toBe(0);
  expect(trained.err).toMatch(/\d+ (s|min) at most for 40 epochs/);
});

test("every command that writes has a dry run, and none of them leaves anything behind", async () => {
  const { out: help } = await program.run("--help");
  const names = [...help.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
  expect(names).toContain("train");
  for (const name of names) {
    const own = (await program.run(name, "--help")).out;
    const writes = /^ +--(out|folder|journal) </m.test(own);
    expect(own.includes("--dry-run"), name).toBe(writes);
  }
  const before = readdirSync(program.folder);
  for (const [words, says] of [
    ["predict --model a.model --data a.dataset --out f.json", /^\d+ forecasts of BTCUSDT, ETHUSDT from 20/],
    ["train --family factor --data a.dataset --out f.model", /a factor model of BTCUSDT, ETHUSDT; soon over/],
    [
      "train --family portfolio --data a.dataset --out p.model",
      /portfolio model of .*100 epochs, \d+ (s|min)/,
    ],
    [
      "record --symbols BTCUSDT,ETHUSDT --folder flow",
      /BTCUSDT[\s\S]*into flow, until it is stopped; nobody was asked/,
    ],
    ["live --model a.model --journal j --bybit", /on public candles[\s\S]*begins j, until it is stopped/],
    ["live --journal j", /small model that is trained first, on the simulated exchange[\s\S]*240 closes/],
    ["demo", /vitrade-demo.*forecasts\.json/],
  ] as const) {
    const { code, out, err } = await program.run(...words.split(" "), "--dry-run");
    expect(code, `${words}: ${err}`).toBe(0);
    expect(out).toMatch(says);
    expect(out).toMatch(/nothing was written\n$/);
    expect(readdirSync(program.folder), words).toEqual(before);
  }
  const predicted = await program.run(..."predict --model a.model --data a.dataset --json".split(" "));
  const plan = await program.run(..."predict --model a.model --data a.dataset --dry-run --json".split(" "));
  expect(JSON.parse(plan.out).forecasts).toBe(JSON.parse(predicted.out).rows.length);
}, 300_000);

test("fetch --dry-run counts candles and asks nobody", async () => {
  const words =
    "fetch --symbols BTCUSDT --since 2024-01-01 --until 2024-02-01 --dry-run --json --url http://127.0.0.1:1";
  const { code, out } = await program.run(...words.split(" "));
  expect(code).toBe(0);
  expect(JSON.parse(out).series).toMatchObject([{ symbol: "BTCUSDT", candles: 744, requests: 1 }]);
  expect(existsSync(program.file("data"))).toBe(false);
});

test.each([
  ["18.20.0", "bad"],
  ["20.18.9", "bad"],
  ["20.19.0", "note"],
  ["22.1.0", "good"],
  ["26.0.0", "good"],
])("doctor: Node %s is %s", (version, state) => {
  expect(nodeOf(version).state).toBe(state);
});

test("doctor tells what it runs on, by no folder and no name of a person, and compares the clock with an exchange's", async () => {
  const { code, out } = await program.run("doctor", "--json");
  expect(code).toBe(0);
  const { isWell, findings } = JSON.parse(out);
  expect(isWell).toBe(true);
  const what = findings.map((finding: { what: string }) => finding.what);
  expect(what).toEqual(
    expect.arrayContaining(["Node", "machine", "backend", "vitrade", "Python", "Jupyter", "disk", "clock"]),
  );
  expect(out).not.toContain(program.folder);
  if (process.env.HOME && process.env.HOME !== "/") expect(out).not.toContain(process.env.HOME);

  const now = Date.UTC(2026, 0, 1);
  const server = createServer((_, response) => response.end(JSON.stringify({ time: now - 60_000 })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await examine({ clock: { now: () => now, elapsed: () => 0 }, url });
  server.close();
  const clock = found.find((finding) => finding.what === "clock")!;
  expect(clock.state).toBe("note");
  expect(clock.found).toContain("60000 ms ahead of the exchange");
});
