import { expect, test, vi } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { lineFigure } from "../../../lib/plot/charts/shapes/curves.js";
import type { Figure } from "../../../lib/plot/figure.js";
import { display } from "../../../lib/plot/notebook/display.js";
import { bundleOf, PLOTLY_MIME, show } from "../../../lib/plot/notebook/show.js";

vi.mock("../../../lib/plot/notebook/display.js", () => ({ display: vi.fn() }));

const isLoaded = (name: string): boolean =>
  Object.keys(require.cache).some((path) => path.includes(`/${name}/`));

const figure = lineFigure({
  title: "The ELBO rises",
  xTitle: "step",
  yTitle: "ELBO [nats]",
  series: [{ name: "mean field", x: [1, 2, 3], y: [-3, -1, Number.NaN] }],
});

test("the library draws nothing and loads nothing until the first figure is shown", async () => {
  expect(isLoaded("jsdom")).toBe(false);
  await bundleOf(figure);
  expect(isLoaded("jsdom")).toBe(true);
});

test("a figure is displayed as one output: JSON, picture and title", async () => {
  await show(figure);
  expect(vi.mocked(display).mock.calls).toHaveLength(1);
  const [bundle, options] = vi.mocked(display).mock.calls[0]!;
  expect(options).toEqual({ metadata: { "image/png": { width: 760, height: 420 } } });
  expect(Object.keys(bundle).sort()).toEqual([PLOTLY_MIME, "image/png", "text/plain"].sort());
  expect(bundle["text/plain"]).toBe("[figure: The ELBO rises]");
  expect(bundle[PLOTLY_MIME]).toMatchObject({
    config: { responsive: true, showSendToCloud: false },
    data: [{ name: "mean field", y: [-3, -1, null] }],
  });
  const png = Buffer.from(bundle["image/png"] as string, "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([760 * 1.5, 420 * 1.5]);
});

test("the same figure gives the same bytes, whatever was drawn in between", async () => {
  const first = JSON.stringify(await bundleOf(figure));
  await bundleOf({ ...figure, layout: { ...figure.layout, height: 300 } });
  expect(JSON.stringify(await bundleOf(structuredClone(figure)))).toBe(first);
});

test("a figure without a title has a name all the same", async () => {
  const bare: Figure = { data: [{ type: "scatter", y: [1, 2] }], layout: {} };
  expect((await bundleOf(bare))["text/plain"]).toBe("[figure: untitled]");
});

test("a figure of too many points is refused with the way to mend it", async () => {
  const count = 30_000;
  const series = [{ name: "noise", x: normals(key("x"), count), y: normals(key("y"), count) }];
  const heavy = lineFigure({ title: "Noise", xTitle: "x", yTitle: "y", series });
  await expect(show(heavy)).rejects.toThrow(
    /figure "\[figure: Noise\]": expected at most 200 kB, got \d+ kB of data and \d+ kB of picture; thin out/,
  );
});

test("a character that the picture's font lacks is refused by name", async () => {
  const layout = { title: { text: "KL(q ‖ p) → 0" } };
  await expect(bundleOf({ ...figure, layout })).rejects.toThrow(
    "expected characters of the picture's font, got ‖ (U+2016), → (U+2192); say it in words",
  );
});
