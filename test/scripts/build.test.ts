import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Project, temporaryProject } from "./project.js";

const KERNELS = "lib/nn/kernels/assembly/index.ts";
let project: Project;

beforeAll(() => {
  project = temporaryProject({ installed: true });
  project.write("tsconfig.json", '{ "compilerOptions": { "strict": true, "types": [] } }');
  project.write(
    "lib/tsconfig.json",
    '{ "extends": "../tsconfig.json", "compilerOptions": { "rootDir": ".", "outDir": "dist", "declaration": true }, "include": ["**/*.ts"], "exclude": ["dist", "nn/kernels/assembly"] }',
  );
  project.write(KERNELS, "export function one(): i32 { return 1; }\n");
  project.write("lib/index.ts", 'export * as core from "./core/index.js";\n');
  project.write("lib/core/index.ts", 'export { kept } from "./kept.js";\n');
});

afterAll(() => project.remove());

const compiled = (name: string): boolean => existsSync(path.join(project.folder, "lib/dist", name));

test("the root loads a room at its first use, and one file has all types", async () => {
  project.write("lib/core/kept.ts", "export const kept = 1;\n");
  expect((await project.node(["scripts/build.mjs"])).code).toBe(0);
  const says =
    "const v = require('./lib/dist'); console.log(Object.keys(require.cache).length, v.core.kept);";
  expect((await project.node(["-e", says])).out).toBe("1 1\n");
  const types = readFileSync(path.join(project.folder, "lib/dist/vitrade.d.ts"), "utf8");
  expect(types).toMatch(/export declare namespace core \{[^}]*\bkept\b/);
});

test("a source that is gone leaves no compiled file behind", async () => {
  project.write("lib/core/kept.ts", "export const kept = 1;\n");
  project.write("lib/core/gone.ts", "export const gone = 1;\n");
  expect((await project.node(["scripts/build.mjs"])).code).toBe(0);
  expect([compiled("core/gone.js"), compiled("nn/kernels/kernels.wasm")]).toEqual([true, true]);
  rmSync(path.join(project.folder, "lib/core/gone.ts"));
  expect((await project.node(["scripts/build.mjs"])).code).toBe(0);
  expect([compiled("core/kept.js"), compiled("core/gone.js")]).toEqual([true, false]);
});

test("a library that does not compile shows the compiler's errors and one line", async () => {
  project.write("lib/core/wrong.ts", 'export const wrong: number = "one";\n');
  const { code, err } = await project.node(["scripts/build.mjs"]);
  expect(code).toBe(1);
  expect(err).toContain("lib/core/wrong.ts(1,14): error TS2322");
  expect(err.trim().split("\n").at(-1)).toBe(
    "build: The library does not compile: mend the errors above and run the command again.",
  );
});

test("kernels that do not compile show their compiler's errors and one line", async () => {
  project.write(KERNELS, "export function one(): i32 { return two; }\n");
  const { code, err } = await project.node(["scripts/build.mjs"]);
  expect(code).toBe(1);
  expect(err).toContain("Cannot find name 'two'");
  expect(err.trim().split("\n").at(-1)).toBe(
    "build: The kernels do not compile: mend the errors above and run the command again.",
  );
});
