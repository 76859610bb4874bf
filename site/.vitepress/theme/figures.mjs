/** Figures that come alive where they are looked at: Plotly is loaded with the first of them, once, from the site itself. */

/** Narrower, a figure keeps this width and is moved sideways within its frame. */
const LEAST_WIDTH = 600;
const CONFIG = {
  displaylogo: false,
  plotlyServerURL: "",
  showSendToCloud: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d"],
  responsive: false,
};

let loading;
let base = "/";
let isDark = () => false;
const alive = new Set();

/** Plotly and the dark theme. */
function tools() {
  loading ??= Promise.all([plotly(), import(/* @vite-ignore */ `${base}dark.js`)]);
  return loading;
}

function plotly() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base}plotly.js`;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`${script.src} did not load`));
    document.head.append(script);
  });
}

let seen;
let sized;

/** Watches the figures of the page that is shown; those of the last one are let go. */
export function reviveFigures(siteBase, dark) {
  [base, isDark] = [siteBase, dark];
  for (const figure of alive) if (!figure.node.isConnected) forget(figure);
  seen ??= new IntersectionObserver(enter, { rootMargin: "150px" });
  sized ??= new ResizeObserver((entries) => {
    for (const { target } of entries) for (const figure of alive) if (figure.node === target) draw(figure);
  });
  for (const node of document.querySelectorAll(".vt-figure[data-figure]:not([data-watched])")) {
    node.dataset.watched = "true";
    seen.observe(node);
  }
}

function enter(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    revive(target).catch((error) => console.warn("the picture stands for the figure:", error));
  }
}

async function revive(node) {
  const [answer] = await Promise.all([fetch(node.dataset.figure), tools()]);
  if (!answer.ok) throw new Error(`${node.dataset.figure}: ${answer.status}`);
  const figure = { node, source: await answer.json(), width: 0 };
  alive.add(figure);
  await draw(figure);
  sized.observe(node);
}

/** Draws a figure at the width there is; the picture stays until it is done. */
async function draw(figure, anew = false) {
  const { node, source } = figure;
  const width = Math.max(LEAST_WIDTH, Math.min(node.clientWidth, source.layout.width ?? 1000));
  if (!node.isConnected || node.clientWidth === 0 || (!anew && width === figure.width)) return;
  figure.width = width;
  const [Plotly, { darkFigure }] = await tools();
  const plain = JSON.parse(JSON.stringify(source));
  const { data, layout } = isDark() ? darkFigure(plain) : plain;
  const fitted = titled({ ...layout, width: Math.max(width, source.layout.width ?? 0) });
  const plot = figure.plot ?? node.appendChild(document.createElement("div"));
  if (!figure.plot) plot.style.display = "none";
  await (figure.plot ? Plotly.react : Plotly.newPlot)(plot, data, fitted, CONFIG);
  if (figure.plot) return;
  figure.plot = plot;
  plot.style.display = "";
  node.querySelector("img")?.remove();
  node.dataset.alive = "true";
}

/** Pixels of a title: a letter's mean width, a line's height, what is left free at both sides, and the room above it. */
const TITLE = { letter: 8.9, line: 21, sides: 32, top: 14 };

/** The layout with its title in lines of its own width: they were those of a picture. */
function titled(layout) {
  const written = layout.title?.text;
  if (!written) return layout;
  const [before, words] = [written.split("<br>").length, written.split(/<br>|\s+/)];
  const room = (layout.width - TITLE.sides) / TITLE.letter;
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== "" && line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  const more = Math.max(0, lines.length - before) * TITLE.line;
  const pad = { ...layout.title.pad, t: TITLE.top + ((lines.length - 1) * TITLE.line) / 2 };
  return {
    ...{ ...layout, height: (layout.height ?? 420) + more },
    margin: { ...layout.margin, t: (layout.margin?.t ?? 60) + more },
    title: { ...layout.title, text: lines.join("<br>"), pad },
  };
}

function forget(figure) {
  alive.delete(figure);
  sized.unobserve(figure.node);
  if (figure.plot) window.Plotly.purge(figure.plot);
}

/** All figures in the theme that the page has now. */
export function themeFigures() {
  for (const figure of alive) draw(figure, true);
}
