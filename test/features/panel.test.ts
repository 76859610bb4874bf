import { expect, test } from "vitest";
import { column, latestRow, makePanel, panelRows, rowsAt, wholeRows } from "../../lib/features/panel.js";

const time = Float64Array.of(10, 20, 30);
const panel = makePanel(time, { b: [1, 2, 3], a: Float64Array.of(4, 5, 6) });

test("a panel is row-major with columns in the order of their names", () => {
  expect(panel).toEqual({ time, names: ["b", "a"], values: Float64Array.of(1, 4, 2, 5, 3, 6) });
});

test("a column comes back as it went in", () => {
  expect(column(panel, "a")).toEqual(Float64Array.of(4, 5, 6));
});

test("a wrong length or an unknown name is refused", () => {
  expect(() => makePanel(time, { a: [1, 2] })).toThrow("a: expected 3 values, got 2");
  expect(() => column(panel, "c")).toThrow("expected a column of b, a, got c");
});

test("whole rows are those without a NaN or an infinity, each with its own time", () => {
  const holed = makePanel(time, { b: [1, Number.NaN, 3], a: [4, 5, 6] });
  expect(wholeRows(holed)).toEqual({
    ...{ time: Float64Array.of(10, 30), names: ["b", "a"] },
    values: Float64Array.of(1, 4, 3, 6),
  });
  expect(wholeRows(panel)).toEqual(panel);
  const infinite = makePanel(time, { a: [Number.NEGATIVE_INFINITY, 2, Number.POSITIVE_INFINITY] });
  expect(Array.from(wholeRows(infinite).time)).toEqual([20]);
});

test("a panel without a whole row is refused by the names of its columns", () => {
  const none = makePanel(time, { b: [1, Number.NaN, 3], a: [Number.NaN, 5, Number.NaN] });
  expect(() => wholeRows(none)).toThrow("rows: expected one in which b, a are all finite, got none");
});

test("rows are copied, and negative positions count from the end", () => {
  const last = panelRows(panel, -2);
  expect(last).toEqual({
    time: Float64Array.of(20, 30),
    names: ["b", "a"],
    values: Float64Array.of(2, 5, 3, 6),
  });
  last.values[0] = 9;
  expect(panel.values[2]).toBe(2);
  expect(Array.from(panelRows(panel, 0, -1).time)).toEqual([10, 20]);
});

test("rows at given times come in the order asked for, and a time that is not there is named", () => {
  const small = makePanel(Float64Array.from([10, 20, 30]), { a: [1, 2, 3], b: [4, 5, 6] });
  expect(Array.from(rowsAt(small, [30, 10]).values)).toEqual([3, 6, 1, 4]);
  expect(() => rowsAt(small, [25])).toThrow("got 25");
});

test("the latest row is the last one known, and of nothing known yet it is not a number", () => {
  expect(latestRow(panel, 25)).toEqual({ b: 2, a: 5 });
  expect(latestRow(panel, 5)).toEqual({ b: Number.NaN, a: Number.NaN });
});
