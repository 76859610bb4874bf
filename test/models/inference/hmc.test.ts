import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key } from "../../../lib/core/random.js";
import { correlation, mean, variance } from "../../../lib/core/stats.js";
import { gaussianTarget } from "../../../lib/models/inference/exact/target.js";
import { hmc, parameterChains, parameterDraws } from "../../../lib/models/inference/sampling/hmc.js";
import { correlatedPair } from "../../support/simpleTargets.js";

const root = key("hmc");
const options = { chains: 4, warmup: 500, draws: 2000, key: root };

test("a correlated Gaussian: means, variances and correlation within Monte-Carlo error", () => {
  const fit = hmc(correlatedPair(0.9), options);
  const [a, b] = [parameterDraws(fit, 0), parameterDraws(fit, 1)];
  expect(Math.abs(mean(a) - 1)).toBeLessThan(0.1);
  expect(Math.abs(mean(b) + 2)).toBeLessThan(0.1);
  expect(Math.abs(variance(a) - 1)).toBeLessThan(0.12);
  expect(Math.abs(correlation(a, b) - 0.9)).toBeLessThan(0.02);
  expect(fit.divergences).toBe(0);
  expect(mean(fit.acceptance)).toBeGreaterThan(0.65);
  expect(mean(fit.acceptance)).toBeLessThan(0.95);
});

test("scales a thousand times apart are learnt by the metric", () => {
  const fit = hmc(
    gaussianTarget(
      [0, 0],
      fromRows([
        [1e6, 0],
        [0, 1],
      ]),
    ),
    { ...options, warmup: 1000 },
  );
  expect(Math.abs(variance(parameterDraws(fit, 0)) / 1e-6 - 1)).toBeLessThan(0.15);
  expect(Math.abs(variance(parameterDraws(fit, 1)) - 1)).toBeLessThan(0.15);
});

test("a banana keeps its known moments: z₂ = z₁² + noise", () => {
  const banana = {
    dimension: 2,
    evaluate(theta: Float64Array, gradient: Float64Array) {
      const [a, b] = [theta[0]!, theta[1]!];
      const off = b - a * a;
      gradient[0] = -a + 2 * a * off;
      gradient[1] = -off;
      return -0.5 * (a * a + off * off);
    },
  };
  const fit = hmc(banana, { ...options, draws: 8000 });
  expect(Math.abs(mean(parameterDraws(fit, 1)) - 1)).toBeLessThan(0.15); // E z₂ = Var z₁
  expect(Math.abs(variance(parameterDraws(fit, 0)) - 1)).toBeLessThan(0.12);
});

test("the same key gives the same draws; chains differ from each other", () => {
  const short = { ...options, warmup: 50, draws: 20 };
  expect(hmc(correlatedPair(0.5), short)).toEqual(hmc(correlatedPair(0.5), short));
  const chains = parameterChains(hmc(correlatedPair(0.5), short), 0);
  expect(chains).toHaveLength(4);
  expect(chains[0]).not.toEqual(chains[1]);
});

test("a target that is not finite at the start is refused with the point", () => {
  const hole = { dimension: 1, evaluate: () => Number.NEGATIVE_INFINITY };
  expect(() => hmc(hole, { ...options, key: fold(root, "hole") })).toThrow(
    "the target is -Infinity where a chain starts",
  );
});
