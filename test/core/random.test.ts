import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { expect, test } from "vitest";
import {
  fold,
  gammas,
  integers,
  key,
  normals,
  normals32,
  permutation,
  stream,
  uniforms,
  writeNormals,
} from "../../lib/core/random.js";
import { correlation, mean, variance } from "../../lib/core/stats.js";

const root = key(2026);
const count = 400_000;

function kolmogorovSmirnov(x: Float64Array, cdf: (value: number) => number): number {
  const sorted = Float64Array.from(x).sort();
  let worst = 0;
  sorted.forEach((value, i) => {
    const p = cdf(value);
    worst = Math.max(worst, Math.abs(p - i / sorted.length), Math.abs((i + 1) / sorted.length - p));
  });
  return worst * Math.sqrt(x.length);
}

test("the same key gives the same numbers, in any length", () => {
  expect(Array.from(normals(root, 5))).toEqual(Array.from(normals(root, 5000).subarray(0, 5)));
  expect(Array.from(normals32(root, 7))).toEqual(Array.from(Float32Array.from(normals(root, 7))));
});

test("the numbers of a key are the same on every machine and in every version", () => {
  expect(Array.from(key(2026))).toEqual([827267616, 1818180064, -1116940354, 1765959212]);
  expect(Array.from(uniforms(root, 3))).toMatchInlineSnapshot(`
    [
      0.36947920894771286,
      0.1387796552272808,
      0.4207675387091257,
    ]
  `);
  expect(Array.from(normals(root, 3))).toMatchInlineSnapshot(`
    [
      -0.01278952414549783,
      -1.375711502774497,
      -0.05577727614814001,
    ]
  `);
  expect(Array.from(permutation(root, 6))).toMatchInlineSnapshot(`
    [
      0,
      2,
      4,
      1,
      5,
      3,
    ]
  `);
});

test("normals follow N(0, 1): moments, the whole distribution and the tail beyond the last layer", () => {
  const x = normals(fold(root, "normal"), count);
  const moment = (power: number) => mean(x.map((v) => v ** power));
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
  expect(kolmogorovSmirnov(x, (v) => normalCdf(v, 0, 1))).toBeLessThan(1.95); // p = 0.001
  const beyond = x.filter((v) => Math.abs(v) > 3.442619855899).length;
  const expected = count * 2 * normalCdf(-3.442619855899, 0, 1);
  expect(Math.abs(beyond - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

test("uniforms stay inside (0, 1) and are uniform", () => {
  const u = uniforms(fold(root, "uniform"), count);
  expect(u.every((v) => v > 0 && v < 1)).toBe(true);
  expect(kolmogorovSmirnov(u, (v) => v)).toBeLessThan(1.95);
});

test.each([0.3, 1, 2.5, 40])("gammas of shape %d have that mean and variance", (shape) => {
  const x = gammas(fold(root, "gamma", String(shape)), count, shape);
  expect(Math.abs(mean(x) - shape)).toBeLessThan(4 * Math.sqrt(shape / count));
  const fourth = 3 * shape ** 2 + 6 * shape;
  expect(Math.abs(variance(x) - shape)).toBeLessThan(4 * Math.sqrt((fourth - shape ** 2) / count));
});

test("differently named keys give uncorrelated numbers", () => {
  const draws = 20_000;
  const names = ["weights", "noise", "weights ", "Weights", "1", "2", "a", "b"].map((name) =>
    fold(root, name),
  );
  const keys = [
    root,
    ...names,
    fold(root, 1),
    fold(root, 2),
    fold(root, "a", "b"),
    fold(root, "b", "a"),
    key(2027),
  ];
  const columns = keys.map((k) => normals(k, draws));
  const limit = 4.5 / Math.sqrt(draws);
  columns.forEach((x, i) => {
    columns.slice(0, i).forEach((y) => {
      expect(Math.abs(correlation(x, y))).toBeLessThan(limit);
      expect(Math.abs(correlation(x.map(Math.abs), y.map(Math.abs)))).toBeLessThan(limit);
    });
  });
});

test("the first number of consecutive keys is itself uniform", () => {
  const first = Float64Array.from({ length: 50_000 }, (_, i) => uniforms(fold(root, i), 1)[0]!);
  expect(kolmogorovSmirnov(first, (v) => v)).toBeLessThan(1.95);
  expect(Math.abs(correlation(first.subarray(1), first.subarray(0, -1)))).toBeLessThan(
    4.5 / Math.sqrt(first.length),
  );
});

test("a number and its text are different names, and so are a pair and its join", () => {
  expect(fold(root, 3)).not.toEqual(fold(root, "3"));
  expect(fold(root, "ab")).not.toEqual(fold(root, "a", "b"));
});

test("a permutation holds each index once and puts each everywhere equally often", () => {
  expect(Array.from(permutation(root, 1000)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
  const counts = new Float64Array(16);
  for (let i = 0; i < 8000; i++)
    counts[
      permutation(fold(root, "order", i), 4).indexOf(0) * 4 +
        permutation(fold(root, "order", i), 4).indexOf(3)
    ]!++;
  const chi2 = counts
    .filter((_, i) => i % 5 !== 0)
    .reduce((total, c) => total + (c - 8000 / 12) ** 2 / (8000 / 12), 0);
  expect(chi2).toBeLessThan(31.3); // 11 degrees of freedom, p = 0.001
});

test("integers below a bound are uniform", () => {
  const counts = new Float64Array(7);
  for (const i of integers(fold(root, "integers"), 70_000, 7)) counts[i]!++;
  expect(counts.reduce((total, c) => total + (c - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5); // p = 0.001
});

test("a stream continues where a block of the same key would", () => {
  const one = stream(root);
  expect([one.normal(), one.normal(), one.normal()]).toEqual(Array.from(normals(root, 3)));
});

test("bad input is refused with what came", () => {
  expect(() => key(0.5)).toThrow("got 0.5");
  expect(() => normals(root, -1)).toThrow("count: expected an integer of at least 0, got -1");
  expect(() => gammas(root, 1, 0)).toThrow("shape: expected a positive number, got 0");
  expect(() => integers(root, 1, 0)).toThrow("below");
});

test("many normals at once are those drawn one at a time, in wedges and tails and over the ends of blocks", () => {
  const count = 100_000;
  const one = stream(root);
  const single = Float64Array.from({ length: count }, () => one.normal());
  expect(normals(root, count)).toEqual(single);
  expect(Math.max(...single.map(Math.abs))).toBeGreaterThan(3.45); // the tail was asked
  for (const n of [0, 1, 255, 256, 257, 1000]) {
    expect(normals32(root, n)).toEqual(Float32Array.from(single.subarray(0, n)));
    const place = new Float32Array(n + 2).fill(7);
    writeNormals(root, place.subarray(1, n + 1));
    expect(place).toEqual(Float32Array.of(7, ...single.subarray(0, n), 7));
  }
});
