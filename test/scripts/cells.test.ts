/** How the kernel carries names from cell to cell: its converter and executor, without Jupyter around them. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./project.js";

interface Converter {
  close(): void;
}

interface Executor {
  execute(source: string): Promise<boolean>;
}

interface Console {
  log(...values: readonly unknown[]): void;
  error(...values: readonly unknown[]): void;
}

interface Tslab {
  createConverter(options: object): Converter;
  createExecutor(folder: string, converters: { node: Converter; close(): void }, out: Console): Executor;
}

const load = createRequire(path.join(root, "package.json"));
const { createConverter } = load("tslab/dist/converter.js") as Tslab;
const { createExecutor } = load("tslab/dist/executor.js") as Tslab;

let converter: Converter;

beforeAll(() => {
  converter = createConverter({});
});

afterAll(() => converter.close());

/** What the cells show: a value at a cell's end, or the first line of an error. */
async function shown(cells: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  const brief = (value: unknown): string => (value instanceof Error ? String(value) : inspect(value));
  const out: Console = {
    log: (...values) => said.push(values.map((value) => inspect(value)).join(" ")),
    error: (...values) => said.push(values.map(brief).join(" ")),
  };
  const executor = createExecutor(root, { node: converter, close: () => {} }, out);
  for (const cell of cells) await executor.execute(cell);
  return said;
}

type Case = readonly [name: string, cells: readonly string[], shown: readonly string[]];

const shorthand: readonly Case[] = [
  ["in a call", ["const costs = 3; const f = (o: any) => o.costs;", "f({ costs, fee: 1 })"], ["3"]],
  [
    "of an import",
    ["import { join } from 'path'; import * as p from 'path';", "Object.keys({ join, p })"],
    ["[ 'join', 'p' ]"],
  ],
  [
    "of a function, a class and an enum",
    ["function f() {} class C {} enum E { A }", "Object.keys({ f, C, E })"],
    ["[ 'f', 'C', 'E' ]"],
  ],
  [
    "nested and returned",
    ["const a = 1; const b = 2;", "const make = async () => ({ a, in: { b } });\nawait make()"],
    ["{ a: 1, in: { b: 2 } }"],
  ],
  [
    "in a class field and a default",
    ["const a = 1;", "class C { o = { a }; f(o = { a }) { return [this.o, o]; } }\nnew C().f()"],
    ["[ { a: 1 }, { a: 1 } ]"],
  ],
  ["of a parameter with the same name", ["const a = 1;", "((a: number) => ({ a }))(7)"], ["{ a: 7 }"]],
  ["with a name beyond ASCII", ["const λ = 3;", "({ λ })"], ["{ 'λ': 3 }"]],
];

const patterns: readonly Case[] = [
  ["a default", ["const o: { a?: number } = {}; const d = 9;", "const { a: x = d } = o;\nx"], ["9"]],
  ["a rest", ["const o = { a: 1, b: 2 };", "const { a: x, ...rest } = o;\n[x, rest]"], ["[ 1, { b: 2 } ]"]],
  [
    "an array inside",
    ["const o = { a: [1, 2, 3] };", "const { a: [x, ...y] } = o;\n[x, y]"],
    ["[ 1, [ 2, 3 ] ]"],
  ],
  [
    "a loop",
    [
      "const rows = [{ a: 1 }, { a: 2 }]; const xs: number[] = [];",
      "for (const { a: x } of rows) xs.push(x);",
      "xs",
    ],
    ["[ 1, 2 ]"],
  ],
  [
    "an interface of an earlier cell",
    ["interface I { a: number } const i: I = { a: 1 };", "const { a: x }: I = i;\nx"],
    ["1"],
  ],
  [
    "an assignment",
    ["let p = 0; let q = 0; const o = { p: 1, q: 2 };", "({ p, q } = o);", "[p, q]"],
    ["{ p: 1, q: 2 }", "[ 1, 2 ]"],
  ],
  [
    "an assignment with a default",
    ["let p = 0; const o: { p?: number } = {};", "({ p = 7 } = o);", "p"],
    ["{}", "7"],
  ],
  [
    "an assignment under another name",
    ["let p = 0; const o = { a: { p: 5 } };", "({ a: { p } } = o);", "p"],
    ["{ a: { p: 5 } }", "5"],
  ],
  [
    "an assignment with a rest",
    ["let rest: object = {}; let p = 0; const o = { p: 5, z: 1 };", "({ p, ...rest } = o);", "[p, rest]"],
    ["{ p: 5, z: 1 }", "[ 5, { z: 1 } ]"],
  ],
  ["a swap", ["let a = 1; let b = 2;", "[a, b] = [b, a];", "[a, b]"], ["[ 2, 1 ]", "[ 2, 1 ]"]],
];

