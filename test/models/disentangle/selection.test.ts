import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals, permutation } from "../../../lib/core/random.js";
import { activeDimensions, replicaLatents } from "../../../lib/models/disentangle/activeDimensions.js";
import { elbow, selectByCriteria } from "../../../lib/models/disentangle/elbow.js";
import {
  alignedColumns,
  alignLatents,
  latentStability,
  traversalAgreement,
} from "../../../lib/models/disentangle/stability.js";
import type { Movement } from "../../../lib/models/vae/traversal.js";

const root = key("selection");
const rows = 300;
const latents = 6;
const reference = Array.from({ length: latents }, (_, k) => normals(fold(root, "code", k), rows));

test("BV-23: a code that is another one shuffled, turned round and stretched is found to be the same", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const order = permutation(fold(root, "order", seed), latents);
      const signs = normals(fold(root, "signs", seed), latents).map((v) => (v < 0 ? -1 : 1));
      const other = Array.from(order, (k) => reference[k]!.map((v) => signs[k]! * Math.exp(v)));
      const alignment = alignLatents(reference, other);
      for (let k = 0; k < latents; k++) {
        expect(order[alignment.dimension[k]!]).toBe(k);
        expect(alignment.sign[k]).toBe(signs[k]);
        expect(alignment.agreement[k]).toBeCloseTo(1, 9);
        expect(alignedColumns(alignment, other)[k]).toEqual(reference[k]!.map((v) => Math.exp(v)));
      }
    }),
    { numRuns: 20 },
  );
});

test("the pairing is the best of all, not the greedy one", () => {
  const [a, b] = [reference[0]!, reference[1]!];
  const mix = (x: Float64Array, y: Float64Array, share: number) => x.map((v, i) => share * v + y[i]!);
  // the first of the reference is nearest to the first of the other, but the second has nothing else
  const other = [mix(a, b, 1.2), mix(a, reference[2]!, 0.7)];
  const alignment = alignLatents([a, b], other);
  expect(Array.from(alignment.dimension)).toEqual([1, 0]);
});

test("stability is 1 for the same code again, and low for unrelated ones; sleeping dimensions do not count", () => {
  const again = [reference[1]!, reference[0]!, ...reference.slice(2)];
  const asleep = reference.map((column, k) => (k === 5 ? new Float64Array(rows) : column));
  expect(latentStability([reference, again, reference]).overall).toBeCloseTo(1, 12);
  expect(latentStability([asleep, asleep]).overall).toBeCloseTo(1, 12);
  expect(latentStability([asleep, asleep]).perDimension[5]).toBe(0);
  const unrelated = reference.map((_, k) => normals(fold(root, "else", k), rows));
  expect(latentStability([reference, unrelated]).overall).toBeLessThan(0.25);
});

test("the elbow of two straight lines is where they meet", () => {
  const x = [0, 1, 2, 3, 4, 5, 6];
  const y = x.map((v) => (v < 2 ? 10 - 4 * v : 2 - 0.5 * (v - 2)));
  expect(elbow(x, y).index).toBe(2);
  expect(
    elbow(
      x,
      y.map((v) => -3 * v + 7),
    ).index,
  ).toBe(2); // neither scale nor direction matters
  expect(Math.max(...elbow(x, x).distance)).toBeCloseTo(0, 12);
});

test("the best of several criteria has the best weighted mean of scaled values", () => {
  const criteria = [
    { name: "error", values: [1, 2, 5], better: "low", weight: 1 },
    { name: "gap", values: [0.1, 0.45, 0.5], better: "high", weight: 3 },
  ] as const;
  const { index, score } = selectByCriteria(criteria);
  expect(score[0]).toBeCloseTo(0.25, 12);
  expect(score[1]).toBeCloseTo(0.25 * 0.75 + 0.75 * 0.875, 12);
  expect(score[2]).toBeCloseTo(0.75, 12);
  expect(index).toBe(1);
});

test("BV-46: predictive power as a criterion can turn the choice", () => {
  const gap = { name: "gap", values: [0.2, 0.5], better: "high", weight: 1 } as const;
  expect(selectByCriteria([gap]).index).toBe(1);
  const power = { name: "information coefficient", values: [0.06, 0.01], better: "high", weight: 2 } as const;
  expect(selectByCriteria([gap, power]).index).toBe(0);
});

test("BV-38: a unit is active by the spread of its means or by its KL, and an offset is not activity", () => {
  const mean = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0.2 * Math.sin(i) + 3 : 0.001 * i));
  const logVar = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -1 : 0));
  const units = activeDimensions({ rows: 20, latents: 2, mean, logVar }, 0.01);
  expect(units.active).toBe(1);
  const still = activeDimensions({ rows: 20, latents: 2, mean: mean.map(() => 3), logVar }, 0.01);
  expect([still.active, still.activeByKl, still.isCollapsed]).toEqual([0, 2, false]);
  const dead = activeDimensions(
    { rows: 20, latents: 2, mean: mean.map(() => 0), logVar: logVar.map(() => 0) },
    0.01,
  );
  expect([dead.isCollapsed, dead.collapsed]).toEqual([true, [0, 1]]);
});

test("the codes of a replica are its own", () => {
  const mean = Float64Array.from({ length: 12 }, (_, i) => i);
  const all = { shape: [2, 3, 2] as const, mean, logVar: mean, klPerDimension: new Float64Array(4) };
  expect(Array.from(replicaLatents(all, 1).mean)).toEqual([6, 7, 8, 9, 10, 11]);
  expect(() => replicaLatents(all, 2)).toThrow("replica: expected an integer from 0 to 1, got 2");
});

test("what cannot be is refused with what came", () => {
  expect(() => alignLatents(reference, reference.slice(1))).toThrow(
    "other: columns: expected 6 values, got 5",
  );
  expect(() => latentStability([reference])).toThrow("codes: expected an integer of at least 2, got 1");
  expect(() => elbow([0, 1, 1], [3, 2, 1])).toThrow("x[2]: expected more than 1, got 1");
  expect(() => elbow([0, 1, 2], [3, 2, 3])).toThrow("y: expected ends at different heights, got 3 at both");
  expect(() => selectByCriteria([{ name: "gap", values: [1, 2], better: "high", weight: 0 }])).toThrow(
    "weight of gap: expected a positive number, got 0",
  );
});

test("BV-23: dimensions that mean the same agree, once they are paired and turned; others do not", () => {
  const move = (latent: number, changes: readonly number[]): Movement[] =>
    changes.map((change, q) => ({
      ...{ latent, reading: `reading ${q}`, from: 0, to: change, range: Math.abs(change) },
      ...{ monotone: 1, share: 0.5 },
    }));
  const before = [...move(0, [1, 0.1, 0]), ...move(1, [0, 0.2, 9]), ...move(2, [0, 0, 0])];
  const after = [...move(0, [0, -0.4, -18]), ...move(1, [2, 0.2, 0]), ...move(2, [1, 0, 0])];
  const paired = { dimension: Int32Array.of(1, 0, 2), sign: Int8Array.of(1, -1, 1) };
  const agreement = traversalAgreement(before, after, paired);
  expect(agreement[0]).toBeGreaterThan(0.99);
  expect(agreement[1]).toBeGreaterThan(0.99);
  expect(agreement[2]).toBeNaN();
  const straight = { dimension: Int32Array.of(0, 1, 2), sign: Int8Array.of(1, 1, 1) };
  expect(Math.abs(traversalAgreement(before, after, straight)[0]!)).toBeLessThan(0.5);
  expect(() => traversalAgreement(before, after.slice(3), paired)).toThrow("b: expected 9 values, got 6");
});
