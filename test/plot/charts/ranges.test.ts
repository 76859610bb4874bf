import { expect, test } from "vitest";
import { type RangeRow, rangeFigure } from "../../../lib/plot/charts/shapes/ranges.js";
import { textsOf, traceOf } from "../support/hours.js";

const rows: RangeRow[] = [
  { name: "kurtosis", low: 10, high: 30, simulated: [15, 30, 35] },
  { name: "skewness", low: -0.5, high: 0.5, simulated: [-3] },
];
const draw = (given: readonly RangeRow[]) => rangeFigure({ title: "One", rows: given });

test("values stand at their place in the real range, and are told apart by side", () => {
  const figure = draw(rows);
  expect(traceOf(figure, "real")).toMatchObject({ x: [0, 1, Number.NaN, 0, 1, Number.NaN] });
  expect(traceOf(figure, "inside")).toMatchObject({ x: [0.25, 1], y: [0, 0], marker: { color: "#0072B2" } });
  expect(traceOf(figure, "outside")).toMatchObject({
    ...{ x: [1.25, -0.75], y: [0, 1] },
    marker: { color: "#D55E00", symbol: ["diamond", "triangle-left"] },
    text: ["kurtosis: 35", "skewness: −3"],
  });
});

test("the numbers themselves stand beside the rows", () => {
  expect(textsOf(draw(rows))).toEqual([
    ...["real", "10 to 30", "−0.500 to 0.500"],
    ...["simulated", "15 to 35", "−3"],
  ]);
});

test("where all values are inside, the legend has nothing outside", () => {
  const figure = draw([{ name: "a", low: 0, high: 1, simulated: [0, 0.5, 1] }]);
  expect(figure.data.map(({ name }) => name)).toEqual(["real", "inside"]);
});

test("rows without a range, values or a name of their own are refused", () => {
  const row = rows[0]!;
  expect(() => draw([])).toThrow("rows: expected at least one, got none");
  expect(() => draw([{ ...row, high: 10 }])).toThrow(
    'range of "kurtosis": expected low < high, got 10 and 10',
  );
  expect(() => draw([{ ...row, simulated: [] }])).toThrow(
    'simulated of "kurtosis": expected at least one value, got none',
  );
  expect(() => draw([{ ...row, simulated: [1, Number.NaN] }])).toThrow(
    'simulated of "kurtosis"[1]: expected a finite',
  );
  expect(() => draw([row, row])).toThrow('rows: expected names that differ, got "kurtosis" twice');
});

test("the ends of the range and what is compared are named as they are told", () => {
  const figure = rangeFigure({ title: "One", rows, ends: ["5 %", "95 %"], names: ["held out", "made"] });
  expect(figure.layout).toMatchObject({ xaxis: { ticktext: ["5 %", "95 %"] } });
  expect(textsOf(figure)).toEqual(expect.arrayContaining(["held out", "made"]));
  expect(traceOf(figure, "held out")).toMatchObject({ mode: "lines" });
});
