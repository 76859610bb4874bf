/**
 * `npm run notebooks`: how readable each notebook is, by numbers that can be counted, and which it misses.
 *
 * `-- --strict` ends with 1 when a notebook is outside the limits; names pick notebooks: `npm run notebooks -- 03`.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { unsourcedNumbers } from "./notebooks/numbers.mjs";
import { inRoot } from "./setup/paths.mjs";

/** Limits of a chapter and of a deep dive. */
const limits = {
  cells: 25,
  linesOfCell: 10,
  columns: 100,
  wordsALine: { chapter: 20, deep: 8 },
  figures: { chapter: 5, deep: 0 },
  sliders: { chapter: 1, deep: 0 },
  silentCells: 2,
  unsourced: 0,
};

/** What stands beside the reading, folded: everything else is read, the first cell too. */
const aside = new Set(["check", "solution"]);

const textOf = (source) => (Array.isArray(source) ? source.join("") : source);
const tagsOf = (cell) => cell.metadata?.tags ?? [];
const isAside = (cell) => tagsOf(cell).some((tag) => aside.has(tag));

function wordsOf(markdown) {
  const prose = markdown
    .replace(/\$\$[\s\S]*?\$\$/g, " ")
    .replace(/\$[^$\n]*\$/g, " x ")
    .replace(/```[\s\S]*?```/g, " ")
    .replace(/[|#*_`>\-–—=]/g, " ");
  return prose.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word)).length;
}

const linesOf = (cell) =>
  textOf(cell.source)
    .split("\n")
    .filter((line) => line.trim() !== "");

const mimesOf = (cell) => (cell.outputs ?? []).flatMap((out) => Object.keys(out.data ?? {}));

/** The figures of a cell, and how many of them have a control that works without a kernel. */
function figuresOf(cell) {
  const found = (cell.outputs ?? [])
    .map((out) => out.data?.["application/vnd.plotly.v1+json"])
    .filter((figure) => figure !== undefined);
  const moved = found.filter(
    ({ layout }) => (layout?.sliders?.length ?? 0) + (layout?.updatemenus?.length ?? 0) > 0,
  );
  return { figures: found.length, sliders: moved.length };
}

/** Names in braces of the imports: rooms, not functions, in a chapter for readers. */
function importedNames(code) {
  const blocks = [...code.matchAll(/import\s*(?:type\s*)?\{([^}]*)\}/g)].map(([, names]) => names);
  return blocks.flatMap((names) => names.split(",")).filter((name) => name.trim() !== "").length;
}

function measure(file, kind) {
  const { cells } = JSON.parse(readFileSync(file, "utf8"));
  const all = cells.filter((cell) => cell.cell_type === "code" && textOf(cell.source).trim() !== "");
  const code = all.filter((cell) => !isAside(cell));
  const markdown = cells.filter((cell) => cell.cell_type === "markdown").map((cell) => textOf(cell.source));
  const lines = code.flatMap(linesOf);
  const drawn = all.map(figuresOf);
  const sum = (of) => drawn.reduce((total, one) => total + one[of], 0);
  return {
    notebook: path.basename(file, ".ipynb"),
    kind,
    cells: code.length,
    linesOfCell: Math.max(0, ...code.map((cell) => linesOf(cell).length)),
    columns: Math.max(0, ...all.flatMap(linesOf).map((line) => [...line].length)),
    wordsALine:
      Math.round(10 * (markdown.reduce((n, text) => n + wordsOf(text), 0) / Math.max(1, lines.length))) / 10,
    imports: importedNames(all.map((cell) => textOf(cell.source)).join("\n")),
    // the first cell imports: it has nothing to show
    silentCells: code.slice(1).filter((cell) => (cell.outputs ?? []).length === 0).length,
    figures: sum("figures"),
    sliders: sum("sliders"),
    checks: all.flatMap(mimesOf).filter((mime) => /vnd\.vitrade\.(claim|checks)\+json/.test(mime)).length,
    unsourced: unsourcedNumbers(cells),
  };
}

/** What of a notebook is outside the limits, as sentences. */
function misses(of) {
  const found = [];
  const most = (name, limit, words) => {
    if (of[name] > limit) found.push(`${words}: ${of[name]}, at most ${limit}`);
  };
  const least = (name, limit, words) => {
    if (of[name] < limit) found.push(`${words}: ${of[name]}, at least ${limit}`);
  };
  most("cells", limits.cells, "code cells");
  most("linesOfCell", limits.linesOfCell, "lines of the longest cell");
  most("columns", limits.columns, "columns of the longest line");
  least("wordsALine", limits.wordsALine[of.kind], "words of prose a line of code");
  least("figures", limits.figures[of.kind], "figures");
  least("sliders", limits.sliders[of.kind], "figures with a control");
  most("silentCells", limits.silentCells, "cells without output");
  if (of.unsourced.length > limits.unsourced) {
    const shown = of.unsourced.slice(0, 12).map(({ number, cell }) => `${number} (cell ${cell})`);
    found.push(`numbers in prose that no output shows: ${of.unsourced.length}, such as ${shown.join(", ")}`);
  }
  return found;
}

const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith("--"));
const folders = [
  ["chapter", inRoot("notebooks")],
  ["deep", inRoot("notebooks/deep")],
];
const reports = folders.flatMap(([kind, folder]) => {
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  } catch {
    return [];
  }
  return names
    .filter((name) => wanted.length === 0 || wanted.some((want) => name.startsWith(want)))
    .sort()
    .map((name) => measure(path.join(folder, name), kind));
});

console.table(
  Object.fromEntries(
    reports.map(({ notebook, unsourced, ...rest }) => [notebook, { ...rest, unsourced: unsourced.length }]),
  ),
);
let outside = 0;
for (const report of reports) {
  const found = misses(report);
  outside += found.length;
  for (const sentence of found) console.log(`${report.notebook}: ${sentence}`);
}
console.log(outside === 0 ? "every notebook is inside the limits" : `${outside} limits missed`);
if (args.includes("--strict") && outside > 0) process.exitCode = 1;
