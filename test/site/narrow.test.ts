/** A figure on a phone: everything it shows lies within the frame, one below the other, and nothing is lost. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import * as plot from "../../lib/plot/index.js";

type Layout = Record<string, unknown> & {
  height: number;
  width: number;
  margin: Record<"l" | "r" | "t" | "b", number>;
};
interface Fitted {
  readonly data: readonly Record<string, unknown>[];
  readonly layout: Layout;
  readonly legend?: number;
}
type Axis = {
  readonly domain: readonly [number, number];
  readonly nticks?: number;
  readonly title: { readonly text: string };
};

const root = join(__dirname, "../..");
const PHONE = 342;
/** Every letter as wide as a wide one: what fits so fits in a browser. */
const measure = (text: string, size: number): number => 0.6 * size * text.replace(/<[^>]*>/g, "").length;
let fitted: (figure: object, room: number, measure: object) => Fitted;
let settled: (layout: object, kept: number | undefined, taken: number) => Record<string, number> | undefined;

beforeAll(async () => {
  ({ fitted, settled } = await import(join(root, "site/.vitepress/theme/narrow.mjs")));
});

const line = (title: string, names = ["a"]) =>
  plot.line({
    title,
    xTitle: "a title of the x axis that is far too long for the screen of a phone",
    yTitle: "y [%]",
    series: names.map((name) => ({ x: [0, 1], y: [0, 1], name })),
  });
const long = "A finding that takes more than one line of a phone and is to be read whole";
const axis = ({ layout }: Fitted, name: string): Axis => layout[name] as Axis;
const titleLines = ({ layout }: Fitted): string[] => (layout.title as { text: string }).text.split("<br>");

describe("on a phone", () => {
  test("a figure is as wide as the frame, with its title and its axis title in lines that fit", () => {
    const found = fitted(line(long), PHONE, measure);
    expect(found.layout.width).toBe(PHONE);
    expect(titleLines(found).join(" ")).toBe(long);
    for (const words of titleLines(found)) expect(measure(words, 16)).toBeLessThanOrEqual(PHONE - 32);
    const words = axis(found, "xaxis").title.text.split("<br>");
    expect(words.length).toBeGreaterThan(1);
    for (const one of words) expect(measure(one, 13)).toBeLessThanOrEqual(PHONE - 60);
  });

  test("lines of title, legend and axis title take room of their own: the plot keeps its height", () => {
    const figure = line(long, ["first of many", "second of many", "third of many", "fourth of many"]);
    const { layout } = fitted(figure, PHONE, measure);
    const before = figure.layout as unknown as Layout;
    const inner = ({ height, margin }: Layout) => height - margin.t - margin.b;
    expect(inner(layout)).toBeCloseTo(inner(before), 9);
    expect(layout.margin.t).toBeGreaterThan(before.margin.t);
    expect(layout.margin.b).toBeGreaterThan(before.margin.b);
  });

  test("panels stand below one another, in their order, without overlapping", () => {
    const figure = plot.panels([line("one"), line("two"), line("three")], { title: "Three", columns: 3 });
    const found = fitted(figure, PHONE, measure);
    expect(found.layout.width).toBe(PHONE);
    const places = ["", "2", "3"].map((n) => ({
      x: axis(found, `xaxis${n}`).domain,
      y: axis(found, `yaxis${n}`).domain,
    }));
    expect(places.map(({ x }) => x)).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    const height = found.layout.height - found.layout.margin.t - found.layout.margin.b;
    for (const [i, { y }] of places.entries()) {
      expect((y[1] - y[0]) * height).toBeGreaterThanOrEqual(150);
      if (i > 0) expect((places[i - 1]!.y[0] - y[1]) * height).toBeGreaterThanOrEqual(46);
    }
    expect(places[2]!.y[0]).toBeCloseTo(0, 9);
  });

  test("a slider's titles are set in lines, too, and its last label has room", () => {
    const figure = plot.slider({
      name: "β",
      steps: [
        { label: "1", figure: line("short") },
        { label: "a long last label", figure: line(long) },
      ],
    });
    const { layout } = fitted(figure, PHONE, measure);
    const [slider] = layout.sliders as { steps: { args: { title?: { text: string } }[] }[] }[];
    expect(slider!.steps[1]!.args[1]!.title!.text.split("<br>").length).toBeGreaterThan(1);
    expect(layout.margin.r).toBeGreaterThanOrEqual(measure("a long last label", 11) / 2);
  });

  test("numbers in cells that would run into one another are left to the colour; those with room stay", () => {
    const field = (columns: number) =>
      plot.heatmap({
        values: [Array.from({ length: columns }, (_, i) => i / 10)],
        rows: ["row"],
        columns: Array.from({ length: columns }, (_, i) => `c${i}`),
        ...{ title: "A field", xTitle: "x", yTitle: "y", valueTitle: "value", decimals: 2 },
      });
    expect(field(3).data[0]).toHaveProperty("texttemplate");
    expect(fitted(field(3), PHONE, measure).data[0]).toHaveProperty("texttemplate");
    expect(fitted(field(12), PHONE, measure).data[0]).not.toHaveProperty("texttemplate");
  });

  test("a legend that is taller or shorter than was kept for it moves the plot by the difference", () => {
    const layout = { height: 400, margin: { t: 80 } };
    expect(settled(layout, 40, 62)).toEqual({ height: 422, "margin.t": 102 });
    expect(settled(layout, 40, 42)).toBeUndefined();
    expect(settled(layout, undefined, 62)).toBeUndefined();
  });
});

test("on a wide screen a figure keeps its arrangement and takes the width there is", () => {
  const figure = plot.panels([line("one"), line("two")], { title: "Two", columns: 2 });
  const found = fitted(figure, 900, measure);
  expect(found.layout.width).toBe(900);
  for (const name of ["xaxis", "yaxis", "xaxis2", "yaxis2"])
    expect(found.layout[name]).toEqual((figure.layout as Record<string, unknown>)[name]);
});

test("of the chapters' figures nine in ten fit the frame of a phone", () => {
  const folder = join(root, "notebooks");
  const figures = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")).cells)
    .flatMap(({ outputs }) => outputs ?? [])
    .flatMap(({ data }) => data?.["application/vnd.plotly.v1+json"] ?? []);
  const wide = figures.filter((figure) => fitted(figure, PHONE, measure).layout.width > PHONE);
  expect(figures.length).toBeGreaterThan(40);
  expect(wide.length / figures.length).toBeLessThan(0.1);
});
