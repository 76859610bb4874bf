import { expect, test } from "vitest";
import { advance } from "../../lib/plot/draw/font.js";
import type { Layout, Trace } from "../../lib/plot/figure.js";
import { colourOf, PALETTE, translucent } from "../../lib/plot/palette.js";
import { plainText, textWidth, wrap } from "../../lib/plot/text.js";
import { type FigureOptions, themed } from "../../lib/plot/theme.js";

const traces: Trace[] = [{ type: "scatter", name: "one", x: [1, 2], y: [1, 2] }];
const options: FigureOptions = { title: "One", xTitle: "time [h]", yTitle: "return [bp]" };
const layoutOf = (given: Partial<FigureOptions>, data = traces): Layout =>
  themed(data, { ...options, ...given }).layout;
const named = (...names: string[]): Trace[] => names.map((name) => ({ ...traces[0]!, name }));
const topOf = (layout: Layout): number => (layout.margin as { t: number }).t;

const sentence =
  "The full-rank family closes the last two nats of the gap to the exact evidence, while mean field stays below";

test("a long title is broken between words into lines that fit the figure", () => {
  const lines = wrap(sentence, 400, 16);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join(" ")).toBe(sentence);
  for (const line of lines) expect(advance(line, 16, "400")).toBeLessThanOrEqual(400);
});

test("the estimated width of text is never far from the font's", () => {
  for (const text of [
    sentence,
    "σ² = 0.25 nats",
    "ELBO [nats]",
    "BTCUSDT 2026-01-01 00:00",
    "log p(x) − KL",
  ]) {
    const ratio = textWidth(text, 13) / advance(text, 13, "400");
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.2);
  }
});

test("tags take no room, are not broken, and do not reach plain text", () => {
  expect(textWidth("a<sup>2</sup>", 10)).toBe(textWidth("a2", 10));
  expect(wrap('one <span style="color: red">two</span> three', 1, 10)).toEqual([
    "one",
    '<span style="color: red">two</span>',
    "three",
  ]);
  expect(plainText("one<br>two <b>three</b>")).toBe("one two three");
});

test("each line of the title and each row of the legend moves the plot down", () => {
  const plain = topOf(layoutOf({}));
  const long = topOf(layoutOf({ title: sentence }));
  const legend = topOf(layoutOf({}, named("one", "two")));
  const names = Array.from({ length: 9 }, (_, i) => `a series with a long name ${i}`);
  expect(long).toBe(plain + 21);
  expect(legend).toBe(plain + 26);
  expect(topOf(layoutOf({}, named(...names)))).toBe(plain + 6 + 3 * 20);
});

test("a legend of a single name is left out, and hidden traces do not count", () => {
  expect(layoutOf({}).showlegend).toBe(false);
  expect(layoutOf({}, named("one", "one")).showlegend).toBe(false);
  expect(layoutOf({}, [...traces, { ...traces[0]!, name: "two", showlegend: false }]).showlegend).toBe(false);
  expect(layoutOf({}, named("one", "two")).showlegend).toBe(true);
});

test("a figure has its own height, and a width only where it is asked for", () => {
  expect(layoutOf({})).not.toHaveProperty("width");
  expect(layoutOf({})).toMatchObject({ height: 420 });
  expect(layoutOf({ width: 500, height: 300 })).toMatchObject({ width: 500, height: 300 });
});

test("the range of a log axis is given in its own units", () => {
  const { xaxis, yaxis } = layoutOf({ xType: "log", xRange: [1, 1000], yRange: [-1, 1] });
  expect(xaxis).toMatchObject({ type: "log", range: [0, 3], autorange: false });
  expect(yaxis).toMatchObject({ type: "linear", range: [-1, 1] });
});

test.each<[string, Partial<FigureOptions>, string]>([
  [
    "a range without length",
    { xRange: [1, 1] },
    "range of a linear axis: expected two different ends, got 1 and 1",
  ],
  ["a log range from zero", { yType: "log", yRange: [0, 1] }, "range of a log axis"],
  ["a width of nothing", { width: 0 }, "width: expected a positive number, got 0"],
])("%s is refused", (_, given, message) => {
  expect(() => layoutOf(given)).toThrow(message);
});

test("a reference line spans the plot, and its label stands at its end", () => {
  const { shapes, annotations } = layoutOf({
    references: [
      { axis: "y", at: 2, label: "exact" },
      { axis: "x", at: 1 },
    ],
  });
  expect(shapes).toMatchObject([
    { xref: "x domain", x0: 0, x1: 1, yref: "y", y0: 2, y1: 2 },
    { xref: "x", x0: 1, x1: 1, yref: "y domain", y0: 0, y1: 1 },
  ]);
  expect(annotations).toMatchObject([{ text: "exact", xref: "x domain", x: 1, y: 2, yanchor: "bottom" }]);
});

test("the label of a line on a log axis stands at the line", () => {
  const { annotations } = layoutOf({
    yType: "log",
    references: [{ axis: "y", at: 100, label: "a hundred" }],
  });
  expect(annotations).toMatchObject([{ y: 2 }]);
});

test("the label of a line near the top of the range stands under it, and at the start where that is asked for", () => {
  const references = [{ axis: "y", at: 9.8, label: "top", labelAt: "start" }] as const;
  expect(layoutOf({ yRange: [0, 10], references }).annotations).toMatchObject([{ yanchor: "top", x: 0 }]);
});

test("the palette's colours differ, repeat after the last, and can be thinned out", () => {
  expect(new Set(PALETTE).size).toBe(PALETTE.length);
  expect(colourOf(PALETTE.length)).toBe(PALETTE[0]);
  expect(colourOf(1, "#000000")).toBe("#000000");
  expect(translucent("#0072B2", 0.5)).toBe("rgba(0,114,178,0.5)");
  expect(() => translucent("red", 0.5)).toThrow("colour: expected #RRGGBB, got red");
});
