/** Figures that come alive where they are looked at: Plotly is loaded with the first of them, once, from the site itself. */
import { fitted, settled } from "./narrow.mjs";

/** Wider, a figure only grows empty. */
const MOST_WIDTH = 1000;
/** Without a mouse a figure has no row of buttons: it would lie over the title for good. */
const buttons = () => (matchMedia("(hover: hover)").matches ? "hover" : false);
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

/** What a reader does first on a page: a figure that is in view when it opens stays a picture, and costs nothing, until then. */
const SIGNS = ["pointermove", "pointerdown", "scroll", "keydown"];

let moved;

function firstMove() {
  moved ??= new Promise((resolve) => {
    for (const sign of SIGNS) addEventListener(sign, resolve, { once: true, passive: true, capture: true });
  });
  return moved;
}

let seen;
let sized;

/** Watches the figures of the page that is shown, from the reader's first move on; those of the last one are let go. */
export async function reviveFigures(siteBase, dark) {
  [base, isDark] = [siteBase, dark];
  for (const figure of alive) if (!figure.node.isConnected) forget(figure);
  await firstMove();
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
  const width = Math.min(node.clientWidth, source.layout.width ?? MOST_WIDTH);
  if (!node.isConnected || node.clientWidth === 0 || (!anew && width === figure.width)) return;
  figure.width = width;
  const [Plotly, { darkFigure }] = await tools();
  const plain = JSON.parse(JSON.stringify(source));
  const { data, layout, legend } = fitted(isDark() ? darkFigure(plain) : plain, width);
  const plot = figure.plot ?? node.appendChild(document.createElement("div"));
  if (!figure.plot) plot.style.display = "none";
  await (figure.plot ? Plotly.react : Plotly.newPlot)(plot, data, layout, {
    ...CONFIG,
    displayModeBar: buttons(),
  });
  if (!figure.plot) {
    figure.plot = plot;
    plot.style.display = "";
    node.querySelector("img")?.remove();
  }
  const taken = plot.querySelector(".legend")?.getBoundingClientRect().height ?? 0;
  const change = settled(layout, legend, taken);
  if (change) await Plotly.relayout(plot, change);
  node.dataset.alive = "true";
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
