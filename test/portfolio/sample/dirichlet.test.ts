import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { covariance, mean, standardDeviation, variance } from "../../../lib/core/stats.js";
import {
  dirichletLogDensity,
  dirichletMoments,
  klDirichlet,
  sampleDirichlet,
} from "../../../lib/portfolio/sample/dirichlet.js";
import { integrate } from "../../../lib/prob/distributions/quadrature.js";

const root = key("dirichlet");
const count = 40_000;

function portfolios(name: string, alpha: readonly number[]): Float64Array[] {
  const weights = sampleDirichlet(fold(root, name), count, alpha);
  return Array.from({ length: count }, (_, n) => weights.subarray(n * alpha.length, (n + 1) * alpha.length));
}

/** How many standard errors the average of `values` lies from `expected`. */
function errorsAway(values: ArrayLike<number>, expected: number): number {
  return Math.abs(mean(values) - expected) / (standardDeviation(values) / Math.sqrt(values.length));
}

const herfindahl = (w: Float64Array) => w.reduce((total, value) => total + value * value, 0);

test("the moments of the flat distribution over three assets are those on paper", () => {
  const flat = dirichletMoments([1, 1, 1]);
  expect(flat.mean[0]).toBeCloseTo(1 / 3, 14);
  expect(flat.variance[1]).toBeCloseTo(1 / 18, 14);
  expect(flat.covariance.get(0, 2)).toBeCloseTo(-1 / 36, 14);
  expect(flat.meanHerfindahl).toBeCloseTo(0.5, 14);
  expect(flat.entropy).toBeCloseTo(-Math.log(2), 13);
  expect(flat.meanLog[0]).toBeCloseTo(-1.5, 13); // ψ(1) − ψ(3)
  expect(flat.mode).toBeNull();
});

test.each([[[0.3, 0.3, 0.3, 0.3]], [[2, 3, 5]], [[0.5, 20, 1]]])(
  "draws of %j have the mean, covariance, mean log and entropy of theory",
  (alpha) => {
    const drawn = portfolios(alpha.join(), alpha);
    const theory = dirichletMoments(alpha);
    for (let i = 0; i < alpha.length; i++) {
      const column = Float64Array.from(drawn, (w) => w[i]!);
      expect(errorsAway(column, theory.mean[i]!)).toBeLessThan(4);
      expect(errorsAway(column.map(Math.log), theory.meanLog[i]!)).toBeLessThan(4);
      const other = Float64Array.from(drawn, (w) => w[(i + 1) % alpha.length]!);
      const beside = theory.mean[(i + 1) % alpha.length]!;
      const products = column.map((value, n) => (value - theory.mean[i]!) * (other[n]! - beside));
      expect(errorsAway(products, theory.covariance.get(i, (i + 1) % alpha.length))).toBeLessThan(4);
      const squares = column.map((value) => (value - theory.mean[i]!) ** 2);
      expect(errorsAway(squares, theory.variance[i]!)).toBeLessThan(4);
    }
    expect(errorsAway(drawn.map(herfindahl), theory.meanHerfindahl)).toBeLessThan(4);
    const surprise = drawn.map((w) => -dirichletLogDensity(w, alpha));
    expect(errorsAway(surprise, theory.entropy)).toBeLessThan(4);
  },
);

test("every portfolio is long-only and sums to one", () => {
  for (const w of portfolios("sums", [0.4, 2, 7])) {
    expect(w.every((value) => value >= 0)).toBe(true);
    expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  }
});

test("VP-32: a small alpha puts nearly all in one asset, a large one spreads evenly", () => {
  const size = 8;
  const concentrated = portfolios("small", new Array(size).fill(0.02));
  expect(mean(concentrated.map((w) => Math.max(...w)))).toBeGreaterThan(0.9);
  const favourites = new Float64Array(size);
  for (const w of concentrated) favourites[w.indexOf(Math.max(...w))]!++;
  for (const chosen of favourites)
    expect(Math.abs(chosen - count / size)).toBeLessThan(4 * Math.sqrt((count / size) * (1 - 1 / size)));
  const even = portfolios("large", new Array(size).fill(2000));
  for (const w of even.slice(0, 1000))
    for (const value of w) expect(Math.abs(value - 1 / size)).toBeLessThan(0.02);
  expect(mean(even.map(herfindahl))).toBeCloseTo(1 / size, 3);
});

