/** Places of the lines of an SVG text. */
import { advance, extent } from "./font.js";

/** One line of text in the coordinates of its element. */
export interface TextLine {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface OpenLine {
  readonly x: number;
  readonly baseline: number;
  readonly anchor: string;
  width: number;
  size: number;
}

/** Where along a line its x lies; of an anchor that SVG does not know, such as "left", at the start. */
const ANCHORS: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };
const TEXT_NODE = 3;
const ELEMENT_NODE = 1;

/** The lines of a text or tspan element: a child with its own x or y starts a new one. */
export function textLines(element: Element): TextLine[] {
  const size = fontSize(element);
  const lines: OpenLine[] = [];
  open(lines, element, { x: 0, baseline: 0 }, size);
  fill(lines, element);
  const { ascent, descent } = extent();
  return lines
    .filter((line) => line.width > 0)
    .map((line) => ({
      left: line.x - (ANCHORS[line.anchor] ?? 0) * line.width,
      top: line.baseline - ascent * line.size,
      width: line.width,
      height: (ascent + descent) * line.size,
    }));
}

/** Starts a line where the element says, or else at `from`. */
function open(
  lines: OpenLine[],
  element: Element,
  from: { x: number; baseline: number },
  size: number,
): void {
  const at = (name: string): number | undefined => length(element.getAttribute(name), size);
  lines.push({
    x: at("x") ?? from.x,
    baseline: (at("y") ?? from.baseline) + (at("dy") ?? 0),
    anchor: inherited(element, "text-anchor") ?? "start",
    width: 0,
    size: 0,
  });
}

function fill(lines: OpenLine[], element: Element): void {
  for (const node of Array.from(element.childNodes)) {
    const line = lines[lines.length - 1]!;
    if (node.nodeType === TEXT_NODE) {
      const text = (node.nodeValue ?? "").replaceAll("\u200b", "");
      const size = fontSize(element);
      line.width += advance(text, size, inherited(element, "font-weight") ?? "400");
      line.size = Math.max(line.size, size);
    } else if (node.nodeType === ELEMENT_NODE && node.nodeName !== "title") {
      const child = node as Element;
      const moved = child.getAttribute("x") !== null || child.getAttribute("y") !== null;
      if (moved) open(lines, child, { x: line.x + line.width, baseline: line.baseline }, fontSize(child));
      fill(lines, child);
    }
  }
}

/** A style of the element: in its style attribute or as an attribute of its own. */
function style(element: Element, name: string): string | undefined {
  const declared = new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`).exec(element.getAttribute("style") ?? "");
  return declared?.[1]?.trim() ?? element.getAttribute(name) ?? undefined;
}

function inherited(element: Element, name: string): string | undefined {
  for (let up: Element | null = element; up; up = up.parentElement) {
    const value = style(up, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Font size in pixels; a relative one counts from the nearest size above. */
function fontSize(element: Element | null): number {
  for (let up = element; up; up = up.parentElement) {
    const value = style(up, "font-size");
    if (value === undefined) continue;
    const number = Number.parseFloat(value);
    if (value.endsWith("%")) return (number / 100) * fontSize(up.parentElement);
    return value.endsWith("em") ? number * fontSize(up.parentElement) : number;
  }
  return 12;
}

function length(text: string | null, size: number): number | undefined {
  const number = Number.parseFloat(text ?? "");
  if (Number.isNaN(number)) return undefined;
  return text!.trim().endsWith("em") ? number * size : number;
}
