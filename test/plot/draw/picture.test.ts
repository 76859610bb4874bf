import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { plot } from "../../../lib/index.js";
import { drawPng, drawSvg } from "../../../lib/plot/draw/picture.js";
import type { Figure, Layout, Trace } from "../../../lib/plot/figure.js";

const size = { width: 500, height: 300 };
const bare: Layout = {
  margin: { l: 40, r: 10, t: 10, b: 30 },
  showlegend: false,
  xaxis: { showgrid: false, zeroline: false },
  yaxis: { showgrid: false, zeroline: false },
};

/** Pixels of the PNG, read back through an SVG that shows it. */
function pixelsOf(png: Buffer, { width, height } = size): Buffer {
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${png.toString("base64")}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  return Buffer.from(new Resvg(svg).render().pixels);
}

/** Pixels inside the axes that are far from white. */
async function ink(figure: Figure): Promise<number> {
  const pixels = pixelsOf(drawPng(await drawSvg(figure, size), 1));
  let count = 0;
  for (let y = 12; y < 265; y++) {
    for (let x = 45; x < 488; x++) {
      const at = 4 * (y * size.width + x);
      if (Math.min(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!) < 200) count += 1;
    }
  }
  return count;
}

const x = Array.from({ length: 40 }, (_, i) => i);
const wave = x.map((i) => Math.sin(i / 4));
const grid = x.map((i) => x.map((j) => Math.sin(i / 6) * Math.cos(j / 6)));
const candles = {
  open: wave,
  high: wave.map((v) => v + 0.4),
  low: wave.map((v) => v - 0.4),
  close: wave.map((v, i) => v + (i % 2 ? 0.2 : -0.2)),
};

test.each<[string, number, Trace[], Layout?]>([
  ["lines", 400, [{ type: "scatter", mode: "lines", x, y: wave }]],
  ["markers", 800, [{ type: "scatter", mode: "markers", x, y: wave }]],
  [
    "error bars",
    400,
    [
      {
        type: "scatter",
        mode: "markers",
        marker: { size: 1 },
        x,
        y: wave,
        error_y: { array: wave.map(() => 0.2) },
      },
    ],
  ],
  [
    "a filled band",
    9000,
    [{ type: "scatter", mode: "lines", x, y: wave, fill: "tozeroy", fillcolor: "#0072b2" }],
  ],
  ["bars", 9000, [{ type: "bar", x, y: wave }]],
  ["a histogram", 9000, [{ type: "histogram", x: wave }]],
  ["boxes", 1000, [{ type: "box", y: wave }]],
  ["violins", 1000, [{ type: "violin", y: wave }]],
  ["candles", 2000, [{ type: "candlestick", x, ...candles }], { xaxis: { rangeslider: { visible: false } } }],
  [
    "prices as ticks",
    1000,
    [{ type: "ohlc", x, ...candles }],
    { xaxis: { rangeslider: { visible: false } } },
  ],
  ["a heatmap", 50_000, [{ type: "heatmap", z: grid, colorscale: "Cividis", showscale: false }]],
  [
    "a smooth heatmap",
    50_000,
    [{ type: "heatmap", z: grid, zsmooth: "best", colorscale: "Cividis", showscale: false }],
  ],
  ["contour lines", 400, [{ type: "contour", z: grid, contours: { coloring: "none" }, showscale: false }]],
  ["filled contours", 50_000, [{ type: "contour", z: grid, colorscale: "Cividis", showscale: false }]],
  [
    "a histogram of pairs",
    1000,
    [
      {
        type: "histogram2d",
        x: wave,
        y: x,
        colorscale: [
          [0, "#fff"],
          [1, "#000"],
        ],
        showscale: false,
      },
    ],
  ],
])("%s leave ink in the picture", async (_, least, data, layout = {}) => {
  expect(await ink({ data, layout: { ...bare, ...layout } })).toBeGreaterThan(least);
});

test("a figure of invisible data leaves none", async () => {
  expect(await ink({ data: [{ type: "scatter", x, y: wave, opacity: 0 }], layout: bare })).toBe(0);
});

test("the picture shows a heatmap's colours, the lowest at one end and the highest at the other", async () => {
  const z = [[0, 1]];
  const colorscale = [
    [0, "rgb(255,0,0)"],
    [1, "rgb(0,0,255)"],
  ];
  const figure = { data: [{ type: "heatmap", z, colorscale, showscale: false }], layout: bare };
  const pixels = pixelsOf(drawPng(await drawSvg(figure, size), 1));
  const colourAt = (column: number): number[] =>
    Array.from(pixels.subarray(4 * (150 * size.width + column)).subarray(0, 3));
  expect([colourAt(100), colourAt(400)]).toEqual([
    [255, 0, 0],
    [0, 0, 255],
  ]);
});

test("texts are placed by their width: a right-aligned annotation ends where it is put", async () => {
  const annotations = [
    {
      text: "iiiiiiiiii WWWWWWWWWW",
      xref: "paper",
      yref: "paper",
      x: 1,
      y: 0.5,
      xanchor: "right",
      showarrow: false,
    },
  ];
  const figure = { data: [{ type: "scatter", x, y: wave, opacity: 0 }], layout: { ...bare, annotations } };
  const pixels = pixelsOf(drawPng(await drawSvg(figure, size), 1));
  const dark = Array.from({ length: size.width }, (_, column) => column).filter((column) =>
    Array.from({ length: 200 }, (_, row) => pixels[4 * ((row + 30) * size.width + column)]!).some(
      (red) => red < 128,
    ),
  );
  const right = Math.max(...dark.filter((column) => column > 45));
  expect(right).toBeGreaterThan(484);
  expect(right).toBeLessThanOrEqual(490);
});

test("a picture at another scale has as many more pixels", async () => {
  const svg = await drawSvg({ data: [{ type: "scatter", y: wave }], layout: bare }, size);
  const png = drawPng(svg, 2);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1000, 600]);
});

test("the same figure gives the same SVG, whatever was drawn in between", async () => {
  const figure = { data: [{ type: "scatter", y: wave }], layout: bare };
  const first = await drawSvg(figure, size);
  expect(first).toContain("clip-path");
  expect(await drawSvg({ data: [{ type: "bar", y: wave }], layout: bare }, size)).not.toBe(first);
  expect(await drawSvg(structuredClone(figure), size)).toBe(first);
});

test("the grip of a slider stands at the step that is shown, below the value it names", async () => {
  const frame = (y: number) =>
    plot.line({ title: "T", xTitle: "a", yTitle: "b", series: [{ name: "x", x: [0, 1], y: [0, y] }] });
  const steps = [1, 2, 3].map((y) => ({ label: `${y}`, figure: frame(y) }));
  const svg = await drawSvg(plot.slider({ name: "height", start: 1, steps }), { width: 560, height: 500 });
  expect(svg).not.toContain("NaN");
  const [, x, y] = /slider-grip-rect[^>]*translate\(([\d.]+),([\d.]+)\)/.exec(svg) ?? [];
  const rail = /slider-rail-rect" width="([\d.]+)"/.exec(svg)?.[1];
  expect(Math.abs(Number(x) + 10 - (8 + Number(rail) / 2))).toBeLessThan(1); // half way: grip and rail are centred alike
  expect(Number(y)).toBeGreaterThan(10); // the value above takes more than its own offset
});
