import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import { latentColumns } from "../../../lib/models/disentangle/labelledLatents.js";
import { encodeRows } from "../../../lib/models/vae/latents.js";
import { movements, rowSpread, strongestMovements, traverse } from "../../../lib/models/vae/traversal.js";
import { vae } from "../../../lib/models/vae/vae.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { initialWeights, layoutsOf } from "../../../lib/nn/layers/model.js";

beforeAll(async () => {
  await startBackend();
});

const root = key("traversal");
const [inputs, latents] = [6, 3];
const model = vae({ inputShape: [2, 3], latents, encoder: { kind: "linear" }, noise: { variance: 1 } });
const weights = initialWeights(model, [fold(root, 0), fold(root, 1)]);
const reference = normals32(fold(root, "reference"), inputs);
const sigmas = [-3, -2, -1, 0, 1, 2, 3];

/** Row k of the decoder's matrix of a replica: what a unit of z_k adds to each column. */
function decoderRow(replica: number, k: number): Float32Array {
  const { specs, sizes, total } = layoutsOf(model).parameters;
  const i = specs.findIndex((spec) => spec.name === "decoder/out/weight");
  const at = replica * total + sizes.slice(0, i).reduce((a, b) => a + b, 0) + k * inputs;
  return weights.parameters.slice(at, at + inputs);
}

/** The spread of the prior of K dimensions. */
const priorSpread = (size: number) => ({
  centre: new Float64Array(size),
  sd: new Float64Array(size).fill(1),
});

const column = (d: number) => ({ name: `column ${d}`, of: (row: Float32Array) => row[d]! });

test("BV-51: a linear decoder moves on a straight line, by 6σ times its own row from −3σ to 3σ", () => {
  const spread = { centre: Float64Array.of(0, 1, -1), sd: Float64Array.of(1, 0.5, 2) };
  const traversal = traverse(model, weights, reference, { replica: 1, sigmas, spread });
  expect(traversal.shape).toEqual([latents, 7, 2, 3]);
  const all = movements(traversal, [0, 1, 2, 3, 4, 5].map(column));
  expect(all.length).toBe(latents * inputs);
  for (const { latent, reading, from, to, range, monotone } of all) {
    const slope = decoderRow(1, latent)[Number(reading.slice(7))]!;
    expect(to - from).toBeCloseTo(6 * spread.sd[latent]! * slope, 4);
    expect(range).toBeCloseTo(Math.abs(to - from), 5);
    expect(monotone).toBeCloseTo(1, 6);
  }
});

test("the others are held at the reference's code, and its own place is on the way", () => {
  const { code } = traverse(model, weights, reference, { replica: 0, sigmas, spread: priorSpread(latents) });
  const spread = { centre: code, sd: new Float64Array(latents).fill(1) };
  const traversal = traverse(model, weights, reference, { replica: 0, sigmas, spread });
  expect(Array.from(code)).toEqual(
    Array.from(encodeRows(model, weights, reference).mean.subarray(0, latents)),
  );
  const middle = (k: number) =>
    Array.from(traversal.values.subarray((7 * k + 3) * inputs, (7 * k + 4) * inputs));
  middle(0).forEach((value, d) => {
    expect(middle(1)[d]).toBeCloseTo(value, 5);
    expect(middle(2)[d]).toBeCloseTo(value, 5);
  });
});

test("the spread of rows is the mean and standard deviation of their codes", () => {
  const codes = encodeRows(model, weights, normals32(fold(root, "rows"), 50 * inputs));
  const { centre, sd } = rowSpread(codes, 1);
  const own = latentColumns(codes.mean.subarray(50 * latents), latents);
  own.forEach((values, k) => {
    expect(centre[k]).toBeCloseTo(mean(values), 12);
    expect(sd[k]).toBeCloseTo(standardDeviation(values), 12);
  });
});

test("shares of a reading add up to one over the dimensions, and the strongest is named", () => {
  const traversal = traverse(model, weights, reference, { replica: 0, sigmas, spread: priorSpread(latents) });
  const all = movements(traversal, [column(0), column(4)]);
  for (const name of ["column 0", "column 4"]) {
    const of = all.filter((one) => one.reading === name);
    expect(of.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 12);
    const best = strongestMovements(all).find((one) => one.reading === name)!;
    expect(best.range).toBe(Math.max(...of.map((one) => one.range)));
  }
});

test("a path that turns back is not monotone", () => {
  const traversal = {
    sigmas: [-1, 0, 1],
    shape: [1, 3, 1],
    values: Float32Array.of(1, 0, 1),
    code: Float64Array.of(0),
  };
  const [there] = movements(traversal, [column(0)]);
  expect(there).toEqual({
    latent: 0,
    reading: "column 0",
    from: 1,
    to: 1,
    range: 1,
    monotone: 0.5,
    share: 1,
  });
});

test("what cannot be is refused with what came", () => {
  const options = { replica: 0, sigmas, spread: priorSpread(latents) };
  expect(() => traverse(model, weights, reference.slice(1), options)).toThrow(
    "reference: expected 6 values, got 5",
  );
  expect(() => traverse(model, weights, reference, { ...options, replica: 2 })).toThrow(
    "replicas: expected some of 0 to 1",
  );
  expect(() => traverse(model, weights, reference, { ...options, spread: priorSpread(2) })).toThrow(
    "spread: centre: expected 3 values, got 2",
  );
  const traversal = traverse(model, weights, reference, options);
  expect(() => movements(traversal, [{ name: "volume", of: () => Number.NaN }])).toThrow(
    'reading "volume" of latent 0[0]: expected a finite number, got NaN',
  );
});
