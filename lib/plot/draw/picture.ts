/** Pictures of figures without a browser: Plotly in jsdom draws the SVG, resvg the PNG. */
import { Resvg } from "@resvg/resvg-js";
import { key } from "../../core/index.js";
import { canonical, checkFigure, type Figure } from "../figure.js";
import { FAMILY, fontFiles, missingCharacters } from "./font.js";
import { encodePalette } from "./png.js";
import { openWindow, type PlotlyWindow } from "./window.js";

/** Pixels of a picture before scaling. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

let opened: PlotlyWindow | undefined;

/**
 * The figure as SVG, the same text whenever the figure is the same.
 * @throws RangeError as `checkFigure`, or when a text has characters that the picture's font lacks.
 */
export function drawSvg(figure: Figure, size: PictureSize): Promise<string> {
  return drawJson(JSON.stringify(canonical(checkFigure(figure))), size);
}

/** The same of the JSON of a figure that was checked and is canonical. */
export async function drawJson(json: string, size: PictureSize): Promise<string> {
  opened ??= openWindow();
  opened.seed(key(json));
  const drawn = opened.parse(json) as { data: unknown; layout: unknown };
  const svg = await opened.plotly.toImage(
    { ...drawn, config: { staticPlot: true } },
    { format: "svg", imageDataOnly: true, ...size },
  );
  checkCharacters(svg);
  return svg;
}

/** The picture of `drawSvg`'s text as PNG of at most 256 colours, each pixel drawn as `scale` × `scale`. */
export function drawPng(svg: string, scale: number): Buffer {
  const readable = svg
    .replace(/url\('(#[^']+)'\)/g, "url($1)")
    .replace(/image-rendering:[^;"]*pixelated/g, "image-rendering:optimizeSpeed");
  const font = { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: FAMILY };
  const renderer = new Resvg(readable, { fitTo: { mode: "zoom", value: scale }, font });
  const { width, height, pixels } = renderer.render();
  return encodePalette({ width, height, data: pixels });
}

function checkCharacters(svg: string): void {
  const written = Array.from(svg.matchAll(/>([^<>]+)</g), ([, text]) => text!).join("");
  const missing = missingCharacters(written.replace(/&#?\w+;/g, "").replaceAll("\u200b", ""));
  if (missing.length === 0) return;
  const named = missing.map(
    (c) => `${c} (U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`,
  );
  throw new RangeError(
    `figure: expected characters of the picture's font, got ${named.join(", ")}; say it in words`,
  );
}
