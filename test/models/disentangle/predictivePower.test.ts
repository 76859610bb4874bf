import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { predictivePower } from "../../../lib/models/disentangle/predictivePower.js";

const root = key("predictive power");
const rows = 900;
const code = (k: number) => normals(fold(root, "code", k), rows);
const options = { earlyRows: 500, gap: 10, key: root, replicates: 99 };

test("BV-24: the dimension that drives the outcome is found, the others are not, whatever its sign", () => {
  const codes = [code(0), code(1), code(2), new Float64Array(rows)];
  const e = normals(fold(root, "e"), rows);
  const outcome = e.map((noise, i) => noise - 0.8 * codes[1]![i]!);
  const power = predictivePower(codes, outcome, options);
  expect(power[1]!.early).toBeLessThan(-0.4);
  expect(power[1]!.late).toBeGreaterThan(0.4);
  expect(power[1]!.p).toBeCloseTo(0.01, 12);
  for (const k of [0, 2]) {
    expect(Math.abs(power[k]!.late)).toBeLessThan(0.15);
    expect(power[k]!.p).toBeGreaterThan(0.01);
  }
  expect(power[3]).toMatchObject({ early: 0, late: 0, p: 1 });
});

test("a direction that does not last counts against the dimension", () => {
  const codes = [code(0)];
  const outcome = codes[0]!.map((v, i) => (i < 500 ? v : -v));
  const [turned] = predictivePower(codes, outcome, options);
  expect(turned!.early).toBeCloseTo(1, 12);
  expect(turned!.late).toBeCloseTo(-1, 12);
  expect(turned!.p).toBe(1);
});

test("the rows between the parts are not looked at, and late rows do not move what the early ones say", () => {
  const codes = [code(0)];
  const outcome = normals(fold(root, "outcome"), rows);
  const plain = predictivePower(codes, outcome, options);
  const between = outcome.map((v, i) => (i >= 500 && i < 510 ? 1e6 : v));
  expect(predictivePower(codes, between, options)).toEqual(plain);
  const future = outcome.map((v, i) => (i >= 510 ? -(v ** 3) : v));
  expect(predictivePower(codes, future, options)[0]!.early).toBe(plain[0]!.early);
});

test("what cannot be is refused with what came", () => {
  expect(() => predictivePower([code(0)], code(1), { ...options, gap: 398 })).toThrow(
    "late rows: expected an integer of at least 3, got 2",
  );
  expect(() => predictivePower([code(0).slice(1)], code(1), options)).toThrow(
    "codes[0]: expected 900 values, got 899",
  );
});
