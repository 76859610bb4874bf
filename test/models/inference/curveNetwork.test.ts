import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import {
  type CurveNetwork,
  curveOf,
  curveTarget,
} from "../../../lib/models/inference/comparison/curveNetwork.js";

const network: CurveNetwork = {
  ...{ units: 3, noiseSd: 0.5 },
  prior: { weight: 4, bias: 2, outputWeight: 0.5, outputBias: 1 },
};

test("the gradient by hand is that of finite differences", () => {
  const target = curveTarget(network, [-1, 0.2, 0.7], [0.3, -0.1, 0.5]);
  const theta = normals(key("curve"), target.dimension);
  const [gradient, spare] = [new Float64Array(10), new Float64Array(10)];
  target.evaluate(theta, gradient);
  theta.forEach((_, p) => {
    const moved = (by: number) =>
      target.evaluate(
        theta.map((v, i) => v + (i === p ? by : 0)),
        spare,
      );
    expect(gradient[p]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5);
  });
});

test("the density is normalised: with no unit in use it is that of a normal about c", () => {
  const target = curveTarget(network, [0.4], [0.7]);
  const theta = new Float64Array(10);
  theta[9] = 0.2;
  const normal = (x: number, sd: number) => -0.5 * (Math.log(2 * Math.PI) + (x / sd) ** 2) - Math.log(sd);
  const prior = 3 * (normal(0, 4) + normal(0, 2) + normal(0, 0.5)) + normal(0.2, 1);
  expect(target.evaluate(theta, new Float64Array(10))).toBeCloseTo(prior + normal(0.5, 0.5), 12);
  expect(Array.from(curveOf(network, theta, [0, 9]))).toEqual([0.2, 0.2]);
});

test("lengths that differ and deviations that are not positive are refused", () => {
  expect(() => curveTarget(network, [1, 2], [1])).toThrow("y: expected 2");
  expect(() => curveTarget({ ...network, noiseSd: 0 }, [1], [1])).toThrow("noiseSd");
});
