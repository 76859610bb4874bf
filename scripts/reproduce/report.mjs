import path from "node:path";
import { root } from "../setup/paths.mjs";
import { isReproduced } from "./compare.mjs";

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function changes({ equal, changed }) {
  return changed > 0 ? `${equal} equal, ${changed} changed` : `${equal} equal`;
}

/** How many claims held, did not, and say nothing of these bars. */
function counted(claims) {
  const applicable = claims.filter((claim) => claim.applicable !== false);
  const held = applicable.filter((claim) => claim.held).length;
  return { held, missed: applicable.length - held, silent: claims.length - applicable.length };
}

function claimColumn(result) {
  const { held, missed, silent } = counted(result.claims);
  const changed = result.comparison?.stale === "" ? result.comparison.claims.changed : 0;
  return [
    `${held} held`,
    missed > 0 && `${missed} not held`,
    silent > 0 && `${silent} not applicable`,
    changed > 0 && `${changed} changed`,
  ]
    .filter(Boolean)
    .join(", ");
}

function row(result) {
  const name = path.basename(result.file, ".ipynb");
  if (result.failure) return [name, result.cells, "failed", "", "", ""];
  const figures =
    result.comparison && !result.comparison.stale
      ? changes(result.comparison.figures)
      : `${result.figures} drawn`;
  const peak = (result.peakBytes / 1e6).toFixed(0);
  return [name, result.cells, figures, claimColumn(result), result.seconds.toFixed(1), peak].map(String);
}

/** Columns as wide as their widest entry, numbers to the right. */
function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => String(cells[i]).length)));
  const right = [false, true, false, false, true, true];
  const pad = (cell, i) => (right[i] ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]));
  return rows.map((cells) => cells.map(pad).join("  ").trimEnd()).join("\n");
}

const kinds = {
  exception: "stopped with an error",
  timeout: "took too long",
  output: "lost output",
  died: "lost its kernel",
  stderr: "wrote to standard error",
  setup: "could not be executed",
};

/** The reader's part of an error: without the frames of the kernel that ran the cell. */
function withoutKernelFrames(message) {
  const inside =
    /^\s+at .*(node_modules\/(tslab|@tslab)|node:|evalmachine|JupyterHandler)|^evalmachine|^\s*\^+\s*$/;
  const lines = message.split("\n").filter((line) => line.trim() !== "" && !inside.test(line));
  return lines.length > 12 ? [...lines.slice(0, 12), "…"] : lines;
}

/** Why a notebook stopped, and where what ran of it lies. */
export function failureLines({ file, failure, result }) {
  const where = failure.cell ? ` in cell ${failure.cell}` : "";
  const name = path.basename(file);
  const limit = failure.kind === "timeout" ? " (VITRADE_CELL_TIMEOUT sets the limit)" : "";
  return [
    `${name} ${kinds[failure.kind] ?? "failed"}${where}${limit}:`,
    ...failure.source.map((line) => `    | ${line}`),
    ...withoutKernelFrames(failure.message).map((line) => `    ${line}`),
    ...(failure.kept === undefined
      ? []
      : [
          `    ${count(failure.kept, "cell")} ran and ${failure.kept === 1 ? "is" : "are"} kept in ${inProject(result)}`,
        ]),
  ];
}

/** A file of the project as seen from its root. */
function inProject(file) {
  return path.relative(root, file);
}

function missedLines({ file, claims }) {
  return claims
    .filter((claim) => !claim.held && claim.applicable !== false)
    .map(({ text, value, low, high, cell }) => {
      const range =
        low === undefined
          ? ""
          : `: ${value ?? "a measured value"} is not in [${low ?? "−∞"}, ${high ?? "∞"}]`;
      return `${path.basename(file)}, cell ${cell}: claim does not hold: ${text}${range}`;
    });
}

const sum = (results, pick) => results.reduce((total, result) => total + pick(result), 0);

function summary(results, options) {
  const failed = results.filter(({ failure }) => failure).length;
  if (failed > 0) return `${count(failed, "notebook")} of ${results.length} failed`;
  const notebooks = count(results.length, "notebook");
  const { held, missed, silent } = counted(results.flatMap(({ claims }) => claims));
  if (options.update)
    return `${count(results.filter(({ written }) => written).length, "notebook")} of ${results.length} written`;
  if (!options.compares) {
    const how = options.quick ? "quickly" : `on ${options.market}`;
    const besides = silent > 0 ? `, ${silent} not applicable` : "";
    return `${notebooks} ran ${how}: ${count(held, "claim")} held, ${missed} did not${besides}; nothing was compared`;
  }
  const differing = results.filter(({ comparison }) => !isReproduced(comparison)).length;
  if (differing > 0) {
    return `${count(differing, "notebook")} of ${results.length} ${differing === 1 ? "differs" : "differ"} from the committed one`;
  }
  const figures = count(
    sum(results, (result) => result.comparison.figures.equal),
    "figure",
  );
  return `${notebooks} reproduced: ${figures} equal, ${count(held, "claim")} held`;
}

/**
 * Prints what came of the notebooks.
 * @returns {number} the exit code: 1 when a notebook failed, or differs from the committed one and is not to be updated
 */
export function report(results, options) {
  const header = ["notebook", "cells", "figures", "claims", "seconds", "peak MB"];
  console.log(`\n${table([header, ...results.map(row)])}\n`);
  const ran = results.filter(({ failure }) => !failure);
  for (const result of results.filter(({ failure }) => failure))
    console.log(failureLines(result)[0].replace(/:$/, ", as said above"));
  for (const line of ran.flatMap(missedLines)) console.log(line);
  for (const { file, comparison } of ran) {
    const stale = options.update || !comparison?.stale ? [] : [comparison.stale];
    for (const line of [...stale, ...(comparison?.differences ?? [])])
      console.log(`${path.basename(file)}, ${line}`);
  }
  if (!options.compares && !options.update && ran.length > 0)
    console.log(`the executed notebooks lie in ${inProject(path.dirname(ran[0].result))}`);
  console.log(summary(results, options));
  if (ran.length < results.length) return 1;
  const differs = ran.some(({ comparison }) => comparison && !isReproduced(comparison));
  return differs && !options.update ? 1 : 0;
}
