/**
 * Each page of docs/guides is followed word by word: its blocks of TypeScript run, one after the other, as one program; its commands
 * marked `run` run, after its files marked `write` were written.
 */

import { spawn, spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasRedis, NEEDS, startRedis } from "../sweep/redis.js";

const root = path.resolve(__dirname, "../..");
const folder = path.join(root, "docs/guides");
const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
const work = path.join(root, ".vitrade", `guides-${process.pid}`);

/** The program of a page; blocks marked `skip` need what a test has not. */
function programOf(page: string): string {
  const text = readFileSync(path.join(folder, page), "utf8");
  const blocks = [...text.matchAll(/```ts( skip)?\n([\s\S]*?)```/g)];
  return `${blocks
    .filter(([, skip]) => !skip)
    .map(([, , code]) => code)
    .join("\n")}\nexport {};\n`;
}

/** The commands of a page that a test can run, and the files they need. */
function commandsOf(page: string): { files: [name: string, text: string][]; commands: string[] } {
  const text = readFileSync(path.join(folder, page), "utf8");
  const files = [...text.matchAll(/```js write=(\S+)\n([\s\S]*?)```/g)];
  const blocks = [...text.matchAll(/```sh run\n([\s\S]*?)```/g)];
  return {
    files: files.map(([, name, content]) => [name!, content!]),
    commands: blocks.flatMap(([, lines]) => lines!.trim().split("\n")),
  };
}

/** The commands of a page as one script, in which npx is the command of this repository. */
function scriptOf(page: string): string {
  const text = readFileSync(path.join(folder, page), "utf8");
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code);
  const own = `npx() { shift; "${process.execPath}" "${path.join(root, "lib/bin/vitrade.mjs")}" "$@"; }`;
  return ["set -e", own, ...blocks].join("\n");
}

/** What pages of commands print at their end. */
const ends: Readonly<Record<string, RegExp>> = {
  "sweep.md": /8 networks, 4 settings × 1 folds × 2 seeds[\s\S]*\n8 4\n$/,
};

/** What each page prints, by meaning: what does not depend on a drawn number. */
const prints: Readonly<Record<string, RegExp>> = {
  "own-bars.md": /^MYCOIN 400 1\n350 MYCOIN 50, OTHER 0\n\d+ \d+ \d+\n$/,
  "own-feature.md": /^ret, range \d+\nfeatures: expected "next" of BTCUSDT/,
  "own-model.md": /^2\.0 0\.5 0\.3\n$/,
  "own-prior.md": /^-?\d+\n-?\d+\n1\.\d\n$/,
  "own-strategy.md": /^-?\d\.\d{3}\n-?\d\.\d{3}\n-?\d+\.\d\d\n$/,
  "own-costs.md": /^\d+\.\d\d\ntrue\n$/,
};

beforeAll(() => {
  mkdirSync(work, { recursive: true });
  for (const page of pages) writeFileSync(path.join(work, page.replace(".md", ".mts")), programOf(page));
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

test("every page is one that this test knows", () => {
  expect(pages.filter((page) => !(page in prints) && !(page in ends))).toEqual([]);
});

test("the pages' programs have no error of types", () => {
  const tsc = createRequire(path.join(root, "package.json")).resolve("typescript/bin/tsc");
  const files = pages.map((page) => path.join(work, page.replace(".md", ".mts")));
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "node16"];
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, "--types", "node", ...files], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, stdout).toBe(0);
}, 300_000);

describe.each(Object.keys(prints))("%s", (page) => {
  test("runs and prints what it says", () => {
    const file = path.join(work, page.replace(".md", ".mts"));
    const ts = createRequire(path.join(root, "package.json"))("typescript") as typeof import("typescript");
    const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const program = file.replace(".mts", ".mjs");
    writeFileSync(program, outputText);
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
      cwd: work,
      encoding: "utf8",
      env: { ...process.env, VITRADE_BACKEND: "wasm", MARKET: "" },
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(prints[page]!);
  }, 300_000);
});

describe.each(["own-strategy.md", "own-feature.md"])("the commands of %s", (page) => {
  test("do what they say, one after the other", () => {
    const { files, commands } = commandsOf(page);
    expect(commands.length).toBeGreaterThan(0);
    const own = path.join(work, `commands-${page}`);
    mkdirSync(own, { recursive: true });
    for (const [name, content] of files) writeFileSync(path.join(own, name), content);
    for (const line of commands) {
      const [npx, program, ...words] = line.split(" ");
      expect([npx, program]).toEqual(["npx", "vitrade"]);
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [path.join(root, "lib/bin/vitrade.mjs"), ...words],
        { cwd: own, encoding: "utf8", env: { ...process.env, VITRADE_BACKEND: "wasm", MARKET: "" } },
      );
      expect(status, `${line}: ${stderr}`).toBe(0);
      expect(stdout.length).toBeGreaterThan(0);
    }
  }, 300_000);
});

describe.each(Object.keys(ends))("%s", (page) => {
  test("its commands run and end as it says", () => {
    const own = path.join(work, page.replace(".md", ""));
    mkdirSync(own, { recursive: true });
    const { stdout, stderr, status } = spawnSync("bash", ["-c", scriptOf(page)], {
      cwd: own,
      encoding: "utf8",
      env: { ...process.env, VITRADE_BACKEND: "wasm", MARKET: "" },
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(ends[page]!);
  }, 300_000);
});

describe.skipIf(!hasRedis)(`sweep.md, more machines${NEEDS}`, () => {
  test("a worker that fetches the data by their hash and a planner make the table of one machine", async () => {
    const own = path.join(work, "sweep"); // where the page's commands ran
    const { sha256 } = JSON.parse(readFileSync(path.join(own, "prepared.json"), "utf8"));
    const asked: string[] = [];
    const server = createServer(({ url }, answer) => {
      asked.push(url!);
      if (url === `/datasets/${sha256}.dataset`) createReadStream(path.join(own, "sim.dataset")).pipe(answer);
      else answer.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const redis = await startRedis();
    const page = readFileSync(path.join(folder, "sweep.md"), "utf8");
    const [, block] = /```sh queue\n([\s\S]*?)```/.exec(page)!;
    const [worker, planner] = block!
      .replaceAll("redis://queue.example.org:6379", redis.address)
      .replace("https://files.example.org", `http://127.0.0.1:${port}`)
      .trim()
      .split("\n")
      .map((line) => {
        const [npx, program, ...words] = line.split(" ");
        expect([npx, program]).toEqual(["npx", "vitrade"]);
        const env = { ...process.env, HOME: own, VITRADE_BACKEND: "wasm", MARKET: "" }; // its cache too
        return spawn(process.execPath, [path.join(root, "lib/bin/vitrade.mjs"), ...words], { cwd: own, env });
      });
    const ended = (child: typeof worker) => new Promise((resolve) => child!.once("close", resolve));
    const stopped = ended(worker);
    expect(await ended(planner)).toBe(0);
    worker!.kill("SIGINT");
    await stopped;
    server.close();
    await redis.stop();
    expect(asked).toContain(`/datasets/${sha256}.dataset`);
    const { sweep } = createRequire(path.join(root, "package.json"))("vitrade") as typeof import("vitrade");
    const read = async (out: string) => {
      const rows = await sweep.decodeTable(readFileSync(path.join(own, out, "networks.parquet")));
      return rows.map(({ seconds: _, megabytes: __, host: ___, ...row }) => row);
    };
    expect(await read("shared")).toEqual(await read("results"));
  }, 300_000);
});
