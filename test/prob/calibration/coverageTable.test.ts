import { expect, test } from "vitest";
import { prob } from "../../../lib/index.js";

test("evenly spread probabilities are covered at their level, those at the ends never", () => {
  const even = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  const ends = [0, 1, 1, 0];
  const rows = prob.calibration.coverageTable({ calibrated: even, narrow: ends }, [0.5, 0.9]);
  expect(rows[0]).toEqual({ intervals: "calibrated", "50 %": 50, "90 %": 90 });
  expect(rows[1]).toEqual({ intervals: "narrow", "50 %": 0, "90 %": 0 });
});
