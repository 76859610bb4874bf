/** Looking at a figure fetches nothing: what names an address is refused where it is made and left out where it is shown. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { checkFigure, type Figure } from "../../lib/plot/figure.js";
import { bundleOf } from "../../lib/plot/notebook/show.js";
import { formatTable } from "../../lib/plot/notebook/table.js";

const trace = { type: "scatter", x: [1, 2], y: [3, 4] };
const far = "https://example.com/a.png";

test.each([
  ["a picture in the layout", { data: [trace], layout: { images: [{ source: far }] } }, "layout.images"],
  [
    "a picture in the data of the page",
    { data: [trace], layout: { images: [{ source: "data:image/png;base64,AA" }] } },
    "layout.images",
  ],
  [
    "a picture in a template",
    { data: [trace], layout: { template: { layout: { images: [{ source: far }] } } } },
    "layout.template.layout.images",
  ],
  [
    "a picture behind a button",
    { data: [trace], layout: { updatemenus: [{ buttons: [{ args: [{ "images[0].source": far }] }] }] } },
    "layout.updatemenus[0].buttons[0].args[0].images[0].source",
  ],
  ["shapes of a map", { data: [{ ...trace, geojson: far }], layout: {} }, "trace 0.geojson"],
  ["a map", { data: [trace], layout: { geo: { scope: "europe" } } }, "layout.geo"],
] as [string, Figure, string][])(
  "%s is refused at once, and show does not wait for it",
  async (_, figure, where) => {
    const said = `${where}: expected a figure that holds all it shows, got one that fetches`;
    expect(() => checkFigure(figure)).toThrow(said);
    await expect(bundleOf(figure)).rejects.toThrow(said);
  },
);

interface Shown {
  safeFigure(figure: unknown): unknown;
}

/** What the extension of the notebook makes of a figure before it draws it. */
function extension(): Shown {
  const window: { _JUPYTERLAB?: Record<string, Shown> } = {};
  const code = readFileSync(join(__dirname, "../../lib/plot/labextension/static/remoteEntry.js"), "utf8");
  const document = {
    currentScript: { src: "http://localhost/lab/extensions/vitrade-plotly/static/remoteEntry.js" },
  };
  runInNewContext(code, { window, document, URL, ResizeObserver: class {}, console });
  return window._JUPYTERLAB!["vitrade-plotly"]!;
}

test("of an untrusted figure nothing that names an address is drawn, and maps are left to the picture", () => {
  const { safeFigure } = extension();
  const addresses = [
    { images: [{ source: far }] },
    { template: { layout: { images: [{ source: "//example.com/a.png" }] } } },
    {
      updatemenus: [
        {
          buttons: [
            { method: "relayout", args: ["images[0].source", far], args2: [{ "images[0].source": far }] },
          ],
        },
      ],
    },
    { sliders: [{ steps: [{ method: "restyle", args: [{ type: ["scattergeo"], geojson: far }] }] }] },
    { map: { style: far }, mapbox2: { style: far }, geo: {} },
  ];
  for (const layout of addresses) {
    const text = JSON.stringify(
      safeFigure({ data: [{ ...trace, marker: { source: far } }], layout, config: { topojsonURL: far } }),
    );
    expect(text, JSON.stringify(layout)).not.toMatch(/example\.com|scattergeo/);
    expect(JSON.parse(text).data[0]).toMatchObject(trace);
  }
  for (const type of ["scattergeo", "choropleth", "choroplethmap", "scattermapbox", "image"])
    expect(() => safeFigure({ data: [{ type }], layout: {} }), type).toThrow("drawn from a network");
  expect(() =>
    safeFigure({ data: [trace], layout: { template: { data: { scattergeo: [{ type: "scattergeo" }] } } } }),
  ).toThrow();
});

test("a figure that fetches nothing is shown as it is: titles with addresses, sliders, Sankey diagrams, heat maps", () => {
  const { safeFigure } = extension();
  const figure = {
    data: [
      trace,
      { type: "heatmap", z: [[1]] },
      { type: "treemap", labels: ["a"] },
      { type: "sankey", link: { source: [0], target: [1], value: [2] } },
    ],
    layout: {
      title: { text: `see ${far}` },
      sliders: [{ steps: [{ method: "update", args: [{ visible: [true] }, {}] }] }],
    },
  };
  expect(safeFigure({ ...figure, config: {} })).toEqual(figure);
});

test("a table names row and column of what cannot be a cell", () => {
  const good = { at: new Date(0), n: 1 };
  for (const [value, came] of [
    [new Date(Number.NaN), "an invalid date"],
    [{ a: 1 }, "a bare object"],
    [[1], "an array"],
    [() => 1, "a bare function"],
  ] as const)
    expect(() => formatTable([good, { at: value, n: 2 }])).toThrow(
      `table: expected a number, text, truth or date in column at of row 1, got ${came}`,
    );
  expect(formatTable([good, { at: null, n: undefined }]).text).toContain("–");
});