const declared = "let n = 1; const get = () => n;";
const closures: readonly Case[] = [
  ["an increment", [declared, "n++;", "get()"], ["1", "2"]],
  ["a compound assignment", [declared, "n += 4; n **= 2;", "get()"], ["25", "25"]],
  [
    "a logical assignment",
    ["let n: number | null = null; const get = () => n;", "n ??= 4;", "get()"],
    ["4", "4"],
  ],
  ["a loop's variable", [declared, "for (n of [5, 6]);", "get()"], ["6"]],
  ["a pattern", [declared, "({ n } = { n: 3 });", "get()"], ["{ n: 3 }", "3"]],
  [
    "a callback that runs later",
    [
      "let n = 1; const bump = () => { n++; };",
      "await new Promise<void>((done) => setTimeout(() => { bump(); done(); }, 1));",
      "n",
    ],
    ["2"],
  ],
  ["var", ["var n = 1; function get() { return n; }", "n = 3;", "get()"], ["3", "3"]],
  ["let without a value", ["let n: number; const get = () => n;", "n = 3;", "get()"], ["3", "3"]],
  [
    "let taken apart",
    ["let { a, b: [c] } = { a: 1, b: [2] }; const get = () => [a, c];", "a = 5; c = 6;", "get()"],
    ["6", "[ 5, 6 ]"],
  ],
  [
    "a cell that awaits",
    ["let n = await Promise.resolve(1); class C { get() { return n; } }", "n = 2;", "new C().get()"],
    ["2", "2"],
  ],
  [
    "a name that ends as the setter's parameter",
    ["let n = 1; let n_ = 2; const get = () => [n, n_];", "n = 3; n_ = 4;", "get()"],
    ["4", "[ 3, 4 ]"],
  ],
];

const again: readonly Case[] = [
  ["let, let", [declared, "let n = 'x';", "n = 'y';", "[get(), n]"], ["'y'", "[ 1, 'y' ]"]],
  [
    "let, const, let",
    [declared, "const n = 2;", "let n = 3; const own = () => n;", "n = 4;", "[get(), own(), n]"],
    ["4", "[ 1, 4, 4 ]"],
  ],
  ["let, function", [declared, "function n() { return 8; }", "[get(), n()]"], ["[ 1, 8 ]"]],
  ["let, class", [declared, "class n { static z = 8; }", "[get(), n.z]"], ["[ 1, 8 ]"]],
  ["let, enum", [declared, "enum n { z = 8 }", "[get(), n.z]"], ["[ 1, 8 ]"]],
  [
    "let, import",
    ["let join = 1; const get = () => join;", "import { join } from 'path';", "[get(), typeof join]"],
    ["[ 1, 'function' ]"],
  ],
  [
    "import, let",
    ["import { join } from 'path';", "let join = 4; const get = () => join;", "join = 5;", "get()"],
    ["5", "5"],
  ],
  [
    "a cell that fails first",
    [declared, "throw new Error('no'); let n = 6;", "n = 3;", "[get(), n]"],
    ["Error: no", "3", "[ 3, 3 ]"],
  ],
];

const elsewhere: readonly Case[] = [
  [
    "a function is called without `this`",
    ["function own(this: unknown) { return this === undefined || this === globalThis; }", "own()"],
    ["true"],
  ],
  [
    "a tag is called without `this`",
    ["function own(this: unknown, _: unknown) { return this === globalThis; }", "own`a`"],
    ["true"],
  ],
  [
    "a method keeps its `this`",
    ["const o = { z: 4, get() { return this.z; } };", "[o.get(), o?.get()]"],
    ["[ 4, 4 ]"],
  ],
  [
    "properties and members may be called like a variable",
    [
      "const a = 1; const b = { a: { b: 3 } };",
      "class C { a = b.a.b + a; b() { return this.a; } }\nnew C().b()",
    ],
    ["4"],
  ],
  [
    "a module of the notebook keeps its own exports",
    [
      "/** @module side */\nconst a = 1; export { a as b }; export { sep as c } from 'path';",
      "import { b, c } from './side';",
      "({ b, c })",
    ],
    ["{ b: 1, c: '/' }"],
  ],
];

