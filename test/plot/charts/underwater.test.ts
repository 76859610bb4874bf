import { expect, test } from "vitest";
import { underwaterFigure } from "../../../lib/plot/charts/accounts/underwater.js";
import { monthFigure, monthlyReturns } from "../../../lib/plot/charts/prices/months.js";
import { HOUR, hours, numbers, START, textsOf, traceOf } from "../support/hours.js";

const draw = (equity: readonly number[], capital = 100) =>
  underwaterFigure({
    title: "One",
    series: [{ name: "model", time: hours(equity.length), equity, capital }],
  });

// VI-80
test("the deepest fall is marked with its peak, trough and recovery", () => {
  const figure = draw([100, 120, 60, 90, 120, 110]);
  const y = numbers(traceOf(figure, "model").y);
  expect(y[2]).toBe(-50);
  expect(traceOf(figure, "deepest")).toMatchObject({ x: [START + 3 * HOUR], y: [-50] });
  expect(textsOf(figure)[0]).toBe(
    "−50.0 %: 3 h under water<br>peak 2024-01-01 02:00, trough 2024-01-01 03:00, recovered 2024-01-01 05:00",
  );
  expect((figure.layout.shapes as object[])[0]).toMatchObject({ x0: START + 2 * HOUR, x1: START + 5 * HOUR });
});

test("a fall that has not ended is told so, and a loss on the first bar counts from the capital", () => {
  expect(textsOf(draw([90, 80, 85]))[0]).toMatch(/^−20\.0 %: .*not recovered$/);
  expect(textsOf(draw([50, 100, 99]))[0]).toMatch(/^−50\.0 %: .*recovered 2024-01-01 02:00$/);
});

test("equity that never falls has no mark", () => {
  const figure = draw([100, 101, 102]);
  expect(figure.data).toHaveLength(1);
  expect(figure.layout.shapes).toEqual([]);
  expect(() => underwaterFigure({ title: "One", series: [] })).toThrow(
    "series: expected at least one, got none",
  );
});

test("months are those of UTC; what is known at midnight belongs to the month before", () => {
  const time = [Date.UTC(2024, 0, 20), Date.UTC(2024, 1, 1), Date.UTC(2024, 1, 1, 1), Date.UTC(2024, 3, 2)];
  const series = { name: "model", time, equity: [105, 110, 121, 60.5], capital: 100 };
  const rows = monthlyReturns(series);
  expect(rows.map(({ month }) => month)).toEqual(["2024-01", "2024-02", "2024-04"]);
  rows.forEach(({ returnPercent }, i) => {
    expect(returnPercent).toBeCloseTo([10, 10, -50][i]!, 10);
  });
  const { marker } = monthFigure({ title: "One", series }).data[0]!;
  expect(marker).toMatchObject({ color: ["#0072B2", "#0072B2", "#D55E00"] });
  expect(() => monthlyReturns({ ...series, equity: [1, 0, 1, 1] })).toThrow(
    'equity of "model" before 2024-02: expected a positive number, got 0',
  );
});

test("dates do not depend on the time zone", () => {
  const before = process.env.TZ;
  const told = ["UTC", "Asia/Tokyo", "America/New_York"].map((zone) => {
    process.env.TZ = zone;
    return JSON.stringify(draw([100, 120, 60, 90, 120, 110]));
  });
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
  expect(new Set(told).size).toBe(1);
});
