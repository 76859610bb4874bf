/** Outputs of a notebook's cell as HTML: figures as pictures that come alive, tables, checks folded, text. */
import { attribute, escaped, joined, oneBlock } from "./text.mjs";

const FIGURE = "application/vnd.plotly.v1+json";
const CLAIM = "application/vnd.vitrade.claim+json";

/** Outputs in their order; checks that follow one another stand under one line. */
export function outputsHtml(outputs, place) {
  const blocks = [];
  let checks = [];
  const endChecks = () => {
    if (checks.length > 0) blocks.push(checksHtml(checks));
    checks = [];
  };
  for (const output of outputs) {
    const claim = output.data?.[CLAIM];
    if (claim) {
      checks.push({ claim, text: joined(output.data["text/plain"]) });
      continue;
    }
    endChecks();
    const html = outputHtml(output, place);
    if (html) blocks.push(html);
  }
  endChecks();
  return blocks.join("\n\n");
}

function outputHtml(output, place) {
  if (output.output_type === "stream") return textHtml(joined(output.text));
  if (output.output_type === "error") return textHtml(`${output.ename}: ${output.evalue}`);
  const data = output.data ?? {};
  if (data[FIGURE]) return figureHtml(output, place);
  if (data["image/png"]) return pictureHtml(data, place);
  if (data["text/html"]) return tableHtml(joined(data["text/html"]));
  return textHtml(joined(data["text/plain"]));
}

/** A picture, and the address of the figure's data: the page's script draws these when the picture is looked at. */
function figureHtml({ data, metadata }, { name, base, figures }) {
  const number = figures.filter(({ path }) => path.endsWith(".json")).length + 1;
  const stem = `figures/${name}/${String(number).padStart(2, "0")}`;
  figures.push({ path: `${stem}.json`, content: JSON.stringify(data[FIGURE]) });
  figures.push({ path: `${stem}.png`, content: Buffer.from(joined(data["image/png"]), "base64") });
  const title = titleOf(data);
  const { width = 760, height = 420 } = metadata?.["image/png"] ?? {};
  const steps = data[FIGURE].layout?.sliders?.length > 0 ? ' data-slider="true"' : "";
  return [
    `<div class="vt-figure" data-figure="${base}${stem}.json" data-height="${data[FIGURE].layout?.height ?? height}"${steps} role="group" tabindex="0" aria-label="${attribute(title)}">`,
    `<img src="${base}${stem}.png" width="${width}" height="${height}" loading="lazy" decoding="async" alt="${attribute(title)}">`,
    "</div>",
  ].join("");
}

function titleOf(data) {
  const text = joined(data["text/plain"]).replace(/^\[figure: ([\s\S]*)\]$/, "$1");
  return text || "Figure";
}

function pictureHtml(data, { name, base, figures }) {
  const path = `figures/${name}/picture-${figures.length + 1}.png`;
  figures.push({ path, content: Buffer.from(joined(data["image/png"]), "base64") });
  return `<div class="vt-figure"><img src="${base}${path}" loading="lazy" alt="${attribute(titleOf(data))}"></div>`;
}

/** A table as the notebook made it; wide ones are moved sideways by themselves. */
function tableHtml(html) {
  const caption = /<caption>([\s\S]*?)<\/caption>/.exec(html)?.[1] ?? "table";
  const rules = /<script|<iframe|<object|<embed|<link|\son\w+\s*=/i;
  if (rules.test(html)) return textHtml(html.replace(/<[^>]*>/g, " "));
  return `<div class="vt-table" role="group" tabindex="0" aria-label="${oneBlock(caption.replaceAll('"', "&quot;"))}">${oneBlock(html)}</div>`;
}

function textHtml(text) {
  if (text.trim() === "") return "";
  return `<pre class="vt-text" tabindex="0">${oneBlock(escaped(text.trimEnd()))}</pre>`;
}

/** Checks under one line that counts them; those that do not hold, or were not asked, are named in it. */
function checksHtml(checks) {
  const failed = checks.filter(({ claim }) => claim.held === false).length;
  const held = checks.filter(({ claim }) => claim.held === true).length;
  const rest = checks.length - failed - held;
  const count = (n, what) => (n > 0 ? [`${n} ${n === 1 ? "check" : "checks"} ${what(n)}`] : []);
  const summary = [
    ...count(held, (n) => (n === 1 ? "holds" : "hold")),
    ...count(failed, (n) => (n === 1 ? "does not hold" : "do not hold")),
    ...count(rest, () => "not applicable"),
  ].join(", ");
  const lines = checks.map(({ text }) => `<li>${oneBlock(escaped(text))}</li>`).join("");
  const mark = failed > 0 ? "✗" : held > 0 ? "✓" : "·";
  return `<details class="vt-checks${failed > 0 ? " vt-failed" : ""}"><summary>${mark} ${summary}</summary><ul>${lines}</ul></details>`;
}
