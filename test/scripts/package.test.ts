/** The package as others get it: packed, installed into an empty project, used from CommonJS, ESM and TypeScript. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const lib = path.join(root, "lib");
const rooms = readdirSync(lib, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["bin", "dist", "node_modules", "cli"].includes(entry.name))
  .map(({ name }) => name);

let packed: string;
let project: string;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifest = JSON.parse(readFileSync(path.join(lib, "package.json"), "utf8")) as Manifest;

/** The tarball in a project whose other packages are those of this repository: what `npm install vitrade` would put beside it. */
beforeAll(() => {
  packed = mkdtempSync(path.join(tmpdir(), "vitrade-pack-"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: lib });
  project = path.join(root, ".vitrade", `consumer-${process.pid}`);
  const own = path.join(project, "node_modules/vitrade");
  mkdirSync(own, { recursive: true });
  const tarball = path.join(packed, readdirSync(packed)[0]!);
  execFileSync("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
  writeFileSync(path.join(project, "package.json"), '{ "name": "consumer", "private": true }');
}, 300_000);

afterAll(() => {
  for (const folder of [packed, project]) rmSync(folder, { recursive: true, force: true });
});

const filesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).map((name) => name.replaceAll("\\", "/"));

function node(name: string, source: string): string {
  writeFileSync(path.join(project, name), source);
  const { stdout, stderr, status } = spawnSync(process.execPath, [name], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, VITRADE_BACKEND: "wasm" },
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

test("the tarball has README, licence, types and the font; no sources of tests, no source maps", () => {
  const files = filesOf(path.join(project, "node_modules/vitrade"));
  for (const name of ["README.md", "LICENSE", "dist/vitrade.d.ts", "dist/index.js", "bin/vitrade.mjs"])
    expect(files).toContain(name);
  expect(files).toContain("dist/plot/draw/fonts/LICENSE");
  expect(files.filter((name) => /\.map$|\.test\.|(?<!\.d)\.ts$/.test(name))).toEqual([]);
  for (const name of files.filter((file) => file.endsWith(".js")))
    expect(readFileSync(path.join(project, "node_modules/vitrade", name), "utf8")).not.toContain(
      "sourceMappingURL",
    );
});

test("every package that the compiled files ask for is a dependency, and every dependency is asked for", () => {
  const own = path.join(project, "node_modules/vitrade");
  const asked = new Set<string>();
  for (const name of filesOf(own).filter((file) => /\.(js|mjs)$/.test(file))) {
    const text = readFileSync(path.join(own, name), "utf8");
    for (const [, spec] of text.matchAll(/(?:require(?:\.resolve)?|import)\(\s*"([^"./][^"]*)"/g))
      if (!spec!.startsWith("node:"))
        asked.add(
          spec!
            .split("/")
            .slice(0, spec!.startsWith("@") ? 2 : 1)
            .join("/"),
        );
  }
  const known = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    ...Object.keys(manifest.optionalDependencies),
    "@expo-google-fonts/open-sans", // the sources' font: the compiled library has it beside it
    "tslab", // of the kernel in which a notebook runs
  ];
  expect([...asked].filter((name) => !known.includes(name))).toEqual([]);
  const named = readFileSync(path.join(own, "dist/vitrade.d.ts"), "utf8");
  const unused = Object.keys(manifest.dependencies).filter(
    (name) => !asked.has(name) && !named.includes(`'${name}'`),
  );
  expect(unused).toEqual([]);
});

describe("in CommonJS", () => {
  test("the root has the rooms, each loads at its first use, and a subpath is the room", () => {
    const out = node(
      "root.cjs",
      `const vitrade = require("vitrade");
const before = Object.keys(require.cache).length;
console.log(Object.keys(vitrade).sort().join(" "), before);
console.log(vitrade.trading === require("vitrade/trading"), Object.keys(require.cache).some((file) => file.includes("tfjs")));`,
    );
    const [names, same] = out.trim().split("\n");
    expect(names).toBe(`budget ${[...rooms, "key"].sort().join(" ")} 2`);
    expect(same).toBe("true false");
  });

  test("a private file is not to be had", () => {
    expect(
      node(
        "private.cjs",
        `try { require("vitrade/dist/core/stats.js"); } catch (error) { console.log(error.code); }`,
      ),
    ).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n");
  });
});

test("in ESM: the ten lines of the README run with a small budget", () => {
  const lines = studyOf(readFileSync(path.join(lib, "README.md"), "utf8"))
    .replace("beta: 4, epochs: 40, seeds: 3", "beta: 4, epochs: 1, seeds: 2")
    .replace('interval: "60"', 'interval: "60", bars: 600')
    .replace("draws: 100", "draws: 5")
    .replaceAll(/await plot\.show\((.*)\);/g, "console.log(($1).data.length > 0);");
  expect(lines.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(11);
  expect(node("study.mjs", lines)).toContain("true\ntrue\n");
}, 300_000);

test("every room's names are there for an import", () => {
  const lines = rooms.map((room, i) => `import * as own${i} from "vitrade/${room}";`);
  const counts = rooms.map((_, i) => `Object.keys(own${i}).length`).join(", ");
  const found = JSON.parse(
    node("rooms.mjs", `${lines.join("\n")}\nconsole.log(JSON.stringify([${counts}]));`),
  ) as number[];
  for (const count of found) expect(count).toBeGreaterThan(1);
}, 300_000);

describe.each(["node16", "bundler"])("in TypeScript, moduleResolution %s", (resolution) => {
  test("root and subpaths have types, and a wrong option is an error", () => {
    const file = path.join(project, `study-${resolution}.ts`);
    writeFileSync(
      file,
      `import { features, market, models, trading } from "vitrade";
import { open } from "vitrade/market";
const bars = await market.open({ symbols: ["BTCUSDT"] });
const same: Awaited<ReturnType<typeof open>> = bars;
const data = features.dataset(same, { length: 60, horizon: 5 });
const fit = await models.train(models.vae({ data, latent: 8 }), data, { beta: 4, epochs: 1 });
export const weights = trading.size(fit.predict(data.test), { maxWeight: 1 });
// @ts-expect-error latent is a number
models.vae({ data, latent: "eight" });
`,
    );
    const module = resolution === "node16" ? "node16" : "esnext";
    writeFileSync(
      path.join(project, "package.json"),
      '{ "name": "consumer", "private": true, "type": "module" }',
    );
    const tsc = createRequire(path.join(root, "package.json")).resolve("typescript/bin/tsc");
    const args = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", module];
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, ...args, "--moduleResolution", resolution, "--types", "node", file],
      { cwd: project, encoding: "utf8" },
    );
    expect(status, stdout).toBe(0);
  }, 300_000);
});

/** The first TypeScript block of a text. */
function studyOf(text: string): string {
  const block = /```ts\n([\s\S]*?)```/.exec(text);
  if (!block) throw new Error("README: expected a block of TypeScript");
  return block[1]!;
}
