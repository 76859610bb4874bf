import { copyFileSync, readFileSync, renameSync } from "node:fs";
import { compareNotebooks, isReproduced } from "./compare.mjs";
import { openCompiler } from "./compiler.mjs";
import { openDrawer } from "./drawer.mjs";
import { readNotebook, shownCells } from "./notebook.mjs";
import { atOnce, showProgress, threadsEach } from "./progress.mjs";
import { failureLines } from "./report.mjs";
import { openExecutors, stopRuns } from "./run.mjs";

/** Puts the executed notebook in the place of the old one in one move, unless it is the same already. */
function replace(file, result) {
  if (readFileSync(file).equals(readFileSync(result))) return false;
  const draft = `${file}.${process.pid}.tmp`;
  copyFileSync(result, draft);
  renameSync(draft, file);
  return true;
}

function claimsOf(notebook) {
  return shownCells(notebook).flatMap(({ number, items }) =>
    items.filter(({ kind }) => kind === "claim").map(({ claim }) => ({ ...claim, cell: number })),
  );
}

function countFigures(notebook) {
  return shownCells(notebook).flatMap(({ items }) => items.filter(({ kind }) => kind === "figure")).length;
}

/** What came of one notebook: its run, and what the executed one shows beside the committed one. */
function judge(run, options) {
  if (run.failure) return run;
  const executed = readNotebook(run.result);
  const comparison = options.compares
    ? compareNotebooks(readNotebook(run.file), executed, options.tolerance)
    : null;
  const written = options.update && replace(run.file, run.result);
  return { ...run, figures: countFigures(executed), claims: claimsOf(executed), comparison, written };
}

function ending(result, options) {
  if (result.failure) return "failed";
  if (options.update) return result.written ? "written" : "unchanged";
  if (!options.compares) return "ran";
  return isReproduced(result.comparison) ? "reproduced" : "differs";
}

/**
 * Executes the notebooks, at most two at a time, which share the threads of the machine, and judges each; of one that stops the reason is printed at once.
 * @returns {Promise<object[]>} one result a notebook, in the order given
 */
export async function reproduce(files, options) {
  const progress = showProgress();
  const results = new Array(files.length);
  const together = Math.min(atOnce, files.length);
  const many = files.length > together;
  const [drawer, compiler] = many ? await Promise.all([openDrawer(), openCompiler()]) : [];
  const shared = { ...options, threads: threadsEach(Math.max(1, together)), drawer, compiler };
  if (drawer || compiler)
    progress.say([
      "Figures are drawn and cells compiled once for all notebooks; the memory of each is without it.",
    ]);
  const executors = openExecutors(shared);
  let next = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      stopRuns();
      process.exit(130);
    });
  }
  const worker = async () => {
    while (next < files.length) {
      const i = next++;
      progress.start(files[i]);
      const run = await executors.run(files[i], (event) => progress.update(files[i], event));
      results[i] = judge(run, options);
      progress.end(files[i], ending(results[i], options));
      if (run.failure) progress.say(failureLines(run));
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  executors.close();
  drawer?.close();
  compiler?.close();
  progress.close();
  return results;
}
