import { expect, test } from "vitest";
import { type EquitySeries, equityFigure, underPeak } from "../../../lib/plot/charts/accounts/equity.js";
import { logTicks } from "../../../lib/plot/ticks.js";
import { HOUR, hours, numbers, START, traceOf, walk } from "../support/hours.js";

const time = hours(4);
const rise: EquitySeries = { name: "model", time, equity: [110, 99, 121, 60.5], capital: 100 };
const draw = (...series: EquitySeries[]) => equityFigure({ title: "One", series });

test("equity is drawn in multiples of the capital over UTC milliseconds", () => {
  const figure = draw({ ...rise, lower: [100, 90, 110, 50], upper: [120, 110, 130, 70] });
  expect(numbers(traceOf(figure, "model").x)).toEqual([1, 2, 3, 4].map((hour) => START + hour * HOUR));
  expect(numbers(traceOf(figure, "model").y)).toEqual([1.1, 0.99, 1.21, 0.605]);
  expect(numbers(traceOf(figure, "model, band").y)).toEqual([1.2, 1.1, 1.3, 0.7, 0.5, 1.1, 0.9, 1]);
  expect(figure.layout.xaxis).toMatchObject({ type: "date", title: { text: "time [UTC]" } });
});

// VI-80
test("the drawdown below counts from the capital and from each new peak", () => {
  const figure = draw({ ...rise, equity: [90, 108, 54, 108] });
  numbers(traceOf(figure, "model, drawdown").y).forEach((value, t) => {
    expect(value).toBeCloseTo([-10, 0, -50, 0][t]!, 10);
  });
  expect(traceOf(figure, "model, drawdown").yaxis).toBe("y2");
  expect(equityFigure({ title: "One", series: [rise], drawdown: false }).layout).not.toHaveProperty("yaxis2");
  expect([...underPeak([2, 1, 4])]).toEqual([0, 0.5, 0]);
});

test("what comes later does not move an earlier drawdown", () => {
  const equity = walk("equity", 500);
  const before = underPeak(equity).slice(0, 400);
  expect(underPeak(equity.map((value, t) => (t < 400 ? value : 10 * value))).slice(0, 400)).toEqual(before);
});

test("a benchmark is dashed and takes no colour; variants of a name are thin and share a legend entry", () => {
  const variant = { ...rise, name: "look-backs", role: "variant" } as const;
  const figure = draw(variant, variant, rise, { ...rise, name: "hold", role: "benchmark" });
  const lineOf = (name: string) => traceOf(figure, name).line as Record<string, unknown>;
  expect(lineOf("hold")).toMatchObject({ dash: "5px,2px", color: "#4D4D4D" });
  expect(lineOf("model")).toMatchObject({ width: 2.25, color: "#D55E00" });
  expect(lineOf("look-backs")).toMatchObject({ width: 1, color: "rgba(0,114,178,0.5)" });
  const entries = figure.data.filter((trace) => trace.name === "look-backs");
  expect(entries.map((trace) => trace.showlegend)).toEqual([undefined, false]);
  expect(traceOf(figure, "look-backs, drawdown")).toBeUndefined();
  expect(figure.data[figure.data.length - 1]!.name).toBe("model");
});

test("thinning keeps the ends, the extremes and the depth of a drawdown of one bar", () => {
  const equity = walk("equity", 20_000);
  equity[12_345] = 0.001;
  const figure = draw({ name: "model", time: hours(20_000), equity, capital: 1 });
  const y = numbers(traceOf(figure, "model").y);
  expect(y.length).toBeLessThan(1000);
  expect([y[0], y[y.length - 1]]).toEqual([equity[0], equity[19_999]]);
  expect(y).toContain(0.001);
  expect(Math.min(...numbers(traceOf(figure, "model, drawdown").y))).toBeLessThan(-99);
});

test("ruin and wrong series are refused by name, bar and time", () => {
  const log = (series: EquitySeries) => () => equityFigure({ title: "One", yType: "log", series: [series] });
  expect(log({ ...rise, equity: [1, 0, 0, 0] })).toThrow(
    'equity of "model"[1] at 2024-01-01 02:00: expected a positive number on a log axis, got 0',
  );
  expect(log({ ...rise, lower: [1, 1, 1, -1], upper: [1, 1, 1, 1] })).toThrow('lower of "model"[3]');
  expect(() => draw({ ...rise, equity: [1, Number.NaN, 1, 1] })).toThrow(
    'equity of "model"[1]: expected a finite',
  );
  expect(() => draw({ ...rise, equity: [1] })).toThrow('equity of "model": expected 4 values, got 1');
  expect(() => draw({ ...rise, capital: 0 })).toThrow(
    'capital of "model": expected a positive number, got 0',
  );
  expect(() => draw({ ...rise, time: [1, 2, 2, 3] })).toThrow('time of "model"[2]: expected a time after');
  expect(() => draw({ ...rise, time: [], equity: [] })).toThrow(
    "expected UTC milliseconds, got an empty array",
  );
});

test("a log axis has round numbers in full", () => {
  expect(logTicks([0.5, 4])).toEqual({
    ...{ tickmode: "array", tickvals: [0.5, 0.7, 1, 1.5, 2, 3, 5] },
    ticktext: ["0.5", "0.7", "1", "1.5", "2", "3", "5"],
  });
  expect(logTicks([0.9, 1.1])).toEqual({});
  expect(logTicks([1, 5000]).tickvals).toEqual([1, 10, 100, 1000]);
});
