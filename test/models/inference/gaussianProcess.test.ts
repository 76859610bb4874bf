import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { bayesianLinearRegression, predictLinear } from "../../../lib/models/inference/exact/conjugate.js";
import {
  gaussianProcess,
  linearKernel,
  squaredExponential,
} from "../../../lib/models/inference/exact/gaussianProcess.js";

const root = key("gp");
const design = { x: normals(fold(root, "x"), 60), columns: 3, y: normals(fold(root, "y"), 20) };
const fresh = normals(fold(root, "fresh"), 15);

test("VI-90: with a linear kernel the process is Bayesian linear regression", () => {
  const process = gaussianProcess(design, linearKernel(2), 0.3);
  const regression = bayesianLinearRegression(design, 0.3, 2);
  expect(process.logEvidence).toBeCloseTo(regression.logEvidence, 8);
  const [a, b] = [process.predict(fresh), predictLinear(regression, fresh)];
  b.mean.forEach((value, n) => {
    expect(a.mean[n]).toBeCloseTo(value, 8);
    expect(a.variance[n]).toBeCloseTo(b.epistemic[n]!, 8);
  });
});

test("far from the data the prior comes back, and on the data the noise alone is left", () => {
  const process = gaussianProcess(design, squaredExponential(0.3, 1.5), 1e-8);
  const far = process.predict(Float64Array.from([50, 50, 50]));
  expect([far.mean[0], far.variance[0]]).toEqual([0, 2.25]);
  const seen = process.predict(design.x);
  design.y.forEach((value, n) => {
    expect(seen.mean[n]).toBeCloseTo(value, 5);
    expect(seen.variance[n]).toBeLessThan(1e-6);
  });
});

test("bad input is refused with what came", () => {
  expect(() => gaussianProcess(design, linearKernel(1), 0)).toThrow("noiseVar");
  expect(() => squaredExponential(-1, 1)).toThrow("length: expected a positive number, got -1");
});
