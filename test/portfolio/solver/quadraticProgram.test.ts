import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows, Matrix, quadraticForm } from "../../../lib/core/linalg.js";
import { key, normals } from "../../../lib/core/random.js";
import {
  type QuadraticProgram,
  solveQuadraticProgram,
} from "../../../lib/portfolio/solver/quadraticProgram.js";
import { byHighs, byQuadprog, loadHighs } from "../../support/solvers.js";

/** Weights that sum to one in boxes, one sector limit; Q of `bars` bars, singular when they are fewer than assets. */
function program(seed: number, size: number, bars: number): QuadraticProgram {
  const z = normals(key(seed), bars * size + size);
  const returns = new Matrix(bars, size);
  for (let t = 0; t < bars; t++) for (let a = 0; a < size; a++) returns.set(t, a, 0.02 * z[t * size + a]!);
  const half = Float64Array.from({ length: size }, (_, a) => (a % 2 ? 1 : 0));
  return {
    quadratic: returns.transpose().mmul(returns).div(bars),
    linear: z.slice(bars * size).map((value) => 3e-4 * value),
    lower: new Float64Array(size),
    upper: new Float64Array(size).fill(Math.min(1, 2.5 / size)),
    equal: [{ coefficients: new Float64Array(size).fill(1), value: 1 }],
    atMost: [{ coefficients: half, value: 0.45 }],
  };
}

const objective = ({ quadratic, linear }: QuadraticProgram, x: Float64Array) =>
  0.5 * quadraticForm(quadratic, x) + linear.reduce((total, c, i) => total + c * x[i]!, 0);

const furthest = (x: Float64Array, y: Float64Array) =>
  Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));

// VI-40
test("weights are those of two other solvers to 1e-6", async () => {
  const highs = await loadHighs();
  for (let seed = 0; seed < 30; seed++) {
    const size = 4 + seed;
    const one = program(seed, size, 3 * size);
    const own = solveQuadraticProgram(one);
    expect(furthest(own, byQuadprog(one))).toBeLessThan(1e-6);
    const theirs = byHighs(highs, one);
    expect(objective(one, own)).toBeLessThan(objective(one, theirs) + 1e-12);
    expect(furthest(own, theirs)).toBeLessThan(1e-6);
  }
});

// VI-40: no move within the constraints gains anything to first order, which for a convex objective is all there is
test("no other point within the constraints is better, with a singular Q too", () => {
  const cases = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    size: fc.integer({ min: 4, max: 25 }),
    bars: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(cases, ({ seed, size, bars }) => {
      const one = program(seed, size, bars);
      const x = solveQuadraticProgram(one);
      expect(Math.abs(x.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
      expect(Math.min(...x)).toBeGreaterThan(-1e-12);
      expect(Math.max(...x)).toBeLessThan(one.upper[0]! + 1e-12);
      const gradient = one.linear.map(
        (c, i) => c + one.quadratic.getRow(i).reduce((s, q, j) => s + q * x[j]!, 0),
      );
      const linearised = { ...one, quadratic: Matrix.zeros(size, size), linear: gradient };
      const best = solveQuadraticProgram(linearised);
      const gain = gradient.reduce((total, g, i) => total + g * (x[i]! - best[i]!), 0);
      expect(gain).toBeLessThan(1e-12);
    }),
    { numRuns: 150 },
  );
});

test("a bound that binds is met exactly, with a zero where the bound is zero", () => {
  const x = solveQuadraticProgram({
    quadratic: Matrix.eye(3, 3),
    linear: Float64Array.of(0, 0, 2),
    lower: new Float64Array(3),
    upper: Float64Array.of(0.25, 1, 1),
    equal: [{ coefficients: Float64Array.of(1, 1, 1), value: 1 }],
    atMost: [],
  });
  expect(Array.from(x)).toEqual([0.25, 0.75, 0]);
});

test("steps that would go round in a circle do not", () => {
  const x = solveQuadraticProgram({
    quadratic: Matrix.eye(4, 4),
    linear: Float64Array.of(0, 0, 0.992128035026202, 0),
    lower: new Float64Array(4),
    upper: new Float64Array(4).fill(0.3521093231994196),
    equal: [{ coefficients: new Float64Array(4).fill(1), value: 1 }],
    atMost: [{ coefficients: Float64Array.of(1, 0, 1, 0), value: 0.4 }],
  });
  for (const a of [0, 1, 3]) expect(x[a]).toBeCloseTo(1 / 3, 14);
  expect(x[2]).toBe(0);
});

test("where one point is all that is allowed, it is found", () => {
  const one = program(3, 8, 24);
  const top = one.linear.indexOf(Math.max(...one.linear));
  const only = { coefficients: one.linear.map((_, i) => (i === top ? -1 : 0)), value: -one.upper[top]! };
  expect(solveQuadraticProgram({ ...one, atMost: [only] })[top]).toBeCloseTo(one.upper[top]!, 9);
});

test("without inequalities the answer is that of the linear system", () => {
  const x = solveQuadraticProgram({
    quadratic: fromRows([
      [2, 0],
      [0, 4],
    ]),
    linear: new Float64Array(2),
    lower: new Float64Array(2).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(2).fill(Number.POSITIVE_INFINITY),
    equal: [{ coefficients: Float64Array.of(1, 1), value: 1 }],
    atMost: [],
  });
  expect(x[0]).toBeCloseTo(2 / 3, 14);
  expect(x[1]).toBeCloseTo(1 / 3, 14);
});

test("constraints that contradict each other are refused, and so is an objective without a least value", () => {
  const one = program(1, 4, 12);
  expect(() => solveQuadraticProgram({ ...one, upper: new Float64Array(4).fill(0.2) })).toThrow(/no point/);
  const free = {
    lower: new Float64Array(4).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(4).fill(Number.POSITIVE_INFINITY),
  };
  const endless = { ...one, ...free, atMost: [], quadratic: Matrix.zeros(4, 4) };
  expect(() => solveQuadraticProgram(endless)).toThrow(/quadratic program/);
  expect(() => solveQuadraticProgram({ ...one, linear: Float64Array.of(0, Number.NaN, 0, 0) })).toThrow(
    "linear[1]",
  );
});
