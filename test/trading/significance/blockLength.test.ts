import { expect, test } from "vitest";
import { optimalBlockLength } from "../../../lib/trading/significance/blockLength.js";
import { hashAverage, hashNoise } from "../../support/hashSeries.js";

test("the block of a memory of three steps is that of a window of twice its last notable lag", () => {
  // Politis & White 2004 with the correction of 2009, written out in numpy with m = 3; m = 2 gives 7.93 and m = 4 gives 7.35
  expect(optimalBlockLength(hashAverage(400))).toBeCloseTo(8.2030523175219, 9);
});

test("where no lag is notable the window is that of one", () => {
  expect(optimalBlockLength(hashNoise(400))).toBeCloseTo(1.2155543218178562, 9); // numpy, and arch 8 to all its digits
});

test.each([1e-200, 1e200])("blocks are as long where returns have the size %d", (unit) => {
  const x = hashAverage(400);
  expect(optimalBlockLength(x.map((v) => v * unit))).toBeCloseTo(optimalBlockLength(x), 9);
});
