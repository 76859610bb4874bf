import { beforeAll, expect, test } from "vitest";
import { type Cell, claimMime, figureMime, type Notebook, notebook, printed, shown } from "./notebooks.js";
import { script } from "./project.js";

interface Tally {
  readonly equal: number;
  readonly changed: number;
}

interface Comparison {
  readonly figures: Tally;
  readonly claims: Tally;
  readonly texts: Tally;
  readonly differences: readonly string[];
  readonly stale: string;
}

type Compare = (committed: Notebook, executed: Notebook, tolerance: number) => Comparison;

let compareNotebooks: Compare;
let sourceHash: (notebook: Notebook) => string;

beforeAll(async () => {
  ({ compareNotebooks } = await script<{ compareNotebooks: Compare }>("reproduce/compare.mjs"));
  ({ sourceHash } = await script<{ sourceHash(notebook: Notebook): string }>("reproduce/notebook.mjs"));
});

function executed(cells: readonly Cell[]): Notebook {
  return notebook(cells, sourceHash(notebook(cells)));
}

function compare(was: readonly Cell[], is: readonly Cell[], tolerance = 1e-6): Comparison {
  return compareNotebooks(executed(was), executed(is), tolerance);
}

function figureCell(
  y: readonly (number | null)[],
  title = "Mean-field is too narrow",
  name = "mean-field",
): Cell {
  const data = [
    { type: "scatter", name: "exact", x: [1, 2, 3], y: [1, 2, 3] },
    { type: "scatter", name, x: [1, 2, 3], y },
  ];
  const figure = { data, layout: { title: { text: title } } };
  return { source: "show(figure)", outputs: [shown({ [figureMime]: figure, "text/plain": "figure" })] };
}

function claimCell(claim: object): Cell {
  return { source: "claim()", outputs: [shown({ [claimMime]: claim, "text/plain": "✓" })] };
}

test("the same outputs are equal, each counted under its kind", () => {
  const cells = [
    figureCell([1, 2, 3]),
    claimCell({ text: "a", value: 1, held: true }),
    { source: "1", outputs: [printed("1")] },
  ];
  const { figures, claims, texts, differences, stale } = compare(cells, cells);
  expect({ figures, claims, texts, differences, stale }).toEqual({
    figures: { equal: 1, changed: 0 },
    claims: { equal: 1, changed: 0 },
    texts: { equal: 1, changed: 0 },
    differences: [],
    stale: "",
  });
});

test("a changed figure names its title, the trace and the largest deviation", () => {
  const { figures, differences } = compare([figureCell([1, 2, 4])], [figureCell([1, 2.02, 5])]);
  expect(figures).toEqual({ equal: 0, changed: 1 });
  expect(differences).toEqual([
    'cell 1: figure 1 "Mean-field is too narrow": trace 1 "mean-field", y[2]: was 4, is 5; largest deviation 2.0e-1, 2 values differ',
  ]);
});

test("numbers within the tolerance are equal, beyond it they are not", () => {
  const was = [figureCell([1, 2, 3])];
  expect(compare(was, [figureCell([1, 2, 3 * (1 + 5e-7)])]).differences).toEqual([]);
  expect(compare(was, [figureCell([1, 2, 3 * (1 + 5e-6)])]).differences).toHaveLength(1);
  expect(compare(was, [figureCell([1, 2, 3 * (1 + 5e-6)])], 1e-4).differences).toEqual([]);
});

test("rounding noise about zero counts by the size of its array, not by its own", () => {
  expect(compare([figureCell([1e-17, 2, 3])], [figureCell([-3e-17, 2, 3])]).differences).toEqual([]);
});

test("a gap that closes, a renamed trace, a new title and a lost point are differences", () => {
  const was = [figureCell([1, 2, 3])];
  expect(compare([figureCell([1, null, 3])], was).differences[0]).toContain("y[1]: was null, is 2");
  expect(compare(was, [figureCell([1, 2, 3], "Other")]).differences[0]).toContain(
    'layout.title.text: was "Mean-field',
  );
  expect(compare(was, [figureCell([1, 2, 3], undefined, "full")]).differences[0]).toContain(
    'name: was "mean-field", is "full"',
  );
  expect(compare(was, [figureCell([1, 2])]).differences[0]).toContain("y: was ");
});

