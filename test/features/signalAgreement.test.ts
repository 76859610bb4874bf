import { expect, test } from "vitest";
import { features } from "../../lib/index.js";

test("signals that are alike agree fully, opposite ones not at all, and columns outside do not count", () => {
  const x = Float64Array.of(9, 2, 2, -9, 3, -3, 9, -1, -1);
  expect(Array.from(features.signalAgreement({ x, columns: 3 }, 1, 3))).toEqual([1, 0, 1]);
  expect(() => features.signalAgreement({ x, columns: 3 }, 1, 4)).toThrow("features");
});
