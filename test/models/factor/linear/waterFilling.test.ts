import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { key, normals } from "../../../../lib/core/random.js";
import { principalComponents, waterFilling } from "../../../../lib/models/factor/linear/pca.js";
import { betasFor, predictSweep } from "../../../../lib/models/factor/linear/waterFilling.js";

type Case = {
  id: string;
  input: { X: number[][]; fixed_noise_var: number };
  expect: { beta_table: { beta: number; active_units: number; kl_per_dim: number[] }[] };
};
const { cases } = JSON.parse(readFileSync("test/vectors/bayes.json", "utf8")) as { cases: Case[] };
const { input, expect: wanted } = cases.find((one) => one.id === "linear-vae")!;
const x = Float64Array.from(input.X.flat());
const options = { latents: 3, noiseVar: input.fixed_noise_var };

test("row 6 of the table of numbers: 3, 3, 2, 2, 2, 1 active units, told before any training", () => {
  const betas = [0.5, 1, 2, 4, 8, 16];
  const sweep = predictSweep(x, 6, { ...options, betas });
  expect(sweep.map((row) => row.activeUnits)).toEqual([3, 3, 2, 2, 2, 1]);
  const four = sweep[3]!;
  const { klPerLatent } = waterFilling(principalComponents(x, 6).eigenvalues, 3, options.noiseVar, 4);
  expect(klPerLatent[0]).toBeCloseTo(1.63355, 4);
  expect(four.distortion).toBeCloseTo(2.6622, 4);
});

test("the prediction is the table that a training of the sweep is tested against", () => {
  const { beta_table: table } = wanted;
  const sweep = predictSweep(x, 6, { ...options, betas: table.map((row) => row.beta) });
  table.forEach(({ active_units, kl_per_dim }, i) => {
    expect(sweep[i]!.activeUnits).toBe(active_units);
    expect(sweep[i]!.rate).toBeCloseTo(
      kl_per_dim.reduce((a, b) => a + b, 0),
      6,
    );
  });
});

test("within the range of βs for so many units there are so many, beyond it there are not", () => {
  const { eigenvalues } = principalComponents(x, 6);
  for (const units of [0, 1, 2, 3]) {
    const { from, to } = betasFor(eigenvalues, units, 0.3);
    const active = (beta: number) => waterFilling(eigenvalues, 6, 0.3, beta).activeUnits;
    expect(active(from * (1 + 1e-9))).toBe(units);
    expect(active(Math.min(to, 1e6) * (1 - 1e-9))).toBe(units);
    expect(active(from * (1 - 1e-9))).toBe(units + 1);
    if (units > 0) expect(active(to)).toBe(units - 1);
  }
});

test("scaling the data by c scales the ranges by c²", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), (scale) => {
      const data = normals(key("scaled"), 120);
      const spectrum = (values: Float64Array) => principalComponents(values, 4).eigenvalues;
      const [plain, scaled] = [data, data.map((v) => scale * v)].map((d) => betasFor(spectrum(d), 2, 0.5));
      expect(scaled!.from / (scale ** 2 * plain!.from)).toBeCloseTo(1, 9);
      expect(scaled!.to / (scale ** 2 * plain!.to)).toBeCloseTo(1, 9);
    }),
    { numRuns: 20 },
  );
});

test("what cannot be is refused with what came", () => {
  expect(() => betasFor(Float64Array.of(2, 1), 3, 1)).toThrow(
    "units: expected at most the 2 eigenvalues, got 3",
  );
  expect(() => predictSweep(x, 6, { ...options, betas: [0] })).toThrow(
    "beta: expected a positive number, got 0",
  );
  expect(() => predictSweep(x, 7, { ...options, betas: [1] })).toThrow("rows: expected an integer");
});
