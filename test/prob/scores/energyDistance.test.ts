import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { energyDistance, tailDependence } from "../../../lib/prob/scores/energyDistance.js";

const root = key("energy");
const draw = (name: string, rows: number) => normals(fold(root, name), rows * 2);

test("two normals a shift apart have the energy distance of the closed form", () => {
  const [x, y] = [normals(fold(root, "x"), 2000), normals(fold(root, "y"), 2000).map((v) => v + 1)];
  // 2 E|N(1,2)| − 2 E|N(0,2)| with E|N(m,2)| = (2/√π) e^{−m²/4} + m erf(m/2)
  const exact = 2 * ((2 / Math.sqrt(Math.PI)) * Math.exp(-0.25) + 0.5204998778) - 4 / Math.sqrt(Math.PI);
  expect(energyDistance(x, y, 1)).toBeCloseTo(exact, 1);
});

test("samples of one distribution are no distance apart on average, and a correlation is seen", () => {
  expect(Math.abs(energyDistance(draw("a", 1000), draw("b", 1000), 2))).toBeLessThan(0.01);
  const tied = draw("c", 1000).map((v, i, all) => (i % 2 === 1 ? 0.9 * all[i - 1]! + 0.436 * v : v));
  expect(energyDistance(draw("a", 1000), tied, 2)).toBeGreaterThan(0.03);
});

// VF-22
test("tail dependence is one for equal series, the tail itself for independent ones, and between for correlated normals", () => {
  const [x, y] = [normals(fold(root, "t"), 50_000), normals(fold(root, "u"), 50_000)];
  expect(tailDependence(x, x, 0.05)).toBe(1);
  expect(tailDependence(x, y, 0.05)).toBeCloseTo(0.05, 1);
  const tied = x.map((v, i) => 0.8 * v + 0.6 * y[i]!);
  expect(tailDependence(x, tied, 0.05)).toBeGreaterThan(0.4);
  expect(tailDependence(x, tied, 0.05)).toBeLessThan(0.6);
  expect(() => tailDependence(x, y, 0)).toThrow(/tail/);
});
