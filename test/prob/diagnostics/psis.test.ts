import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { importanceRatios } from "../../../lib/models/inference/variational/advi.js";
import { khatOfMeanField, psis } from "../../../lib/prob/diagnostics/psis.js";
import { correlatedPair } from "../../support/simpleTargets.js";

const root = key("psis");

test("the exact index of a mean-field fit with two parameters is their correlation", () => {
  for (const rho of [0, 0.3, 0.7, 0.95])
    expect(
      khatOfMeanField(
        fromRows([
          [1, -rho],
          [-rho, 1],
        ]),
      ),
    ).toBeCloseTo(rho, 12);
});

test.each([
  [0.3, 0.3],
  [0.5, 0.45],
  [0.7, 0.65],
  [0.9, 0.79],
])("at correlation %d the mean of ten estimates is near %d", (rho, expected) => {
  const sd = Math.sqrt(1 - rho * rho);
  const fit = {
    family: "meanField",
    dimension: 2,
    mean: Float64Array.of(1, -2),
    factor: Float64Array.of(sd, 0, 0, sd),
  } as const;
  const estimates = Array.from(
    { length: 10 },
    (_, i) => psis(importanceRatios(correlatedPair(rho), fit, 20_000, fold(root, String(rho), i))).khat,
  );
  expect(Math.abs(mean(estimates) - expected)).toBeLessThan(0.1);
});

test("constant ratios are reported as such, not as an alarm", () => {
  const result = psis(new Float64Array(100).fill(-3));
  expect(result.verdict).toBe("weights constant");
  expect(result.khat).toBe(Number.POSITIVE_INFINITY);
  expect(result.logMeanExp).toBeCloseTo(-3, 12);
});

test("light tails are trusted, heavy ones not", () => {
  const noise = normals(fold(root, "tail"), 4000);
  expect(psis(noise.map((e) => 0.2 * e)).verdict).toBe("trusted");
  expect(psis(noise.map((e) => 3 * e)).verdict).toBe("not trusted");
});

test("a ratio that is not finite is refused with its place", () => {
  expect(() => psis([0, Number.NaN])).toThrow("logRatios[1]: expected a finite number, got NaN");
});
