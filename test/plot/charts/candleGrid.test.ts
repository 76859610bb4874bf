import { expect, test } from "vitest";
import type { Bars } from "../../../lib/core/types.js";
import { candleGridFigure } from "../../../lib/plot/charts/prices/candleGrid.js";

const day = (to: number): Bars => ({
  ...{ symbol: "decoded", stepMs: 1, openTime: Float64Array.of(0, 1), volume: Float64Array.of(1, 1) },
  ...{ open: Float64Array.of(100, to), close: Float64Array.of(to, 100) },
  ...{ high: Float64Array.of(104, 104), low: Float64Array.of(96, 96) },
});
const rows = [
  { name: "unit 0", bars: [day(98), day(102)] },
  { name: "unit 1", bars: [day(99), { ...day(101), high: Float64Array.of(120, 104) }] },
];
const figure = candleGridFigure({ title: "Two units", columns: ["−1σ", "1σ"], rows });

test("BV-51: there is a panel for each row and column, with candles that rose and fell", () => {
  expect(figure.data.filter((trace) => trace.type === "candlestick").length).toBe(8);
  expect(new Set(figure.data.map((trace) => trace.xaxis))).toHaveProperty("size", 4);
  expect(figure.data[0]).toMatchObject({ name: "rose", x: [2], open: [98], close: [100] });
});

test("the panels of a row have one scale of prices", () => {
  for (const axis of ["yaxis", "yaxis2"]) expect(figure.layout[axis]).toMatchObject({ range: [96, 104] });
  for (const axis of ["yaxis3", "yaxis4"]) expect(figure.layout[axis]).toMatchObject({ range: [96, 120] });
});

test("no panel has the slider that candles come with", () => {
  for (const axis of ["xaxis", "xaxis2", "xaxis3", "xaxis4"])
    expect(figure.layout[axis]).toMatchObject({ rangeslider: { visible: false } });
});

test("a row without a column is refused by name", () => {
  const short = [{ name: "unit 2", bars: [day(99)] }];
  expect(() => candleGridFigure({ title: "x", columns: ["a", "b"], rows: short })).toThrow(/unit 2/);
});
