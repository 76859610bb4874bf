import { expect, test } from "vitest";
import { fold, fromRows, key, normals, sum } from "../../../lib/core/index.js";
import { compareSlopes, riskByWindow } from "../../../lib/models/factor/index.js";

const root = key("study tables");
const names = ["A", "B"];
/** Market m; A falls twice as fast as it rises, B as fast. */
const m = normals(fold(root, "market"), 3000);
const x = Float64Array.from({ length: 6000 }, (_, i) => {
  const market = m[Math.floor(i / 2)]!;
  return i % 2 === 0 && market < 0 ? 2 * market : market;
});
const part = { rows: 3000, x };
const data = { names, train: part, validation: part, test: part };
const loadings = (side?: string) => ({
  mean: fromRows([[1], [1]]),
  each: [fromRows(side === "down" ? [[1.5], [1.1]] : [[1], [1]])],
});

test("ratios are compared with the truth where there is one: what is found of the excess over 1 is a fraction of the true one", () => {
  const truth = { downLoadings: Float64Array.of(2, 1.2), upLoadings: Float64Array.of(1, 1) };
  const { reference, points, rows } = compareSlopes({ data, loadings }, truth);
  expect(reference).toBe("true ratio");
  expect(Array.from(points.x)).toEqual([2, 1.2]);
  expect(Array.from(points.y)).toEqual([1.5, 1.1]);
  const decoder = rows.find(({ ratios }) => ratios === "decoder")!;
  expect(decoder.mean).toBeCloseTo(1.3, 12);
  expect(decoder["excess found"]).toBeCloseTo(0.5, 12);
  expect(decoder.correlation).toBeCloseTo(1, 12);
});

test("without a truth the reference is the regression", () => {
  const { reference, rows } = compareSlopes({ data, loadings });
  expect(reference).toBe("ratio by regression");
  expect(rows.map(({ ratios }) => ratios)).toEqual(["regression", "decoder"]);
  expect(rows.some((row) => "excess found" in row)).toBe(false);
});

test("contributions by window add up to the variance, in percent of it, with the windows' extremes about the whole", () => {
  const [one, two, three] = ["one", "two", "three"].map((name) => normals(fold(root, name), 400));
  const study = {
    factors: 1,
    attribute: () => ({ names: [], values: [one!, two!.map((v) => v / 10), three!.map((v) => v / 3)] }),
  };
  const time = Float64Array.from({ length: 400 }, (_, n) => n * 3_600_000);
  const timed = { rows: 400, x: new Float64Array(400), time, scale: new Float64Array(400).fill(2) };
  const { series, rows } = riskByWindow(study, timed, [1], 100);
  expect(sum(rows.map(({ whole }) => whole))).toBeCloseTo(100, 10);
  expect(rows.map((row) => row.part)).toEqual([
    "market factor",
    "other factors",
    "nonlinear",
    "idiosyncratic",
  ]);
  expect(rows[1]).toMatchObject({ whole: 0, least: 0, greatest: 0 });
  rows.forEach(({ least, whole, greatest }) => {
    expect(least).toBeLessThanOrEqual(whole);
    expect(greatest).toBeGreaterThanOrEqual(whole);
  });
  expect(series[2]!.x[1]).toBe("1970-01-05T04:00:00.000Z");
  const expected = 4 * 100 ** 2 * (1 + 0.01 + 1 / 9); // of independent parts, percent squared
  expect(Math.abs(sum(series[2]!.y) / 4 / expected - 1)).toBeLessThan(0.3);
});
