/** The real kernel, on notebooks that go wrong in each way a notebook can. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notebook } from "./notebooks.js";
import { type Outcome, type Project, temporaryProject } from "./project.js";

const sources = {
  "01-good": ["const answer = 6 * 7;", "console.log(answer / 100);\nanswer", 'console.log("x".repeat(3));'],
  "02-error": ["const a = 1;", '// the second cell\nthrow new Error("it broke");'],
  "03-type": ['const b: string = "one";', "const c: number = b;"],
  "04-hang": ["const d = 1;", "while (true) {}"],
  "05-killed": ["const e = 1;", 'process.kill(process.pid, "SIGKILL");\nawait new Promise(() => {});'],
  "06-stderr": ["const f = 1;", 'console.error("a warning");'],
} as const;

let project: Project;
const fileOf = (name: string): string => path.join(project.folder, "notebooks", `${name}.ipynb`);
const bytesOf = (name: string): string => readFileSync(fileOf(name), "utf8");
const reproduce = (...args: string[]): Promise<Outcome> =>
  project.node(["scripts/reproduce.mjs", ...args], { VITRADE_CELL_TIMEOUT: "3" });

beforeAll(() => {
  project = temporaryProject({ installed: true });
  for (const [name, cells] of Object.entries(sources)) {
    project.write(`notebooks/${name}.ipynb`, JSON.stringify(notebook(cells.map((source) => ({ source })))));
  }
});

afterAll(() => project.remove());

describe("a notebook that cannot be executed", () => {
  const broken = Object.keys(sources).slice(1);
  let before: Record<string, string>;
  let outcome: Outcome;

  beforeAll(async () => {
    before = Object.fromEntries(broken.map((name) => [name, bytesOf(name)]));
    outcome = await reproduce("--update", "02", "03", "04", "05", "06");
  });

  test("with an exception is reported with the cell, its first lines and the message", () => {
    expect(outcome.out).toMatch(
      /02-error\.ipynb stopped with an error in cell 2:\n {4}\| \/\/ the second cell\n {4}\| throw[^\n]*\n(.*\n)*? {4}Error: it broke/,
    );
    expect(outcome.out).not.toContain("node_modules/tslab");
  });

  test("with a type error is reported with TypeScript's sentence", () => {
    expect(outcome.out).toMatch(
      /03-type\.ipynb stopped with an error in cell 2:\n.*\n.*'string' is not assignable to type 'number'/,
    );
  });

  test("with a hanging cell is ended at the time limit", () => {
    expect(outcome.out).toMatch(
      /04-hang\.ipynb took too long in cell 2 \(VITRADE_CELL_TIMEOUT sets the limit\):\n {4}\| while/,
    );
  });

  test("with a killed kernel is told apart from an error and from a time limit", () => {
    expect(outcome.out).toMatch(
      /05-killed\.ipynb lost its kernel in cell 2:\n.*\n.*\n {4}the kernel's process was killed by SIGKILL/,
    );
  });

  test("with output on standard error is reported with that output", () => {
    expect(outcome.out).toMatch(/06-stderr\.ipynb wrote to standard error in cell 2:\n.*\n {4}a warning/);
  });

  test("keeps the cells that ran, and the one that stopped it, beside the committed files", () => {
    expect(outcome.out).toContain("1 cell ran and is kept in .vitrade/executed/simulated/02-error.ipynb");
    const kept = JSON.parse(
      readFileSync(path.join(project.folder, ".vitrade/executed/simulated/02-error.ipynb"), "utf8"),
    ) as { cells: { execution_count: number; outputs: object[] }[] };
    expect(kept.cells.map((cell) => cell.execution_count)).toEqual([1, 2]);
    expect(JSON.stringify(kept.cells[1]?.outputs)).toContain("it broke");
  });

  test("says why at once, before another that runs on is done", () => {
    const why = outcome.out.indexOf("Error: it broke");
    expect(why).toBeGreaterThan(-1);
    expect(why).toBeLessThan(outcome.out.indexOf("04 hang  failed"));
    expect(outcome.out).toContain("02-error.ipynb stopped with an error in cell 2, as said above");
  });

  test("fails the command and leaves every file as it was", () => {
    expect(outcome.code).toBe(1);
    expect(outcome.out.trim().split("\n").at(-1)).toBe("5 notebooks of 5 failed");
    expect(Object.fromEntries(broken.map((name) => [name, bytesOf(name)]))).toEqual(before);
    expect(readdirSync(path.join(project.folder, "notebooks"))).toHaveLength(Object.keys(sources).length);
  });
});

describe("a notebook that runs", () => {
  test("is a difference as long as it was not executed, and stays as it is", async () => {
    const before = bytesOf("01-good");
    const { code, out } = await reproduce("01");
    expect(code).toBe(1);
    expect(out).toContain("01-good.ipynb, it was not executed yet: run it with --update");
    expect(bytesOf("01-good")).toBe(before);
  });

  test("is written by --update with numbered cells, and a second time with the same bytes", async () => {
    expect((await reproduce("01", "--update")).out).toContain("1 notebook of 1 written");
    const first = bytesOf("01-good");
    const cells = JSON.parse(first).cells as { execution_count: number; outputs: { text: string[] }[] }[];
    expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3]);
    expect(cells[1]?.outputs[0]?.text).toEqual(["0.42\n", "42\n"]);
    expect((await reproduce("01", "--update")).out).toContain("0 notebooks of 1 written");
    expect(bytesOf("01-good")).toBe(first);
  });

  test("is compared with what was committed, and the difference is named", async () => {
    const changed = bytesOf("01-good").replace("0.42\\n", "0.43\\n");
    project.write("notebooks/01-good.ipynb", changed);
    const { code, out } = await reproduce("01");
    expect(code).toBe(1);
    expect(out).toContain('01-good.ipynb, cell 2: text 1: line 1: was "0.43", is "0.42"');
    expect(bytesOf("01-good")).toBe(changed);
    expect((await reproduce("01", "--quick")).code).toBe(0);
  });
});
