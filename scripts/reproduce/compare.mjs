import { isExecuted, shownCells, sourceHash } from "./notebook.mjs";
import { differences, shown, worst } from "./values.mjs";

/**
 * @typedef {object} Comparison
 * @property {{equal: number, changed: number}} figures
 * @property {{equal: number, changed: number}} claims
 * @property {{equal: number, changed: number}} texts  tables and printed text
 * @property {string[]} differences                    one sentence each
 * @property {string} stale                            why there is nothing to compare with; empty when there is
 */

function titleOf(figure) {
  const title = figure.layout?.title;
  const text = typeof title === "string" ? title : title?.text;
  return text ? `"${text.replace(/<[^>]*>/g, " ")}"` : "without a title";
}

function differenceLine(list) {
  const { path, was, is, deviation } = worst(list);
  const more = list.length > 1 ? `, ${list.length} values differ` : "";
  const most = Number.isFinite(deviation) ? `; largest deviation ${deviation.toExponential(1)}` : "";
  return `${path}: was ${shown(was)}, is ${shown(is)}${most}${more}`;
}

function traceLines(was, is, tolerance) {
  if (was.length !== is.length) return [`${is.length} traces, there were ${was.length}`];
  return was.flatMap((trace, i) => {
    const list = differences(trace, is[i], tolerance);
    const name = trace.name ? ` "${trace.name}"` : "";
    return list.length > 0 ? [`trace ${i}${name}, ${differenceLine(list)}`] : [];
  });
}

/** What differs between two figures, a line for each trace and one for the rest. */
export function figureDifferences(was, is, tolerance) {
  const { data: tracesBefore = [], ...before } = was;
  const { data: traces = [], ...rest } = is;
  const layout = differences(before, rest, tolerance);
  return [
    ...traceLines(tracesBefore, traces, tolerance),
    ...(layout.length > 0 ? [differenceLine(layout)] : []),
  ];
}

/** What differs between two claims; the value of a measured one may differ as it likes. */
function claimDifferences(was, is, tolerance) {
  const judged = ({ mode, ...claim }) => (claim.measured ? { ...claim, value: undefined } : claim);
  const list = differences(judged(was), judged(is), tolerance);
  return list.length > 0 ? [differenceLine(list)] : [];
}

function textDifferences(was, is) {
  if (was === is) return [];
  const [before, now] = [was.split("\n"), is.split("\n")];
  const line = Math.max(
    0,
    now.findIndex((text, i) => text !== before[i]),
  );
  let at = 0;
  const [a, b] = [before[line] ?? "", now[line] ?? ""];
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 20);
  return [`line ${line + 1}: was ${shown(a.slice(from, from + 50))}, is ${shown(b.slice(from, from + 50))}`];
}

const kinds = {
  figure: {
    name: (item, n) => `figure ${n} ${titleOf(item.figure)}`,
    compare: (was, is, tolerance) => figureDifferences(was.figure, is.figure, tolerance),
  },
  claim: {
    name: (item) => `claim "${item.claim.text}"`,
    compare: (was, is, tolerance) => claimDifferences(was.claim, is.claim, tolerance),
  },
  table: { name: (_, n) => `table ${n}`, compare: (was, is) => textDifferences(was.text, is.text) },
  text: { name: (_, n) => `text ${n}`, compare: (was, is) => textDifferences(was.text, is.text) },
};

function compareItems(kind, was, is, tolerance) {
  const { name, compare } = kinds[kind];
  return Array.from({ length: Math.max(was.length, is.length) }, (_, i) => {
    if (!is[i]) return [`${name(was[i], i + 1)} is missing`];
    if (!was[i]) return [`${name(is[i], i + 1)} is new`];
    return compare(was[i], is[i], tolerance).map((line) => `${name(was[i], i + 1)}: ${line}`);
  });
}

/** Why the committed notebook is no record of its own sources, if so. */
function staleness(committed) {
  if (!isExecuted(committed)) return "it was not executed yet: run it with --update";
  const stamped = committed.metadata?.vitrade?.sourceHash;
  return stamped === sourceHash(committed)
    ? ""
    : "its sources changed since it was executed: run it with --update";
}

/**
 * Compares the outputs of two executions of the same sources: figures and claims number by number, tables and text
 * letter by letter.
 * @param {number} tolerance  relative difference at which two numbers count as equal
 * @returns {Comparison}
 */
export function compareNotebooks(committed, executed, tolerance) {
  const count = {
    figure: { equal: 0, changed: 0 },
    claim: { equal: 0, changed: 0 },
    text: { equal: 0, changed: 0 },
  };
  const lines = [];
  const before = shownCells(committed);
  for (const { number, items } of shownCells(executed)) {
    for (const kind of Object.keys(kinds)) {
      const [was, is] = [before[number - 1]?.items ?? [], items].map((list) =>
        list.filter((it) => it.kind === kind),
      );
      for (const found of compareItems(kind, was, is, tolerance)) {
        count[kind === "table" ? "text" : kind][found.length > 0 ? "changed" : "equal"] += 1;
        lines.push(...found.map((line) => `cell ${number}: ${line}`));
      }
    }
  }
  const shared = { figures: count.figure, claims: count.claim, texts: count.text };
  return { ...shared, differences: isExecuted(committed) ? lines : [], stale: staleness(committed) };
}

/** Whether the committed notebook shows what its sources give today. */
export function isReproduced({ differences, stale }) {
  return differences.length === 0 && stale === "";
}
