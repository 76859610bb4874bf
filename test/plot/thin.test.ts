import { expect, test } from "vitest";
import { key, normals } from "../../lib/core/random.js";
import { thin } from "../../lib/plot/thin.js";

const length = 10_000;
const x = Array.from({ length }, (_, i) => i);
const noise = normals(key("thin"), length);

test("a spike of a single point stays, and so do both ends", () => {
  const y = Float64Array.from(noise);
  y[4321] = 50;
  y[8765] = -60;
  const thinned = thin({ name: "price", x, y }, 200);
  const [where, kept] = [Array.from(thinned.x), Array.from(thinned.y)];
  expect(kept.length).toBeLessThanOrEqual(200);
  expect(kept.length).toBeGreaterThan(100);
  expect(where[kept.indexOf(50)]).toBe(4321);
  expect(where[kept.indexOf(-60)]).toBe(8765);
  expect([where[0], where.at(-1)]).toEqual([0, length - 1]);
});

test("what is left are points of the series, in order, with its other properties", () => {
  const thinned = thin({ name: "price", x, y: noise }, 300);
  expect(thinned.name).toBe("price");
  const places = Array.from(thinned.x);
  expect(places).toEqual([...places].sort((a, b) => Number(a) - Number(b)));
  for (let i = 0; i < places.length; i++) expect(thinned.y[i]).toBe(noise[Number(places[i])]);
});

test("a band keeps the extremes of both its ends", () => {
  const lower = Float64Array.from(noise, (value) => value - 1);
  const upper = Float64Array.from(noise, (value) => value + 1);
  lower[1234] = -90;
  upper[5678] = 90;
  const band = thin({ x, y: noise, lower, upper }, 400);
  expect(Math.min(...Array.from(band.lower))).toBe(-90);
  expect(Math.max(...Array.from(band.upper))).toBe(90);
  expect(band.lower.length).toBe(band.x.length);
});

test("seeds are taken at the places of their median", () => {
  const seeds = [
    noise,
    Float64Array.from(noise, (value) => value + 1),
    Float64Array.from(noise, (value) => value + 2),
  ];
  const thinned = thin({ x, seeds }, 100);
  expect(thinned.seeds.map((seed) => seed.length)).toEqual([1, 1, 1].map(() => thinned.x.length));
  expect(thinned.seeds[1]![7]! - thinned.seeds[0]![7]!).toBeCloseTo(1, 12);
});

test("a long gap stays a gap, and a short series stays as it is", () => {
  const y = Float64Array.from(noise).fill(Number.NaN, 3000, 7000);
  expect(Array.from(thin({ x, y }, 100).y).filter(Number.isNaN).length).toBeGreaterThan(10);
  const short = { x: [1, 2, 3], y: [1, 2, 3] };
  expect(thin(short, 100)).toBe(short);
});

test("series that cannot be thinned are refused", () => {
  expect(() => thin({ x: [1, 2], y: [1] }, 100)).toThrow("series: expected 2 values, got 1");
  expect(() => thin({ x }, 100)).toThrow("series: expected y or at least one seed, got neither");
  expect(() => thin({ x, y: noise }, 3)).toThrow("points: expected an integer of at least 4, got 3");
});
