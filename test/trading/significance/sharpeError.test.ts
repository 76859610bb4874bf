import { expect, test } from "vitest";
import { mean } from "../../../lib/core/stats.js";
import { longRunVariance, sharpeHacError } from "../../../lib/trading/significance/sharpeError.js";
import { hashAverage } from "../../support/hashSeries.js";

const x = hashAverage(400);
const centred = x.map((v) => v - mean(x));

test("the long-run variance has the bandwidth 1.3221 (α T)^⅕ of Andrews' quadratic-spectral kernel", () => {
  // Andrews 1991 and Andrews & Monahan 1992 written out in numpy over all lags; a constant of 1.3222 gives 1.605888, 1.3 gives 1.592896
  expect(Math.abs(longRunVariance(centred) - 1.605830507365773)).toBeLessThan(3e-5);
});

test.each([1e-200, 1e200])("the error is the same for returns of size %d", (unit) => {
  expect(sharpeHacError(x.map((v) => v * unit))).toBeCloseTo(sharpeHacError(x), 12);
});

test("the long-run variance is in the square of the values' unit, also where their fourth powers vanish", () => {
  expect(longRunVariance(centred.map((v) => v * 1e-150)) / 1e-300).toBeCloseTo(longRunVariance(centred), 9);
});
