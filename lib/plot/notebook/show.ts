/** Displays figures in a notebook: alive where Plotly is at hand, as a picture everywhere else. */
import { checkPositive, drawer } from "../../core/index.js";
import { canonical, checkFigure, type Figure } from "../figure.js";
import { plainText } from "../text.js";
import { SIZE } from "../theme.js";
import { type Bundle, display } from "./display.js";

/** Options of `show`. */
export interface ShowOptions {
  /** Pixels of the picture a pixel of the figure, default 1.5. */
  readonly scale?: number;
}

/** The MIME type of a figure's JSON. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

const MOST_BYTES = 200_000;
/** The buttons of a live figure; none of them sends it anywhere. */
const CONFIG = {
  displaylogo: false,
  plotlyServerURL: "",
  showSendToCloud: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d"],
  responsive: true,
} as const;

/**
 * Displays the figure as one output: its JSON, a picture of it, and its title as text.
 *
 * The first call loads Plotly and takes about two seconds. Await it: a figure is drawn after the cell's code runs on.
 * @throws RangeError as `checkFigure`, when a text cannot be drawn, or when the output exceeds 200 kB.
 */
export async function show(figure: Figure, options: ShowOptions = {}): Promise<void> {
  display(await bundleOf(figure, options), { metadata: { "image/png": sizeOf(figure) } });
}

/**
 * What `show` displays: MIME type → content.
 * @throws RangeError as `show`.
 */
export async function bundleOf(figure: Figure, options: ShowOptions = {}): Promise<Bundle> {
  const scale = options.scale ?? 1.5;
  checkPositive("scale", scale);
  const { data, layout } = canonical(checkFigure(figure));
  const { drawElsewhere, drawHere } = await import("../draw/elsewhere.js");
  const drawing = { json: JSON.stringify({ data, layout }), size: sizeOf(figure), scale };
  const socket = drawer();
  const png = await (socket ? drawElsewhere(socket, drawing) : drawHere(drawing));
  const bundle = {
    [PLOTLY_MIME]: { config: CONFIG, data, layout },
    "image/png": png.toString("base64"),
    "text/plain": `[figure: ${titleOf(figure)}]`,
  };
  checkSize(bundle);
  return bundle;
}

/** Pixels at which the picture is shown; it has more of its own, to be crisp. */
function sizeOf({ layout }: Figure): { width: number; height: number } {
  const pixels = (given: unknown, usual: number): number => (typeof given === "number" ? given : usual);
  return { width: pixels(layout.width, SIZE.width), height: pixels(layout.height, SIZE.height) };
}

function titleOf(figure: Figure): string {
  const title = figure.layout.title as { text?: string } | undefined;
  return plainText(title?.text ?? "") || "untitled";
}

function checkSize(bundle: Bundle): void {
  const [json, png] = [PLOTLY_MIME, "image/png"].map((type) => JSON.stringify(bundle[type]).length);
  if (json! + png! <= MOST_BYTES) return;
  const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} kB`;
  throw new RangeError(
    `figure "${bundle["text/plain"]}": expected at most ${kilobytes(MOST_BYTES)}, got ${kilobytes(json!)} of data and ` +
      `${kilobytes(png!)} of picture; thin out its series (thin(series, 400)) or lower the scale`,
  );
}