test("an alpha whose gamma draws would underflow still gives portfolios", () => {
  const corners = portfolios("corner", [1e-4, 1e-4, 2e-4]);
  expect(corners.every((w) => Math.abs(w[0]! + w[1]! + w[2]! - 1) < 1e-12)).toBe(true);
  expect(
    errorsAway(
      Float64Array.from(corners, (w) => w[2]!),
      0.5,
    ),
  ).toBeLessThan(4);
  expect(mean(corners.map((w) => Math.max(...w)))).toBeGreaterThan(0.999);
});

test("the density of two assets integrates to one and has its moments", () => {
  const density = (w: number) => Math.exp(dirichletLogDensity([w, 1 - w], [2.5, 4]));
  const breaks = [0, 0.05, 0.3, 0.7, 0.95, 1];
  expect(integrate(density, breaks)).toBeCloseTo(1, 9);
  expect(integrate((w) => w * density(w), breaks)).toBeCloseTo(2.5 / 6.5, 9);
});

test("the mode is where the density is highest", () => {
  const alpha = [2, 3, 6];
  const mode = dirichletMoments(alpha).mode!;
  expect(Array.from(mode)).toEqual([1 / 8, 2 / 8, 5 / 8]);
  const top = dirichletLogDensity(mode, alpha);
  for (const [i, j] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const) {
    const beside = mode.slice();
    beside[i]! += 0.01;
    beside[j]! -= 0.01;
    expect(dirichletLogDensity(beside, alpha)).toBeLessThan(top);
  }
});

test("KL is zero between equals, positive otherwise, and agrees with draws", () => {
  const [alpha, beta] = [
    [2, 3, 5],
    [1, 4, 1.5],
  ];
  expect(klDirichlet(alpha, alpha)).toBe(0);
  expect(klDirichlet(beta, alpha)).toBeGreaterThan(0);
  expect(klDirichlet(beta, alpha)).not.toBeCloseTo(klDirichlet(alpha, beta), 2);
  const ratios = portfolios("kl", alpha).map(
    (w) => dirichletLogDensity(w, alpha) - dirichletLogDensity(w, beta),
  );
  expect(errorsAway(ratios, klDirichlet(alpha, beta))).toBeLessThan(4);
});

test("assets are independent but for their sum: the same key gives the same portfolios, another name others", () => {
  const weights = (name: string) => sampleDirichlet(fold(root, name), 5, [1, 1]);
  expect(weights("a")).toEqual(weights("a"));
  expect(weights("a")).not.toEqual(weights("b"));
  const pairs = portfolios("pair", [1, 1, 1, 1]);
  const share = Float64Array.from(pairs, (w) => w[0]! / (w[0]! + w[1]!));
  const pot = Float64Array.from(pairs, (w) => w[0]! + w[1]!);
  const limit = 4 * Math.sqrt((variance(share) * variance(pot)) / count);
  expect(Math.abs(covariance(share, pot))).toBeLessThan(limit);
});

test("an alpha that is not positive, or misses an asset, is refused by name", () => {
  expect(() => sampleDirichlet(root, 3, [1, 0])).toThrow("alpha[1]: expected a positive number, got 0");
  expect(() => sampleDirichlet(root, 0, [1])).toThrow("count: expected an integer of at least 1, got 0");
  expect(() => klDirichlet([1, 2], [1])).toThrow("beta: expected 2 values, got 1");
  expect(() => dirichletLogDensity([1], [1, 2])).toThrow("w: expected 2 values, got 1");
});
