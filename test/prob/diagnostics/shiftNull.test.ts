import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { againstNull, shiftedOrder, shiftNull } from "../../../lib/prob/diagnostics/shiftNull.js";

const root = key("shifts");

test("an order is a permutation inside each series", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 5, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer(),
      (lengths, blocks, seed) => {
        const rows = lengths.reduce((a, b) => a + b, 0);
        const order = shiftedOrder(key(seed), rows, { lengths, blocks });
        let first = 0;
        for (const length of lengths) {
          const own = Array.from(order.subarray(first, first + length)).sort((a, b) => a - b);
          expect(own).toEqual(Array.from({ length }, (_, i) => first + i));
          first += length;
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("one block is a circular shift, never by nothing", () => {
  for (let r = 0; r < 200; r++) {
    const order = shiftedOrder(fold(root, r), 7);
    expect(order[0]).toBeGreaterThan(0);
    order.forEach((row, i) => {
      expect(row).toBe((order[0]! + i) % 7);
    });
  }
});

test("neighbours part at the edges of blocks only", () => {
  const order = shiftedOrder(root, 1000, { blocks: 10 });
  const parted = order.filter((row, i) => i > 0 && row !== (order[i - 1]! + 1) % 1000);
  expect(parted.length).toBeGreaterThan(3);
  expect(parted.length).toBeLessThan(10);
});

test("series of equal length are turned alike, so what they share at a time stays shared", () => {
  const order = shiftedOrder(root, 60, { lengths: [20, 20, 20], blocks: 4 });
  for (let t = 0; t < 20; t++) {
    expect([order[20 + t]! - 20, order[40 + t]! - 40]).toEqual([order[t], order[t]]);
  }
});

test("a p-value counts the data among the rearrangements", () => {
  const nulls = Float64Array.from({ length: 99 }, (_, r) => r);
  expect(againstNull(98, nulls)).toMatchObject({ p: 0.02, nullMean: 49, null95: 93.1 });
  expect(againstNull(1000, nulls).p).toBe(0.01);
  expect(againstNull(-1, nulls).p).toBe(1);
});

test("replicate r has a key of its own: more replicates begin with the same ones", () => {
  const statistic = (order: Uint32Array) => order[0]!;
  const few = shiftNull(50, statistic, { key: root, replicates: 5 });
  const many = shiftNull(50, statistic, { key: root, replicates: 9 });
  expect(many.slice(0, 5)).toEqual(few);
});

test("layouts that do not fit are refused", () => {
  expect(() => shiftedOrder(root, 10, { lengths: [4, 5] })).toThrow(
    "lengths: expected a total of 10 rows, got 9",
  );
  expect(() => shiftedOrder(root, 10, { blocks: 11 })).toThrow(
    "lengths[0]: expected an integer of at least 11, got 10",
  );
  expect(() => shiftedOrder(root, 1)).toThrow("lengths[0]: expected an integer of at least 2, got 1");
});
