import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { adjustedRandIndex } from "../../../lib/models/regimes/clusterScores.js";
import {
  fitGaussianMixture,
  type GaussianMixtureOptions,
  gaussianMixtureLogDensity,
  gaussianMixtureResponsibilities,
  likeliest,
} from "../../../lib/models/regimes/gaussianMixture.js";
import { mixtureLogDensity } from "../../../lib/prob/distributions/mixture.js";
import { blobs } from "../support/regimes.js";

const { x, truth } = blobs();
const options: GaussianMixtureOptions = {
  ...{ columns: 2, components: 3, covariance: "full", key: key("g"), starts: 5, sweeps: 500 },
};

const close = (values: ArrayLike<number>, expected: readonly number[], digits: number) => {
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, digits);
  });
};

// VI-86
test("with full covariances the mixture is that of scikit-learn", () => {
  const fit = fitGaussianMixture(x, options);
  expect(fit.converged).toBe(true);
  expect(fit.logLikelihood).toBeCloseTo(-1038.05719402, 6);
  expect(fit.bic).toBeCloseTo(2173.07869009, 5);
  close(fit.weight, [0.5563640504570524, 0.26795392595187, 0.17568199766696643], 4);
  close(fit.mean, [0.060451, -0.104559, 4.031594, 0.847125, 1.170483, 5.068982], 4);
  close(fit.covariance[0]!.to1DArray(), [1.00287, 0.148597, 0.148597, 0.796776], 4);
  close(fit.covariance[1]!.to1DArray(), [0.162579, -0.045937, -0.045937, 1.934908], 4);
  const first = gaussianMixtureResponsibilities(fit, x).slice(0, 3);
  close(first, [1.15221326e-8, 0, 0.99999998848], 9);
});

test("with diagonal covariances too", () => {
  const fit = fitGaussianMixture(x, { ...options, covariance: "diagonal" });
  expect(fit.logLikelihood).toBeCloseTo(-1041.1016199969847, 6);
  expect(fit.bic).toBeCloseTo(2162.0561946391563, 5);
  close(fit.covariance[0]!.to1DArray(), [0.996003, 0, 0, 0.796895], 4);
});

test("the likelihood rises with every sweep, from any start", () => {
  const cloud = normals(key("cloud"), 900).map((z, i) => z * (i % 3 === 0 ? 3 : 1));
  for (let s = 0; s < 10; s++) {
    for (const covariance of ["full", "diagonal"] as const) {
      const { history } = fitGaussianMixture(cloud, {
        ...{ columns: 3, components: 4, covariance, starts: 1, sweeps: 60, key: fold(key("s"), s) },
      });
      expect(history.length).toBeGreaterThan(5);
      for (let i = 1; i < history.length; i++) expect(history[i]).toBeGreaterThan(history[i - 1]!);
    }
  }
});

test("the components find the planted clouds, from calm to volatile", () => {
  const fit = fitGaussianMixture(x, options);
  const label = likeliest(gaussianMixtureResponsibilities(fit, x), 3);
  expect(adjustedRandIndex(label, truth)).toBeGreaterThan(0.95);
  const whole = fitGaussianMixture(x, { ...options, components: 1 }).covariance[0]!;
  const size = fit.covariance.map((own) => own.get(0, 0) / whole.get(0, 0) + own.get(1, 1) / whole.get(1, 1));
  expect(size).toEqual([...size].sort((a, b) => a - b));
});

test("the criterion of Schwarz chooses the planted number of clouds", () => {
  const bic = [1, 2, 3, 4, 5].map((components) => fitGaussianMixture(x, { ...options, components }).bic);
  expect(bic.indexOf(Math.min(...bic))).toBe(2);
});

test("a single component has the mean and covariance of the rows", () => {
  const fit = fitGaussianMixture(Float64Array.of(0, 0, 2, 0, 0, 4, 2, 4, 1, 7), {
    ...options,
    components: 1,
  });
  close(fit.mean, [1, 3], 12);
  close(fit.covariance[0]!.to1DArray(), [0.8, 0, 0, 7.2], 12);
});

test("units do not matter: means move with them, responsibilities do not", () => {
  const scaled = x.map((value, i) => (i % 2 === 0 ? 1e-4 * value : 1e5 * value - 3));
  const [a, b] = [fitGaussianMixture(x, options), fitGaussianMixture(scaled, options)];
  close(gaussianMixtureResponsibilities(b, scaled), Array.from(gaussianMixtureResponsibilities(a, x)), 6);
  expect(b.logLikelihood).toBeCloseTo(a.logLikelihood - 300 * Math.log(10), 5);
});

test("in one dimension the density is that of a mixture of normals", () => {
  const model = {
    ...{ columns: 1, weight: Float64Array.of(0.3, 0.7), mean: Float64Array.of(-1, 2) },
    covariance: [fromRows([[0.25]]), fromRows([[4]])],
  };
  const rows = Float64Array.of(-3, 0, 1.5);
  const same = Array.from(rows, (value) =>
    mixtureLogDensity(value, { weight: [0.3, 0.7], mean: [-1, 2], sd: [0.5, 2] }),
  );
  close(gaussianMixtureLogDensity(model, rows), same, 12);
});

// VI-84: what a mixture calls rare
test("rows far from all components have a density of almost nothing, and responsibilities that sum to one", () => {
  const fit = fitGaussianMixture(x, options);
  const far = Float64Array.of(300, -400);
  expect(gaussianMixtureLogDensity(fit, far)[0]).toBeLessThan(-1e4);
  expect(gaussianMixtureResponsibilities(fit, far).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("components that collapse are held at the least variance, and told", () => {
  const twice = Float64Array.from([...normals(key("broad"), 200), ...new Float64Array(20).fill(5)]);
  const fit = fitGaussianMixture(twice, { ...options, columns: 1, components: 2 });
  expect(fit.degenerate).toBe(1);
  expect(fit.covariance[0]!.get(0, 0)).toBeGreaterThan(0);
  expect(Number.isFinite(fit.logLikelihood)).toBe(true);
  for (let i = 1; i < fit.history.length; i++) expect(fit.history[i]).toBeGreaterThan(fit.history[i - 1]!);
  expect(fitGaussianMixture(x, options).degenerate).toBe(0);
});

test("columns that repeat each other do not stop the fit", () => {
  const doubled = Float64Array.from({ length: 600 }, (_, i) => x[i - (i % 2)]!);
  const fit = fitGaussianMixture(doubled, { ...options, components: 2 });
  expect(fit.degenerate).toBe(2);
  expect(Number.isFinite(fit.logLikelihood)).toBe(true);
});

test("what has no mixture is refused", () => {
  const mixtureOf = (rows: number[], columns = 1) =>
    fitGaussianMixture(Float64Array.from(rows), { ...options, columns, components: 2 });
  expect(() => mixtureOf([1, 5, 2, 5, 3, 5], 2)).toThrow("x: expected column 1 to vary, got 5 throughout");
  expect(() => mixtureOf([1, 2, Number.NaN])).toThrow("x[2]: expected a finite number, got NaN");
  expect(() => mixtureOf([1, 2, 3], 2)).toThrow("x: expected 2 values, got 3");
  expect(() => fitGaussianMixture(x, { ...options, starts: 0 })).toThrow("starts: expected an integer");
});
