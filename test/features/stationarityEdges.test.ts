import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { rawKurtosis } from "../../lib/features/facts/dependence.js";
import { kpss } from "../../lib/features/facts/kpss.js";
import { dickeyFuller } from "../../lib/features/facts/stationarity.js";
import { rollingMean, rollingStandardDeviation } from "../../lib/features/returns.js";
import { fitScaler } from "../../lib/features/windows/scaler.js";
import { fitWindowScaler } from "../../lib/features/windows/windowScaler.js";

let level = 0;
const walk = Float64Array.from({ length: 200 }, (_, t) => {
  level += Math.sin(1.7 * t) + Math.cos(t ** 1.5);
  return level;
});

test.each([
  // adfuller(x, maxlag, regression, autolag=None) of statsmodels 0.15
  ["level", 0, -3.3363191818500764, 0.013331034079551364],
  ["level", 3, -2.2579486821986094, 0.18588907719194836],
  ["line", 0, -3.7102083425683645, 0.02169374369584963],
  ["line", 3, -2.146963699007272, 0.5197185184873092],
] as const)("the statistic about a %s with %d lags is the walk's at any level and in any unit", (...all) => {
  const [trend, lags, statistic, p] = all;
  const check = (series: Float64Array, digits: number) => {
    const found = dickeyFuller(series, { trend, lags });
    expect(found.statistic).toBeCloseTo(statistic, digits);
    expect(found.pValue).toBeCloseTo(p, digits);
  };
  check(walk, 12);
  check(
    walk.map((v) => 1e-200 * v),
    11,
  );
  check(
    walk.map((v) => 1e200 * v),
    11,
  );
  check(
    walk.map((v) => 100 + 1e-6 * v),
    6,
  ); // 100 + 1e-6 v has but eight digits of v
  check(
    walk.map((v) => 2 ** 30 + v),
    5,
  );
});

test("Akaike's criterion takes as many lags at any level and in any unit", () => {
  const options = { trend: "level", lags: { most: 8 } } as const;
  for (const series of [walk, walk.map((v) => 100 + 1e-6 * v), walk.map((v) => 1e-200 * v)])
    expect(dickeyFuller(series, options).lags).toBe(7); // adfuller(x, 8, "c", "AIC") of statsmodels 0.15
});

test("the regression leaves as many degrees of freedom as rows less all its coefficients", () => {
  // 14 rows, five coefficients: adfuller(x[:18], 3, "c", autolag=None) of statsmodels 0.15; one degree more gives −0.4906, one less −0.4388
  expect(dickeyFuller(walk.subarray(0, 18), { trend: "level", lags: 3 }).statistic).toBeCloseTo(
    -0.465468686664291,
    9,
  );
});

test("below the range of the approximation the p-value is its least one and no zero", () => {
  const zigzag = Float64Array.from({ length: 200 }, (_, t) => (t % 2) + 1e-3 * Math.sin(t * t));
  const { statistic, pValue } = dickeyFuller(zigzag, { trend: "level", lags: 0 });
  expect(statistic).toBeLessThan(-100);
  expect(pValue).toBeGreaterThan(0);
  expect(pValue).toBeLessThan(1e-25);
});

test("a series that stands still, or a trend without noise, has no regression", () => {
  const options = { trend: "line", lags: 0 } as const;
  expect(() => dickeyFuller(new Float64Array(30).fill(0.1), options)).toThrow(
    "does not follow from those before it",
  );
  expect(() =>
    dickeyFuller(
      Float64Array.from({ length: 30 }, (_, t) => t),
      options,
    ),
  ).toThrow("regressor 2");
});

test.each([1e-200, 1e200])("tests and moments are the same for values of size %d", (unit) => {
  const scaled = walk.map((v) => unit * v);
  for (const trend of ["level", "line"] as const)
    expect(kpss(scaled, { trend, lags: "automatic" }).statistic).toBeCloseTo(
      kpss(walk, { trend, lags: "automatic" }).statistic,
      10,
    );
  expect(rawKurtosis(scaled)).toBeCloseTo(rawKurtosis(walk), 11);
});

test("a column that stands still is refused, whatever its value and however many rows there are", () => {
  for (const count of [3, 7, 1000]) {
    const x = new Float64Array(count).fill(0.1);
    const rows = Uint32Array.from(x.keys());
    expect(() => fitScaler({ x, shape: [count, 1] }, rows)).toThrow("column 0: expected values that vary");
    const windows = {
      ...{ x: new Float32Array(2 * count).fill(0.1), y: Float32Array.from(normals(key("y"), count)) },
      ...{
        asset: new Uint16Array(count),
        decidedAt: new Float64Array(count),
        resolvedAt: new Float64Array(count),
      },
    };
    expect(() => fitWindowScaler(windows, rows, 1)).toThrow("feature 0: expected finite values that vary");
  }
});

test("a window of equal values has their value for a mean and no deviation, whatever its length", () => {
  const equal = new Float64Array(60).fill(0.1);
  for (let window = 2; window < 60; window++) {
    expect(rollingMean(equal, window)[59]).toBe(0.1);
    expect(rollingStandardDeviation(equal, window)[59]).toBe(0);
  }
});
