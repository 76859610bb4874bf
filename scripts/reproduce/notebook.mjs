import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ArgumentProblem } from "./arguments.mjs";

const FIGURE = "application/vnd.plotly.v1+json";
const CLAIM = "application/vnd.vitrade.claim+json";
const CHECKS = "application/vnd.vitrade.checks+json";

/** Notebook files hold text as one string or as a list of lines. */
function joined(text) {
  return Array.isArray(text) ? text.join("") : text;
}

export function readNotebook(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** SHA-256 over each cell's type and source, in order: as `execute.py` stamps it. */
export function sourceHash(notebook) {
  const hash = createHash("sha256");
  for (const cell of notebook.cells) hash.update(`${cell.cell_type}\n${joined(cell.source)}\0`);
  return hash.digest("hex");
}

/** The files of a folder that are named as chapters and deep dives are, sorted; [] where there is no such folder. */
function numbered(folder) {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  return present.filter((name) => /^\d\d-.*\.ipynb$/.test(name)).sort();
}

/**
 * The notebooks asked for, as paths: "03" is a chapter, "deep/03" all of its deep dives; all of both when `names` is empty.
 * @throws ArgumentProblem when a name fits no notebook
 */
export function chooseNotebooks(folder, names) {
  const all = [...numbered(folder), ...numbered(path.join(folder, "deep")).map((name) => `deep/${name}`)];
  if (all.length === 0) throw new ArgumentProblem("there is no notebook in notebooks/");
  const chosen = names.flatMap((name) => {
    const isDeep = path.basename(path.dirname(name)) === "deep";
    const wanted = path.basename(name, ".ipynb").replace(/^(\d)$/, "0$1");
    const found = all.filter((file) => file.startsWith(isDeep ? `deep/${wanted}` : wanted));
    if (found.length > 0) return found;
    throw new ArgumentProblem(`no notebook ${name}; there is ${all.join(", ")}`);
  });
  return [...new Set(names.length > 0 ? chosen : all)].sort().map((name) => path.join(folder, name));
}

/** One output as what it is to a reader, a figure, claims, a table or text; errors count as text. */
function itemsOf(output) {
  const checks = output.data?.[CHECKS];
  if (!checks) return [item(output)];
  return checks.checks.map((claim) => ({ kind: "claim", claim: { ...claim, mode: checks.mode } }));
}

function item(output) {
  if (output.output_type === "stream") return { kind: "text", text: joined(output.text) };
  if (output.output_type === "error") return { kind: "text", text: `${output.ename}: ${output.evalue}` };
  const data = output.data ?? {};
  if (data[FIGURE]) return { kind: "figure", figure: data[FIGURE] };
  if (data[CLAIM]) return { kind: "claim", claim: data[CLAIM] };
  if (data["text/html"]) return { kind: "table", text: joined(data["text/html"]) };
  return { kind: "text", text: joined(data["text/plain"] ?? "") };
}

/**
 * The code cells with a source, numbered 1..n, and what each shows. A cell tagged `varies` (versions, timings) shows
 * nothing that could be compared.
 */
export function shownCells(notebook) {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "")
    .map((cell, i) => {
      const varies = cell.metadata?.tags?.includes("varies") ?? false;
      const items = (cell.outputs ?? []).flatMap(itemsOf);
      const timed = cell.metadata?.tags?.includes("timed") ?? false;
      const isCompared = ({ kind }) => kind === "claim" || (kind === "figure" && !timed);
      const compared = varies || timed ? items.filter(isCompared) : items;
      return { number: i + 1, items: compared };
    });
}

/** Whether the notebook was executed at all. */
export function isExecuted(notebook) {
  return notebook.cells.some((cell) => cell.cell_type === "code" && (cell.outputs ?? []).length > 0);
}
