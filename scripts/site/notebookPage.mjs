/** An executed notebook as a page: Markdown for the prose, HTML for code and outputs, and its figures as files. */
import { outputsHtml } from "./outputs.mjs";
import { attribute, joined } from "./text.mjs";

/**
 * @param notebook  executed, in nbformat 4
 * @param name      of the page, without ending; names its figures' files too
 * @param file      of the notebook, from the project's root
 * @param base      the site's path, "/" or "/course/"
 * @returns {{title: string, question: string, markdown: string, code: number, figures: {path: string, content: string | Buffer}[]}}
 */
export function notebookPage(notebook, { name, file, base = "/" }) {
  const figures = [];
  const place = { name, base, figures };
  const parts = notebook.cells.map((cell, i) => {
    if (cell.cell_type === "markdown")
      return i === 0 ? opened(joined(cell.source), file) : joined(cell.source);
    if (cell.cell_type !== "code" || joined(cell.source).trim() === "") return "";
    return [codeBlock(joined(cell.source)), outputsHtml(cell.outputs ?? [], place)]
      .filter(Boolean)
      .join("\n\n");
  });
  const prose = notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .map(({ source }) => joined(source));
  const title = /^#\s+(.+)$/m.exec(prose.join("\n"))?.[1] ?? name;
  return {
    title,
    question: questionOf(prose[0] ?? ""),
    markdown: `${parts.filter(Boolean).join("\n\n")}\n`,
    code: notebook.cells.filter((cell) => cell.cell_type === "code").length,
    figures,
  };
}

/** The first cell, with what to do to run the notebook below its title. */
function opened(source, file) {
  // a chapter by its number, a deep dive by its name: its number stands for all of a chapter's
  const name =
    /^notebooks\/(\d\d)-[^/]*$/.exec(file)?.[1] ?? /^notebooks\/(deep\/[^/]+)\.ipynb$/.exec(file)?.[1];
  const again = name ? ` Execute it again: <code>npm run reproduce -- ${name}</code>.` : "";
  const bar = [
    '<div class="vt-open">',
    `<p>Open in Jupyter: <code>npm start</code>, then <code>${attribute(file)}</code>.${again}</p>`,
    '<button type="button" class="vt-unfold" aria-pressed="false">Show all code</button>',
    "</div>",
  ].join("");
  const end = /^#\s+.+$/m.exec(source);
  if (!end) return `${bar}\n\n${source}`;
  const at = end.index + end[0].length;
  return `${source.slice(0, at)}\n\n${bar}\n${source.slice(at)}`;
}

/** The sentence in bold that says what the chapter asks, without its "The question of this chapter". */
function questionOf(source) {
  const bold = /\*\*(?:The question of this chapter:\s*)?([^*]+\?)\*\*/.exec(source)?.[1] ?? "";
  return bold.charAt(0).toUpperCase() + bold.slice(1);
}

function codeBlock(source) {
  const lines = source.trimEnd().split("\n").length;
  const fence = "`".repeat(Math.max(3, ...[...source.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  const label = `Code, ${lines} ${lines === 1 ? "line" : "lines"}`;
  return [
    `<details class="vt-code"><summary>${label}</summary>`,
    "",
    `${fence}ts`,
    source.trimEnd(),
    fence,
    "",
    "</details>",
  ].join("\n");
}
