/** What every committed notebook must be: executed in order, free of errors and machine traces, and small. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const folder = path.resolve(__dirname, "../../notebooks");
const namesIn = (part: string): string[] =>
  existsSync(path.join(folder, part))
    ? readdirSync(path.join(folder, part))
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => path.posix.join(part, name))
    : [];
const names = [...namesIn(""), ...namesIn("deep")];

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly vitrade?: { readonly sourceHash?: string }; readonly kernelspec?: object };
}

const sourceOf = (cell: Cell): string =>
  typeof cell.source === "string" ? cell.source : cell.source.join("");

/** The cell without its pictures, whose letters mean nothing. */
function textOf(cell: Cell): string {
  return JSON.stringify(cell, (key, value: unknown) => (key === "image/png" ? "" : value));
}

test("there is a first chapter", () => {
  expect(names.some((name) => name.startsWith("01-"))).toBe(true);
});

describe.each(names)("%s", (name) => {
  const file = path.join(folder, name);
  const notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
  const code = notebook.cells.filter((cell) => cell.cell_type === "code" && sourceOf(cell).trim() !== "");
  const outputs = code.flatMap((cell) => cell.outputs ?? []);

  test("was executed in order, 1 to n, on the TypeScript kernel", () => {
    expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, i) => i + 1));
    expect(notebook.metadata.kernelspec).toMatchObject({ name: "tslab", language: "typescript" });
  });

  test("was executed from the sources it holds", () => {
    const hash = createHash("sha256");
    for (const cell of notebook.cells) hash.update(`${cell.cell_type}\n${sourceOf(cell)}\0`);
    expect(notebook.metadata.vitrade?.sourceHash).toBe(hash.digest("hex"));
  });

  test("shows no error and nothing on standard error", () => {
    expect(outputs.filter((output) => output.output_type === "error" || output.name === "stderr")).toEqual(
      [],
    );
  });

  test("names no place on the machine that executed it", () => {
    for (const cell of notebook.cells) expect(textOf(cell)).not.toMatch(/\/(root|home|tmp|work|Users)\//);
  });

  test("writes the minus of a number in a sentence as a minus and not as a hyphen", () => {
    const sentences = outputs.map(({ data }) => [data?.["text/markdown"] ?? ""].flat().join(""));
    for (const sentence of sentences) expect(sentence).not.toMatch(/(?<![\w."])-\d/);
  });

  test("is at most 2 MB, each figure at most 200 kB", () => {
    expect(statSync(file).size).toBeLessThanOrEqual(2_000_000);
    for (const { data } of outputs) {
      if (data?.["application/vnd.plotly.v1+json"])
        expect(JSON.stringify(data).length).toBeLessThanOrEqual(200_000);
    }
  });

  test("imports from vitrade only", () => {
    const imports = code.flatMap((cell) => [
      ...sourceOf(cell).matchAll(
        /\bfrom\s*["']([^"'\s()]+)["']|\b(?:import|require)\s*\(?\s*["']([^"'\s()]+)["']/g,
      ),
    ]);
    expect(imports.map((found) => found[1] ?? found[2]).filter((module) => module !== "vitrade")).toEqual([]);
  });

  test("has code cells of at most 18 lines, without any and without switched-off checks", () => {
    for (const source of code.map(sourceOf)) {
      expect(source.trimEnd().split("\n").length, source).toBeLessThanOrEqual(18);
      expect(source).not.toMatch(/[:<|&,(]\s*any\b|\bas any\b|@ts-(ignore|expect-error|nocheck)/);
    }
  });
});

test.each(namesIn(""))(
  "VI-111: %s says what it needs, where to read on, and that it is no advice",
  (name) => {
    const { cells } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Notebook;
    const prose = cells.filter(({ cell_type }) => cell_type === "markdown").map(sourceOf);
    const said = prose.join("\n");
    expect(said).toMatch(/You need /);
    expect(said).toMatch(/^## Further reading$/m);
    expect(said).toMatch(/for education only/i);
  },
);
