import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { type KpssOptions, kpss } from "../../../lib/features/facts/kpss.js";
import { dickeyFuller } from "../../../lib/features/facts/stationarity.js";

const wave = Float64Array.from({ length: 200 }, (_, t) => Math.sin(1.7 * t) + Math.cos(t ** 1.5));

test.each([
  // VI-65; kpss(x, regression, nlags) of statsmodels 0.15, x = wave + a t + b t²
  [0, 0, "level", 5, 0.1, 5],
  [0.002, 0, "level", 0, 0.08747066699677826, 0],
  [0.0015, 0, "level", 3, 0.04285156549592291, 3],
  [0.0015, 0, "level", "automatic", 0.0398622817943397, 23],
  [0.004, 0, "level", 5, 0.01, 5],
  [0.0005, 3e-5, "line", 3, 0.04434686474913075, 3],
  [0.0005, 3e-5, "line", "automatic", 0.024309040703698343, 24],
] as const)("the p-value of wave + %f t + %f t² is that of statsmodels", (a, b, trend, lags, p, used) => {
  const got = kpss(
    wave.map((x, t) => x + a * t + b * t * t),
    { trend, lags } satisfies KpssOptions,
  );
  expect(got.lags).toBe(used);
  expect(got.pValue).toBeCloseTo(p, 9);
});

test("the statistic of a running sum, and its critical values, are those of statsmodels", () => {
  let level = 0;
  const x = wave.map((step) => {
    level += step;
    return level;
  });
  expect(kpss(x, { trend: "level", lags: 5 }).statistic).toBeCloseTo(1.5219840931216133, 9);
  expect(kpss(x, { trend: "line", lags: "automatic" })).toMatchObject({
    ...{ statistic: expect.closeTo(0.41235959250583576, 9), pValue: 0.01, lags: 9 },
    ...{ critical1: 0.216, critical5: 0.146, critical10: 0.119 },
  });
});

test("it neither feels the level nor the unit, nor a line where it is told of one", () => {
  const options = { trend: "line", lags: 4 } as const;
  const { statistic } = kpss(wave, options);
  const moved = wave.map((x, t) => 1e4 + 50 * x - 3 * t);
  expect(kpss(moved, options).statistic).toBeCloseTo(statistic, 9);
});

test("noise is called stationary and its running sum is not, by both tests", () => {
  const noise = normals(key("kpss"), 2000);
  const walk = noise.slice();
  for (let t = 1; t < walk.length; t++) walk[t]! += walk[t - 1]!;
  const [still, moving] = [noise, walk].map((x) => ({
    stationary: kpss(x, { trend: "level", lags: "automatic" }).pValue,
    root: dickeyFuller(x, { trend: "level", lags: 5 }).pValue,
  }));
  expect(still!.stationary).toBeGreaterThan(0.05);
  expect(still!.root).toBeLessThan(0.01);
  expect(moving!.stationary).toBe(0.01);
  expect(moving!.root).toBeGreaterThan(0.05);
});

test("what cannot be tested is refused", () => {
  const options = { trend: "level", lags: 2 } as const;
  expect(() => kpss([1, 2, 3], options)).toThrow("length of the series: expected an integer of at least 12");
  expect(() => kpss([...wave, Number.NaN], options)).toThrow("series[200]: expected a finite number");
  expect(() => kpss(new Float64Array(50).fill(0.1), options)).toThrow("expected values that vary");
  const line = Float64Array.from({ length: 50 }, (_, t) => 3 * t + 1e6);
  expect(() => kpss(line, { trend: "line", lags: 2 })).toThrow("vary around their line");
  expect(() => kpss(wave, { trend: "level", lags: 200 })).toThrow(
    "lags: expected fewer than 200 values, got 200",
  );
  expect(() => kpss(wave, { trend: "level", lags: -1 })).toThrow("lags: expected an integer of at least 0");
});
