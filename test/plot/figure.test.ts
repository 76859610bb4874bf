import { expect, test } from "vitest";
import { canonical, checkFigure, type Figure, TRACE_TYPES, type Trace } from "../../lib/plot/figure.js";

const bytes = (figure: Figure): string => JSON.stringify(canonical(figure));
const figure = (...data: readonly Trace[]): Figure => ({ data, layout: {} });
const scatter = (attributes: object): Figure => figure({ type: "scatter", ...attributes });

test("the order of attributes and the kind of array do not change a figure's bytes", () => {
  const one = {
    data: [{ type: "scatter", x: [1, 2], y: Float64Array.of(0.5, 1.5) }],
    layout: { a: 1, b: 2 },
  };
  const other = {
    layout: { b: 2, a: 1 },
    data: [{ y: [0.5, 1.5], x: Int32Array.of(1, 2), type: "scatter" }],
  };
  expect(bytes(one)).toBe(bytes(other));
  expect(bytes(one)).toBe('{"data":[{"type":"scatter","x":[1,2],"y":[0.5,1.5]}],"layout":{"a":1,"b":2}}');
});

test("floats keep six significant digits and integers all of theirs", () => {
  const { data } = canonical(
    scatter({ x: [1_767_225_600_123, -0, 2 ** 53 - 1], y: [1 / 3, 123456.789, -1.23456789e-9] }),
  );
  expect(data[0]!.x).toEqual([1_767_225_600_123, 0, 2 ** 53 - 1]);
  expect(data[0]!.y).toEqual([0.333333, 123457, -1.23457e-9]);
});

test("what is not finite becomes null, and what is undefined is left out", () => {
  expect(bytes(scatter({ y: [Number.NaN, Number.POSITIVE_INFINITY, 1], name: undefined }))).toBe(
    '{"data":[{"type":"scatter","y":[null,null,1]}],"layout":{}}',
  );
});

test("a figure that JSON cannot hold is refused where it is", () => {
  expect(() => canonical(scatter({ marker: { color: () => "red" } }))).toThrow(
    "figure.data[0].marker.color: expected a value of JSON, got a function",
  );
});

test("a good figure passes the check unchanged", () => {
  const good = scatter({ name: "ELBO", x: [1, 2, 3], y: [Number.NaN, 1, 2] });
  expect(checkFigure(good)).toBe(good);
  expect(TRACE_TYPES).toContain("heatmap");
});

test.each(["scattergl", "heatmapgl", "surface", "mesh3d", "scatter3d", "scattermapbox"])(
  "%s is refused",
  (type) => {
    expect(() => checkFigure(figure({ type, name: "prices", x: [1], y: [1] }))).toThrow(
      new RegExp(`trace 0 "prices": expected a type among bar, .*, got ${type} \\(drawn by WebGL`),
    );
  },
);

test("an unknown trace type is refused without blaming WebGL", () => {
  expect(() => checkFigure(figure({ type: "pie" }))).toThrow(/got pie$/);
});

test.each<[string, Figure, string]>([
  ["no traces", figure(), "figure: expected at least one trace, got none"],
  ["no values", scatter({ x: [], y: [] }), "trace 0: expected values in x, got an empty array"],
  [
    "lengths that differ",
    figure({ type: "bar", y: [1] }, { type: "scatter", name: "ELBO", x: [1, 2, 3], y: [1, 2] }),
    'trace 1 "ELBO": expected x and y of equal length, got 3 and 2',
  ],
  [
    "a candle without its close",
    figure({ type: "candlestick", x: [1, 2], open: [1, 2], high: [1, 2], low: [1, 2], close: [1] }),
    "trace 0: expected close and open of equal length, got 1 and 2",
  ],
  [
    "nothing finite",
    scatter({ name: "loss", x: [1, 2], y: Float64Array.of(Number.NaN, Number.NaN) }),
    'trace 0 "loss": expected a finite number in y, got 2 values like NaN',
  ],
  [
    "a ragged grid",
    figure({ type: "heatmap", z: [[1, 2], [3]] }),
    "trace 0: expected 2 columns in each row of z, got 1 in row 1",
  ],
  [
    "a grid with other columns",
    figure({ type: "heatmap", x: [1, 2, 3, 4], z: [[1, 2]] }),
    "trace 0: expected x to match the 2 columns of z, got 4",
  ],
  [
    "a grid without a number",
    figure({ type: "contour", z: [[Number.NaN], [Number.NaN]] }),
    "trace 0: expected a finite number in z, got 2 values like NaN",
  ],
])("a figure of %s is refused by name", (_, bad, message) => {
  expect(() => checkFigure(bad)).toThrow(message);
});
