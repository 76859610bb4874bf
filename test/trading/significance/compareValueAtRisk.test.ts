import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/index.js";
import { compareValueAtRisk } from "../../../lib/trading/significance/index.js";

const root = key("value at risk");
const came = normals(fold(root, "came"), 4000);
const right = normals(fold(root, "right"), 20_000);
const rows = compareValueAtRisk({ right, "half as wide": right.map((r) => r / 2) }, came, 0.01);

test("scenarios of the right distribution announce its quantile and pass; half as wide ones are rejected", () => {
  expect(rows[0]!.level).toBeCloseTo(2.326, 1);
  expect(rows[1]!.level).toBe(rows[0]!.level / 2);
  expect(rows[0]!.kupiec).toBeGreaterThan(0.05);
  expect(rows[1]!.kupiec).toBeLessThan(1e-6);
});

test("exceedances are counted on the returns that came, of which so many were expected", () => {
  expect(rows[0]!.expected).toBe(40);
  expect(rows[1]!.exceedances).toBe(came.filter((r) => -r > rows[1]!.level).length);
});
