/** A window for Plotly: jsdom, with the geometry, the canvas and the seeded randomness it lacks. */
import { readFileSync } from "node:fs";
import { type DOMWindow, JSDOM, VirtualConsole } from "jsdom";
import { type Key, stream } from "../../core/index.js";
import { boxOf, boxOnPage, path } from "./boxes.js";
import { Context } from "./canvas.js";
import { parseTransform } from "./matrix.js";
import { textLines } from "./textLines.js";

/** What the picture needs of Plotly. */
export interface Plotly {
  toImage(figure: unknown, options: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A window that has loaded Plotly. */
export interface PlotlyWindow {
  readonly plotly: Plotly;
  /** JSON to an object of the window's own kind. */
  readonly parse: (json: string) => unknown;
  /** Starts the window's randomness (clip-path names and the like) afresh. */
  readonly seed: (key: Key) => void;
}

/** Opens a window and loads Plotly into it: about a second. */
export function openWindow(): PlotlyWindow {
  const { window } = new JSDOM("<!DOCTYPE html><html><head></head><body></body></html>", {
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
  });
  giveGeometry(window);
  giveCanvas(window);
  let draw = (): number => 0.5;
  Object.assign(window.Math, { random: () => draw() });
  Object.assign(window.URL, { createObjectURL: () => "", revokeObjectURL: () => {} });
  Object.assign(window, { Uint8ClampedArray });
  window.eval(readFileSync(require.resolve("plotly.js-dist"), "utf8"));
  const { Plotly } = window as unknown as { Plotly: Plotly };
  return {
    plotly: Plotly,
    parse: (json) => window.JSON.parse(json),
    seed: (key) => {
      draw = stream(key).uniform;
    },
  };
}

function giveGeometry(window: DOMWindow): void {
  const outline = (element: Element): ReturnType<typeof path> => path(element.getAttribute("d"));
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return boxOf(this);
    },
    getBoundingClientRect(this: Element) {
      return boxOnPage(this);
    },
    getComputedTextLength(this: Element) {
      return Math.max(0, ...textLines(this).map((line) => line.width));
    },
    getTotalLength(this: Element) {
      return outline(this).length;
    },
    getPointAtLength(this: Element, length: number) {
      return outline(this).at(length);
    },
  });
  Object.defineProperty(window.SVGElement.prototype, "transform", {
    configurable: true,
    get(this: Element) {
      return { baseVal: { consolidate: () => consolidated(this.getAttribute("transform")) } };
    },
  });
}

function consolidated(transform: string | null): { matrix: Record<string, number> } | null {
  if (!transform) return null;
  const [a, b, c, d, e, f] = parseTransform(transform);
  return { matrix: { a, b, c, d, e, f } };
}

function giveCanvas(window: DOMWindow): void {
  const contexts = new WeakMap<HTMLCanvasElement, Context>();
  const contextOf = (canvas: HTMLCanvasElement): Context => {
    const context = contexts.get(canvas) ?? new Context(canvas);
    contexts.set(canvas, context);
    return context;
  };
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string) {
      return kind === "2d" ? contextOf(this) : null;
    },
    toDataURL(this: HTMLCanvasElement) {
      return `data:image/png;base64,${contextOf(this).toPng().toString("base64")}`;
    },
  });
}
