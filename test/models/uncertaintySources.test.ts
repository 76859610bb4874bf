import { beforeAll, expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../lib/core/random.js";
import { mean } from "../../lib/core/stats.js";
import { bnn, STANDARD_NORMAL } from "../../lib/models/bnn/bnn.js";
import { startBackend } from "../../lib/nn/backend.js";
import { predict } from "../../lib/nn/training/predict.js";
import { train } from "../../lib/nn/training/train.js";
import { constant } from "../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend("wasm"); // small tensors: several times faster than the native one
});

const root = key("sources");
const rows = 200;
const x = Float32Array.from(uniforms(fold(root, "x"), rows), (u) => 2 * u - 1);
const e = normals(fold(root, "e"), rows);
const u = uniforms(fold(root, "u"), rows);

/** Mean parts of a straight line with noise of learnt size, fitted to y. */
async function partsOf(y: (n: number) => number, count = rows, grid = [-0.8, -0.3, 0.2, 0.7]) {
  const model = bnn({
    ...{ inputs: 1, hidden: [], activation: "tanh", dropout: [], heads: ["return"], noise: "learned" },
    ...{ dataSize: count, prior: STANDARD_NORMAL, sampling: "local" },
  });
  const data = { x: x.slice(0, count), y: Float32Array.from({ length: count }, (_, n) => y(n)), rows: count };
  const fit = await train(model, data, {
    ...{ keys: [root], batchSize: count, epochs: 500, beta: constant(1) },
    learningRate: (step) => 0.05 * 0.1 ** (step / 400),
  });
  const said = predict(model, fit.weights, Float32Array.from(grid), { draws: 2000, key: root });
  return { epistemic: mean(said.epistemic), aleatoric: mean(said.aleatoric) };
}

const line = (n: number) => 0.5 * x[n]! + 0.1 * e[n]!;

test("BN-92: a wrong model, few data and strange inputs each raise the epistemic part", async () => {
  const base = await partsOf(line);
  const wrong = await partsOf((n) => Math.sin(6 * x[n]!) + 0.1 * e[n]!); // the line takes the rest for noise
  const few = await partsOf(line, 25);
  const strange = await partsOf(line, rows, [-4, 3, 4, -3]);
  for (const [name, parts] of Object.entries({ wrong, few, strange }))
    expect(parts.epistemic / base.epistemic, name).toBeGreaterThan(3);
  expect(strange.aleatoric).toBeCloseTo(base.aleatoric, 6);
});

test("BN-93: bounce between bid and ask, jumps and plain noise each raise the aleatoric part", async () => {
  const base = await partsOf(line);
  expect(Math.abs(Math.sqrt(base.aleatoric) - 0.1)).toBeLessThan(0.015);
  const bounce = await partsOf((n) => line(n) + (u[n]! < 0.5 ? -0.15 : 0.15));
  const jumps = await partsOf((n) => line(n) + (u[n]! < 0.03 ? -1 : u[n]! > 0.97 ? 1 : 0));
  const noise = await partsOf((n) => line(n) + 0.2 * e[n]!);
  expect(Math.abs(bounce.aleatoric / (0.01 + 0.0225) - 1)).toBeLessThan(0.25);
  for (const [name, parts] of Object.entries({ bounce, jumps, noise })) {
    expect(parts.aleatoric / base.aleatoric, name).toBeGreaterThan(2.5);
    expect(parts.epistemic, name).toBeLessThan(0.1 * parts.aleatoric);
  }
});
