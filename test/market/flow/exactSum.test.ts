import fc from "fast-check";
import { expect, test } from "vitest";
import { exactSum } from "../../../lib/market/flow/exactSum.js";

function sumOf(terms: readonly number[]): number {
  const sum = exactSum();
  for (const term of terms) sum.add(term);
  return sum.value();
}

/** The exact sum of doubles as a fraction of 2^1074, and whether a double is the nearest to it. */
function exactly(terms: readonly number[]): bigint {
  return terms.reduce((total, term) => total + units(term), 0n);
}

/** A double in units of the smallest one. */
function units(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return bits >> 63n ? -size : size;
}

const size = fc.double({ min: -1e12, max: 1e12, noNaN: true });

test("a sum of nothing is 0, and what cancels leaves the rest to the last bit", () => {
  expect(sumOf([])).toBe(0);
  expect(sumOf([1e100, 1, -1e100])).toBe(1);
  expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  expect(sumOf([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52); // just above the middle
  expect(sumOf([1, 2 ** -53])).toBe(1); // the middle goes to the even one
});

test("the sum is the double nearest to the exact one, whatever the order of the terms", () => {
  fc.assert(
    fc.property(
      fc
        .array(size, { maxLength: 30 })
        .chain((terms) =>
          fc.tuple(fc.constant(terms), fc.shuffledSubarray(terms, { minLength: terms.length })),
        ),
      ([terms, shuffled]) => {
        const sum = sumOf(terms);
        expect(sumOf(shuffled)).toBe(sum);
        const error = exactly(terms) - units(sum);
        const away = error < 0n ? -error : error;
        const next = Math.abs(sum) * 2 ** -52 + 2 ** -1074;
        expect(away * 2n <= units(next)).toBe(true);
      },
    ),
  );
});
