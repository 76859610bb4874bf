import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/index.js";
import {
  intervalRows,
  intervals,
  list,
  loadingAxes,
  pairPanels,
  weightPanels,
  weightSlider,
} from "../../../lib/plot/index.js";

const half = { estimate: 1, lower: 0.5, upper: 2 };

test("an interval's ends stand at their distances from the estimate, and categories are those of the first series", () => {
  const series = {
    first: { a: half, b: { estimate: -1, lower: -3, upper: 0 } },
    second: { b: half, a: half },
  };
  const { data } = intervals({ title: "t", xTitle: "x", series });
  expect(data[0]).toMatchObject({ x: [1, -1], y: ["a", "b"] });
  expect(data[0]!.error_x).toMatchObject({ array: [1, 1], arrayminus: [0.5, 2] });
  expect(data[1]).toMatchObject({ x: [1, 1], y: ["a", "b"] });
  expect(() =>
    intervals({ title: "t", xTitle: "x", series: { first: series.first, second: { a: half } } }),
  ).toThrow('series "second": expected an estimate of b, got none');
});

test("a row tells for each series the interval and whether it lies above zero, below it, or holds it", () => {
  const gain = {
    a: half,
    b: { estimate: -2, lower: -3, upper: -1 },
    c: { estimate: 0.1, lower: -1, upper: 1.2 },
  };
  const words = { above: "more", below: "less", neither: "cannot be told" };
  const rows = intervalRows({ gain }, words);
  expect(rows.map((row) => row.difference)).toEqual(["a", "b", "c"]);
  expect(rows.map((row) => row.gain)).toEqual([
    "1.0 (0.50 to 2.0), more",
    "−2.0 (−3.0 to −1.0), less",
    "0.10 (−1.0 to 1.2), cannot be told",
  ]);
});

test("a long category is broken between words, a short one is left as it is", () => {
  const series = { only: { "best generated less equal weights of the market": half, short: half } };
  const [trace] = intervals({ title: "t", xTitle: "x", series }).data;
  expect((trace!.y as string[])[0]).toMatch(/^best generated.*<br>.*market$/);
  expect((trace!.y as string[])[1]).toBe("short");
});

test("numbers are listed with as many decimals each, and a true minus sign", () => {
  expect(list([0.5, -0.25, 1])).toBe("0.500  −0.250  1.000");
  expect(list(Float64Array.of(1 / 3), 1)).toBe("0.3");
});

test("sets of weights stand behind a slider, or side by side, with their portfolios counted", () => {
  const portfolios = [
    [0.25, 0.75],
    [1, 0],
  ];
  const steps = [
    { label: "1", title: "one", portfolios },
    { label: "2", title: "two", portfolios },
  ];
  const axes = { xTitle: "portfolio", assets: ["BTC", "ETH"] };
  const moved = weightSlider(steps, { ...axes, name: "request", start: 1 });
  expect(JSON.stringify(moved.layout.title)).toContain("two");
  expect(moved.data[0]).toMatchObject({ x: ["1", "2"] });
  expect(moved.data.filter(({ visible }) => visible !== false)[0]).toMatchObject({ y: [25, 100] });
  const beside = weightPanels({ left: portfolios, right: portfolios.slice(1) }, { ...axes, title: "both" });
  expect(beside.data.map(({ y }) => Array.from(y as ArrayLike<number>))).toEqual([
    [25, 100],
    [75, 0],
    [100],
    [0],
  ]);
});

test("each column of loadings is a line from its negative to itself, broken before the next", () => {
  const { data } = loadingAxes(
    {
      one: fromRows([
        [3, 0],
        [1, 2],
      ]),
    },
    { title: "t", xTitle: "x", yTitle: "y" },
  );
  expect(Array.from(data[0]!.x as number[])).toEqual([-3, 3, Number.NaN, -0, 0, Number.NaN]);
  expect(Array.from(data[0]!.y as number[])).toEqual([-1, 1, Number.NaN, -2, 2, Number.NaN]);
  expect(() => loadingAxes({ odd: fromRows([[1]]) }, { title: "t", xTitle: "x", yTitle: "y" })).toThrow(
    '"odd": expected 2 rows, got 1',
  );
});

test("a pair of columns is drawn from each set of rows, on equal axes, and no more rows than asked for", () => {
  const rows = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const options = { title: "t", names: ["a", "b", "c"], range: [-6, 6] as const, most: 2 };
  const { data, layout } = pairPanels({ one: rows, two: rows.map((v) => -v) }, { ...options, pair: [0, 2] });
  expect(Array.from(data[0]!.x as number[])).toEqual([1, 4]);
  expect(Array.from(data[1]!.y as number[])).toEqual([-3, -6]);
  expect(layout.xaxis2).toMatchObject({ range: [-6, 6] });
  expect(() => pairPanels({ one: rows }, { ...options, pair: [0, 3] })).toThrow("index below 3, got 3");
});