describe("a shorthand property reads the earlier variable", () => {
  test.each(shorthand)("%s", async (_, cells, expected) => expect(await shown(cells)).toEqual(expected));
});

describe("an earlier object is taken apart, or earlier variables are assigned, by", () => {
  test.each(patterns)("%s", async (_, cells, expected) => expect(await shown(cells)).toEqual(expected));
});

describe("a function sees what a later cell makes of its variable by", () => {
  test.each(closures)("%s", async (_, cells, expected) => expect(await shown(cells)).toEqual(expected));
});

describe("a name declared again is a new variable, and functions of the old cell keep theirs", () => {
  test.each(again)("%s", async (_, cells, expected) => expect(await shown(cells)).toEqual(expected));
});

describe("between cells", () => {
  test.each(elsewhere)("%s", async (_, cells, expected) => expect(await shown(cells)).toEqual(expected));
});

/** Two cells around a change of the package that both import, in a process of its own: TypeScript keeps the first folder. */
const ANEW = `
const { writeFileSync } = require("node:fs");
const [converterFile, executorFile] = process.argv.slice(1);
const node = require(converterFile).createConverter({});
const executor = require(executorFile).createExecutor(process.cwd(), { node, close() {} }, console);
(async () => {
  await executor.execute("import { x } from 'early'; x");
  writeFileSync("node_modules/early/package.json", JSON.stringify({ name: "early", version: "1.0.1" }));
  await new Promise((resolve) => setTimeout(resolve, 3500)); // until its watcher has told the compiler
  await executor.execute("import { x } from 'early'; x + 1");
  node.close();
})();
`;

test("a package that is installed anew while the kernel runs stops no cell", () => {
  const top = mkdtempSync(path.join(tmpdir(), "cells-"));
  const early = path.join(top, "a", "course", "node_modules", "early");
  mkdirSync(early, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(early, name), text);
  write("package.json", JSON.stringify({ name: "early", version: "1.0.0" }));
  write("index.js", "exports.x = 7;");
  write("index.d.ts", "export const x: number;");
  const files = ["tslab/dist/converter.js", "tslab/dist/executor.js"].map((file) => load.resolve(file));
  const cwd = path.join(top, "a", "course");
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", ANEW, ...files], { cwd, encoding: "utf8" });
  rmSync(top, { recursive: true });
  expect({ stdout, stderr }).toEqual({ stdout: "7\n8\n", stderr: "" });
});

/** A cell that imports packages which come only after the first cell, alone and into a scope that is there already. */
const LATE = `
const { cpSync } = require("node:fs");
const [converterFile] = process.argv.slice(1);
const node = require(converterFile).createConverter({});
const troubles = (cell) => node.convert("", cell).diagnostics.map(({ messageText }) => messageText);
const cell = "import { x } from 'late'; import { y } from '@scope/late'; x + y";
(async () => {
  console.log(troubles(cell).length, troubles("const page = document;").length);
  for (const name of ["late", "@scope/late"]) cpSync("late", "node_modules/" + name, { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, 3500)); // until its watcher has told the compiler
  console.log(troubles(cell).length);
  node.close();
})();
`;

test("packages that come while the kernel runs are found, and types that nothing imports are not read", () => {
  const top = mkdtempSync(path.join(tmpdir(), "cells-"));
  const cwd = path.join(top, "a", "course");
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  };
  write("late/package.json", JSON.stringify({ name: "late", version: "1.0.0" }));
  write("late/index.d.ts", "export const x: number; export const y: number;");
  write("node_modules/@scope/early/package.json", JSON.stringify({ name: "@scope/early", version: "1.0.0" }));
  write("node_modules/@types/page/index.d.ts", '/// <reference lib="dom" />\nexport {};');
  cpSync(path.dirname(load.resolve("@types/node/package.json")), path.join(cwd, "node_modules/@types/node"), {
    recursive: true,
  });
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", LATE, load.resolve("tslab/dist/converter.js")],
    {
      cwd,
      encoding: "utf8",
    },
  );
  rmSync(top, { recursive: true });
  expect({ stdout, stderr }).toEqual({ stdout: "2 1\n0\n", stderr: "" });
});
