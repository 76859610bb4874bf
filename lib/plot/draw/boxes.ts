/** Places of SVG elements, which a browser knows and jsdom does not. */
import { svgPathProperties as PathProperties } from "svg-path-properties";
import { compose, IDENTITY, type Matrix, parseTransform } from "./matrix.js";
import { textLines } from "./textLines.js";

/** A rectangle as both getBBox and getBoundingClientRect give it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Corner = readonly [x: number, y: number];
type Measurable = ReturnType<typeof path>;

const HIDDEN = new Set(["defs", "clipPath", "title", "style"]);
const paths = new Map<string, Measurable>();

/** The box in the element's own coordinates. */
export function boxOf(element: Element): Box {
  return around(corners(element, IDENTITY, false));
}

/** The box on the page. */
export function boxOnPage(element: Element): Box {
  let matrix = IDENTITY;
  for (let up = element.parentElement; up; up = up.parentElement) {
    matrix = compose(parseTransform(up.getAttribute("transform")), matrix);
  }
  return around(corners(element, matrix, true));
}

/** Length and points of a path's outline; those of an empty path are zero. */
export function path(outline: string | null): {
  length: number;
  at: (length: number) => { x: number; y: number };
} {
  const text = outline || "M0,0";
  const known = paths.get(text);
  if (known) return known;
  const properties = new PathProperties(text);
  const measured = {
    length: properties.getTotalLength(),
    at: (length: number) => properties.getPointAtLength(length),
  };
  if (paths.size > 500) paths.clear();
  paths.set(text, measured);
  return measured;
}

function around(points: readonly Corner[]): Box {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0, left: 0, top: 0, right: 0, bottom: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left, height: bottom - top, left, top, right, bottom };
}

/** Points whose box is the element's; `own` says whether its own transform counts. */
function corners(element: Element, outer: Matrix, own: boolean): Corner[] {
  if (HIDDEN.has(element.nodeName) || /display:\s*none/.test(element.getAttribute("style") ?? "")) return [];
  const matrix = own ? compose(outer, parseTransform(element.getAttribute("transform"))) : outer;
  const shape = shapePoints(element);
  if (!shape) return Array.from(element.children).flatMap((child) => corners(child, matrix, true));
  const [a, b, c, d, e, f] = matrix;
  return shape.map(([x, y]) => [a * x + c * y + e, b * x + d * y + f]);
}

function shapePoints(element: Element): Corner[] | undefined {
  const number = (name: string): number => Number.parseFloat(element.getAttribute(name) ?? "") || 0;
  switch (element.nodeName) {
    case "text":
    case "tspan":
      return textLines(element).flatMap((line) => rectangle(line.left, line.top, line.width, line.height));
    case "rect":
    case "image":
    case "foreignObject":
      return rectangle(number("x"), number("y"), number("width"), number("height"));
    case "circle": {
      const r = number("r");
      return rectangle(number("cx") - r, number("cy") - r, 2 * r, 2 * r);
    }
    case "line":
      return [
        [number("x1"), number("y1")],
        [number("x2"), number("y2")],
      ];
    case "path":
      return pathPoints(element.getAttribute("d"));
    default:
      return undefined;
  }
}

function rectangle(x: number, y: number, width: number, height: number): Corner[] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
}

/** Points along the outline, as many as it has parts: near enough for symbols and lines. */
function pathPoints(outline: string | null): Corner[] {
  if (!outline) return [];
  const { length, at } = path(outline);
  const count = Math.min(64, Math.max(8, outline.match(/[a-z]/gi)?.length ?? 0));
  return Array.from({ length: count + 1 }, (_, i) => {
    const { x, y } = at((length * i) / count);
    return [x, y] as const;
  });
}