test("an output that is missing or new is named", () => {
  const cell = { source: "show(figure)", outputs: [] };
  expect(compare([figureCell([1, 2, 3])], [cell]).differences).toEqual([
    'cell 1: figure 1 "Mean-field is too narrow" is missing',
  ]);
  const other = { source: "1", outputs: [printed("1")] };
  expect(compare([cell, other], [figureCell([1, 2, 3]), other]).differences).toEqual([
    'cell 1: figure 1 "Mean-field is too narrow" is new',
  ]);
});

test("a claim whose value moved is named, one that is measured may move", () => {
  const claim = { text: "coverage within 88–92 %", value: 0.9, low: 0.88, high: 0.92, held: true };
  const { claims, differences } = compare([claimCell(claim)], [claimCell({ ...claim, value: 0.91 })]);
  expect(claims).toEqual({ equal: 0, changed: 1 });
  expect(differences[0]).toMatch(/^cell 1: claim "coverage within 88–92 %": value: was 0.9, is 0.91/);
  const measured = { ...claim, measured: true };
  expect(compare([claimCell(measured)], [claimCell({ ...measured, value: 0.5 })]).differences).toEqual([]);
  expect(compare([claimCell(measured)], [claimCell({ ...measured, held: false })]).differences).toHaveLength(
    1,
  );
});

test("tables and printed text are compared letter by letter, unless their cell is tagged as varying", () => {
  const table = (value: string): Cell => ({
    source: "table()",
    outputs: [shown({ "text/html": `<table>\n<td>${value}</td></table>`, "text/plain": "" })],
  });
  expect(compare([table("1.00")], [table("1.01")]).differences[0]).toMatch(
    /^cell 1: table 1: line 2: was .*1\.00.*is .*1\.01/,
  );
  const versions = (text: string): Cell => ({
    source: "versions()",
    outputs: [printed(text)],
    tags: ["varies"],
  });
  expect(compare([versions("v20")], [versions("v22")]).differences).toEqual([]);
});

test("a notebook that was never executed, or whose sources changed, is stale", () => {
  const cells = [{ source: "1", outputs: [printed("1")] }];
  expect(compareNotebooks(notebook([{ source: "1" }]), executed(cells), 0).stale).toMatch(
    /^it was not executed yet/,
  );
  expect(compareNotebooks(notebook(cells), executed(cells), 0).stale).toMatch(/^its sources changed/);
});

test("options that contradict each other or make no sense are refused", async () => {
  type Parse = (args: readonly string[], env: Readonly<Record<string, string>>) => Record<string, unknown>;
  const { parseArguments } = await script<{ parseArguments: Parse }>("reproduce/arguments.mjs");
  expect(parseArguments(["01"], {})).toMatchObject({
    names: ["01"],
    backend: "wasm",
    compares: true,
    tolerance: 1e-6,
  });
  expect(parseArguments([], { VITRADE_BACKEND: "native" })).toMatchObject({ tolerance: 1e-3 });
  expect(parseArguments(["--quick"], {})).toMatchObject({ compares: false });
  expect(parseArguments([], { MARKET: "data", INIT_CWD: process.cwd() })).toMatchObject({
    market: `${process.cwd()}/data`,
    compares: false,
  });
  expect(() => parseArguments(["--fast"], {})).toThrow("unknown option --fast");
  expect(() => parseArguments(["--update", "--quick"], {})).toThrow("leave out --quick");
  expect(() => parseArguments([], { MARKET: "nowhere" })).toThrow(
    "MARKET: expected simulated, bybit or a folder",
  );
  expect(() => parseArguments([], { VITRADE_CELL_TIMEOUT: "soon" })).toThrow("VITRADE_CELL_TIMEOUT");
  expect(() => parseArguments(["--tolerance=x"], {})).toThrow("--tolerance");
});
