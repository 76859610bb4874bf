/** A report as one HTML file that holds all it shows: texts, tables, and figures as pictures that come alive. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { canonical, type Figure, SIZE } from "../../plot/index.js";
import { formatTable, type Row, type TableOptions } from "../../plot/notebook/index.js";
import { VIEWER } from "./viewer.js";

/** A part of a report. Texts are plain. */
export type Block =
  | { readonly kind: "text"; readonly text: string; readonly isWarning?: boolean }
  | { readonly kind: "table"; readonly rows: readonly Row[]; readonly options?: TableOptions }
  | { readonly kind: "figure"; readonly figure: Figure; readonly caption: string };

export interface Report {
  readonly title: string;
  readonly sections: readonly { readonly heading: string; readonly blocks: readonly Block[] }[];
}

/**
 * The HTML of a report; it asks no host for anything.
 * @param isStatic  whether figures stay pictures (SVG): a few hundred kilobytes in place of some three megabytes
 */
export async function reportPage(report: Report, isStatic: boolean): Promise<string> {
  const sections: string[] = [];
  for (const { heading, blocks } of report.sections) {
    const parts: string[] = [];
    for (const block of blocks) parts.push(await blockHtml(block, isStatic));
    sections.push(`<section><h2>${escaped(heading)}</h2>${parts.join("\n")}</section>`);
  }
  const title = escaped(report.title);
  return [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<title>${title}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${title}</h1>${sections.join("\n")}</main>`,
    ...(isStatic ? [] : [plotlyScript()]),
    "</body></html>\n",
  ].join("\n");
}

/** What the page may do: use what stands in it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";

async function blockHtml(block: Block, isStatic: boolean): Promise<string> {
  if (block.kind === "text")
    return `<p${block.isWarning ? ' class="warning"' : ""}>${escaped(block.text)}</p>`;
  if (block.kind === "table") {
    const { html } = formatTable(block.rows, { maxRows: block.rows.length, ...block.options });
    return `<div class="wide" tabindex="0">${html}</div>`;
  }
  return figureHtml(block, isStatic);
}

async function figureHtml(
  { figure, caption }: Block & { kind: "figure" },
  isStatic: boolean,
): Promise<string> {
  const { drawSvg } = await import("../../plot/draw/index.js");
  const width = Number(figure.layout.width ?? SIZE.width);
  const height = Number(figure.layout.height ?? SIZE.height);
  const svg = Buffer.from(await drawSvg(figure, { width, height })).toString("base64");
  const picture = `<img src="data:image/svg+xml;base64,${svg}" width="${width}" height="${height}" alt="${escaped(caption)}">`;
  const data = isStatic ? "" : `<script type="application/json">${scriptText(canonical(figure))}</script>`;
  return `<figure class="wide" tabindex="0"><div class="figure">${picture}${data}</div><figcaption>${escaped(caption)}</figcaption></figure>`;
}

/** JSON within a script element, which nothing in it can end. */
function scriptText(value: object): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** Plotly, compressed, and what draws the figures with it. */
function plotlyScript(): string {
  const code = gzipSync(readFileSync(require.resolve("plotly.js-dist")), { level: 9 }).toString("base64");
  return `<script type="text/plain" id="plotly">${code}</script><script>${VIEWER}</script>`;
}

/** Text in HTML, between tags and in attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #222; font: 16px/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { margin: 8px 0 16px; font-size: 26px; line-height: 1.25; }
h2 { margin: 36px 0 8px; padding-top: 12px; border-top: 1px solid #d7d7dc; font-size: 19px; }
p { max-width: 46em; margin: 8px 0; overflow-wrap: anywhere; }
.warning { padding: 8px 12px; border-left: 4px solid #a4262c; background: #fbeaea; }
.wide { max-width: 100%; overflow-x: auto; margin: 12px 0; }
.figure img { display: block; max-width: 100%; height: auto; }
figcaption { color: #55555f; font-size: 14px; max-width: 52em; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 6px; color: #55555f; text-align: left; }
th, td { padding: 4px 12px; border-bottom: 1px solid #e4e4e8; white-space: nowrap; }
`;
