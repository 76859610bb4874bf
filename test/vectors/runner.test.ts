import { expect, test } from "vitest";
import { type Adapter, checkCase, type VectorCase, Within } from "../support/vectors.js";

const tol = { abs: 0.01, rel: 0.1 };
const run = (expected: unknown, got: unknown, tolerance: VectorCase["tol"] = tol) =>
  checkCase({ id: "case", fn: "f", input: {}, expect: { y: expected }, tol: tolerance }, () => ({ y: got }));
const inputs = (input: Record<string, unknown>, adapter: Adapter) =>
  checkCase({ id: "case", fn: "f", input, expect: {}, tol }, adapter);

test("a number passes within abs + rel·|wanted| and fails beyond, on either side", () => {
  for (const got of [9, 11, 10]) expect(() => run(10, got)).not.toThrow();
  for (const got of [8.9, 11.1, Number.NaN, null, undefined, Number.POSITIVE_INFINITY])
    expect(() => run(10, got)).toThrow("case.y: expected 10 within 1.01");
});

test("the adapter must give every key that is expected", () => {
  const one = { id: "case", fn: "f", input: {}, expect: { y: 1, z: 2 }, tol };
  expect(() => checkCase(one, () => ({ y: 1 }))).toThrow("case: the adapter gives no z");
});

test("null means NaN or none; a number there fails, and so does nothing at all", () => {
  for (const got of [null, Number.NaN]) expect(() => run(null, got)).not.toThrow();
  for (const got of [0, undefined]) expect(() => run(null, got)).toThrow("case.y");
  expect(() => run([1, null], Float64Array.of(1, Number.NaN))).not.toThrow();
  expect(() => run([1, null], Float64Array.of(1, 0))).toThrow("case.y[1]");
});

test("infinities are strings, at any depth", () => {
  expect(() => run({ a: ["inf", "-inf"] }, { a: [1 / 0, -1 / 0] })).not.toThrow();
  expect(() => run({ a: ["inf"] }, { a: [1e308] })).toThrow("case.y.a[0]");
  expect(() => run("inf", Number.NEGATIVE_INFINITY)).toThrow("case.y");
});

test("lengths and parts are compared, with their place in the message", () => {
  expect(() => run([1, 2], [1])).toThrow("case.y: length");
  expect(() => run([1], undefined)).toThrow("case.y: length");
  expect(() =>
    run(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 5],
      ],
    ),
  ).toThrow("case.y[1][1]: expected 4");
  expect(() => run({ a: { b: 1 } }, { a: {} })).toThrow("case.y.a.b");
  expect(() => run(true, false)).toThrow("case.y");
});

test("a tolerance in words is the adapter's to give", () => {
  const words = { abs: "5*sd/sqrt(n)", rel: 0 };
  expect(() => run(1, 1, words)).toThrow('the tolerance is "5*sd/sqrt(n)": the adapter must give one');
  expect(() => run(1, new Within(1.05, 0.1), words)).not.toThrow();
  expect(() => run(1, new Within(1.15, 0.1), words)).toThrow("expected 1 within 0.1, got 1.15");
});

test("null among the inputs is NaN, never zero, and a missing input is named", () => {
  inputs({ x: [1, null, "inf"], m: [[null]], s: null }, (input) => {
    expect(Array.from(input.vector("x"))).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(input.matrix("m")).toEqual([[Number.NaN]]);
    expect(input.number("s")).toBeNaN();
    return {};
  });
  expect(() => inputs({ x: 1 }, (input) => ({ y: input.number("z") }))).toThrow(
    "the case has no input z: it has x",
  );
});
