import { beforeAll, expect, test } from "vitest";
import { editLatent } from "../../../lib/models/vae/latentEditing.js";
import { vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";

/** Decodes z to (2 z₀, 3 z₁, z₀ + z₁ + z₂). */
const model = vae({ inputShape: [3], latents: 3, encoder: { kind: "linear" }, noise: { variance: 1 } });
const values: Record<string, number[]> = {
  "codes/weight": new Array(18).fill(0),
  "codes/bias": new Array(6).fill(0),
  "decoder/out/weight": [2, 0, 1, 0, 3, 1, 0, 0, 1],
  "decoder/out/bias": [0, 0, 0],
};
const weights = {
  replicas: 1,
  parameters: Float32Array.from(model.parameters.flatMap(({ name }) => values[name]!)),
  buffers: new Float32Array(0),
};
const entry = (i: number) => (row: Float32Array) => row[i]!;

beforeAll(async () => {
  await startBackend();
});

test("BV-28: one reading is moved to its target by the shortest way, another is held", () => {
  const aims = [
    { name: "first", of: entry(0), target: 4, tolerance: 1e-3 },
    { name: "last", of: entry(2), target: 0, tolerance: 1e-3 },
  ];
  const { code, readings, distance, reached, row } = editLatent(model, weights, [0, 0, 0], { aims });
  expect(reached).toBe(true);
  expect(readings[0]).toBeCloseTo(4, 2);
  expect(readings[1]).toBeCloseTo(0, 2);
  expect(row[0]).toBe(readings[0]);
  // least length: z₀ = 2, and z₁ = z₂ = −1 share what keeps the last reading at zero
  [2, -1, -1].forEach((z, k) => {
    expect(code[k]).toBeCloseTo(z, 2);
  });
  expect(distance).toBeCloseTo(Math.sqrt(6), 2);
});

test("BV-29: a reading that doubles, as volatility in a stress, ends within its tolerance", () => {
  const of = (row: Float32Array) => Math.exp(row[1]! / 3);
  const steered = editLatent(model, weights, [0.3, 0.2, 0], {
    aims: [{ name: "wild", of, target: 2 * Math.exp(0.2), tolerance: 0.01 }],
  });
  expect(steered.reached).toBe(true);
  expect(steered.code[1]! - 0.2).toBeCloseTo(Math.log(2), 1);
  expect(steered.code[0]).toBeCloseTo(0.3, 6);
});

test("units that may not move stay, and what cannot be reached is said", () => {
  const aims = [{ name: "first", of: entry(0), target: 1, tolerance: 1e-3 }];
  const held = editLatent(model, weights, [0, 0, 0], { aims, units: [1, 2] });
  expect(held.reached).toBe(false);
  expect(Math.abs(held.code[0]!)).toBe(0);
  expect(() => editLatent(model, weights, [0, 0], { aims })).toThrow(/code/);
  expect(() => editLatent(model, { ...weights, replicas: 2 }, [0, 0, 0], { aims })).toThrow(
    "expected those of one network, got 2 replicas",
  );
  expect(() => editLatent(model, weights, [0, 0, 0], { aims: [...aims, ...aims], units: [0] })).toThrow(
    /aims/,
  );
});
