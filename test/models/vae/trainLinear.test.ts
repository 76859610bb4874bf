import { beforeAll, expect, test } from "vitest";
import { core, models, nn } from "../../../lib/index.js";

beforeAll(async () => {
  await nn.startBackend();
});

test("trained on two assets with a common part it finds the exact variance 1/5 and the mean KL ½ ln 5", async () => {
  const truth = models.inference.linearLatentModel([[1], [1]], 0.5);
  const rows = truth.simulate(1000, core.key(1));
  const options = { columns: 2, latents: 1, noiseVar: 0.5, steps: 250, key: core.key(2) };
  const { logVar, klPerDimension } = await models.autoencoder.trainLinear(rows, options);
  expect(core.mean(logVar.map(Math.exp))).toBeCloseTo(0.2, 1);
  expect(Math.abs(klPerDimension[0]! - Math.log(5) / 2)).toBeLessThan(0.08); // 3 standard errors of ½ ln λ at 1,000 rows
}, 300_000);
