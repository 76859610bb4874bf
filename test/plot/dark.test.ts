/** The dark theme of a figure: legible on its ground, and made of the same figure. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { lineFigure } from "../../lib/plot/charts/shapes/curves.js";
import { canonical, type Figure } from "../../lib/plot/figure.js";
import { PALETTE } from "../../lib/plot/palette.js";

type Channels = readonly [number, number, number, number];
const root = join(__dirname, "../..");
let darkFigure: (figure: Figure) => Figure;
let darkColour: (colour: string) => string;
let channelsOf: (colour: unknown) => Channels | undefined;
let contrast: (one: readonly number[], other: readonly number[]) => number;
let ground: readonly number[];

beforeAll(async () => {
  const dark = await import(join(root, "lib/plot/labextension/static/dark.js"));
  ({ darkFigure, darkColour, channelsOf, contrast } = dark);
  ground = [dark.GROUND, dark.GROUND, dark.GROUND];
});

/** Every entry of the figure under a name that `wanted` knows, with its path. */
function* entries(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, entry] of Object.entries(value)) {
    yield [`${path}.${name}`, entry];
    yield* entries(entry, `${path}.${name}`);
  }
}

const onGround = (colour: unknown) => contrast(channelsOf(colour)!, ground);

test("the contrast of black and white is 21, of a colour with itself 1", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
  expect(contrast([90, 20, 3], [90, 20, 3])).toBe(1);
});

test.each(PALETTE)("a line of %s can be told from the dark ground", (colour) => {
  expect(onGround(darkColour(colour))).toBeGreaterThanOrEqual(4.5);
});

/** Lightness and the two axes of colour, CIE 1976 L*a*b* under D65. */
function lab(colour: string): readonly [number, number, number] {
  const [red, green, blue] = channelsOf(colour)!.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const root3 = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = root3((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = root3(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = root3((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance of the two nearest colours, in units of which a trained eye sees about two. */
function nearest(colours: readonly string[]): number {
  const pairs = colours.flatMap((one, i) =>
    colours.slice(0, i).map((other) => [lab(one), lab(other)] as const),
  );
  return Math.min(
    ...pairs.map(([one, other]) => Math.hypot(...one.map((value, axis) => value - other[axis]!))),
  );
}

test("white and black are a hundred apart", () => {
  expect(nearest(["#ffffff", "#000000"])).toBeCloseTo(100, 1);
});

test("series are at night at least four fifths as far apart as by day", () => {
  expect(nearest(PALETTE.map(darkColour))).toBeGreaterThanOrEqual(0.8 * nearest(PALETTE));
});

test("white becomes the ground, opacity stays, and a word that is no colour stays as it is", () => {
  expect(darkColour("#ffffff")).toBe("rgb(27,27,27)");
  expect(darkColour("rgba(255,255,255,0.8)")).toBe("rgba(27,27,27,0.8)");
  expect(darkColour("Cividis")).toBe("Cividis");
});

test("data, texts and sizes stay as they are, and the figure given is not changed", () => {
  const figure = canonical(
    lineFigure({
      ...{ title: "black and white", xTitle: "x", yTitle: "y" },
      series: [{ name: "white", x: [1, 2], y: [3, 4] }],
    }),
  );
  const before = JSON.stringify(figure);
  const night = darkFigure(figure);
  expect(JSON.stringify(figure)).toBe(before);
  const withoutColours = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (name, entry) => (/color/i.test(name) ? undefined : entry)));
  expect(withoutColours(night)).toEqual(withoutColours(figure));
});

test("a scale that is light in the middle is dark there at night, and its ends are light", () => {
  const scale: [number, string][] = [
    [0, "#B2440B"],
    [0.25, "#F0A477"],
    [0.5, "#FFFFFF"],
    [0.75, "#7FB3D9"],
    [1, "#005A8F"],
  ];
  const night = darkFigure({ data: [{ type: "heatmap", colorscale: scale }], layout: {} });
  const lightness = (night.data[0]!.colorscale as [number, string][]).map(([, colour]) => onGround(colour));
  expect(lightness[0]).toBeGreaterThan(lightness[1]!);
  expect(lightness[1]).toBeGreaterThan(lightness[2]!);
  expect(lightness[3]).toBeGreaterThan(lightness[2]!);
  expect(lightness[4]).toBeGreaterThan(lightness[3]!);
});

describe("every figure of the chapters at night", () => {
  const figures = readdirSync(join(root, "notebooks"))
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .flatMap((name) => {
      const { cells } = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));
      const outputs = cells.flatMap((cell: { outputs?: object[] }) => cell.outputs ?? []);
      return outputs.flatMap((output: { data?: Record<string, Figure> }, i: number): [string, Figure][] => {
        const figure = output.data?.["application/vnd.plotly.v1+json"];
        return figure ? [[`${name}, output ${i}`, figure]] : [];
      });
    }) as [string, Figure][];

  test("there are some", () => expect(figures.length).toBeGreaterThan(50));

  test.each(figures)("%s has text that is read and lines that are seen", (_, figure) => {
    const night = darkFigure(figure);
    expect(night.layout.paper_bgcolor).toBe("rgb(27,27,27)");
    for (const [path, value] of entries(night.layout))
      if (/font\.color$/.test(path)) expect(onGround(value), path).toBeGreaterThanOrEqual(4.5);
    for (const [path, value] of entries(night.data))
      if (/\.line\.color$/.test(path) && channelsOf(value)?.[3] === 1 && !/\.marker\./.test(path))
        expect(onGround(value), path).toBeGreaterThanOrEqual(1.5);
  });
});
