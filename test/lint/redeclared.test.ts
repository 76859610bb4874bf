/** Names declared twice in a notebook, where functions would silently keep the old variable or take the new one. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { root, script } from "../scripts/project.js";

interface Found {
  readonly name: string;
  readonly first: number;
  readonly again: number;
  readonly used: number;
}

interface Lint {
  redeclared(sources: readonly string[]): Found[];
}

let redeclared: Lint["redeclared"];

beforeAll(async () => {
  ({ redeclared } = await script<Lint>("lint/redeclared.mjs"));
});

const folder = path.join(root, "notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe("a name declared twice is found", () => {
  test("when a function of the first cell uses a variable declared to change", () => {
    const cells = ["let lambda = 1;\nconst scale = (x: number) => lambda * x;", "let lambda = 10;"];
    expect(redeclared(cells)).toEqual([{ name: "lambda", first: 1, again: 2, used: 1 }]);
  });

  test("when a function of a cell between uses it, in a shorthand property too", () => {
    const cells = ["const costs = 1;", "function terms() { return { costs }; }", "const { costs } = other;"];
    expect(redeclared(cells)).toEqual([{ name: "costs", first: 1, again: 3, used: 2 }]);
  });

  test("when a class or a function declares it again", () => {
    const cells = ["function f() {}", "const g = () => f();", "class f {}"];
    expect(redeclared(cells)).toEqual([{ name: "f", first: 1, again: 3, used: 2 }]);
  });
});

describe("a name declared twice passes", () => {
  test.each([
    ["when no function uses it", ["let a = 1;\nconsole.log(a);", "let a = 2;"]],
    ["when functions of the first cell use a constant", ["const a = 1;\nconst f = () => a;", "const a = 2;"]],
    [
      "when the function declares one of its own",
      ["let a = 1;", "const f = (a: number) => a;", "let a = 2;"],
    ],
    ["when the name is that of a property", ["let a = 1;", "const f = (o: { a: 1 }) => o.a;", "let a = 2;"]],
    ["when only functions after it use it", ["let a = 1;", "let a = 2;", "const f = () => a;"]],
  ])("%s", (_, cells) => expect(redeclared(cells)).toEqual([]));
});

test.each(names)("%s declares no name again that functions in between use", (name) => {
  const notebook = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  expect(redeclared(code.map(({ source }) => [source].flat().join("")))).toEqual([]);
});
