/** The curve on which five methods meet the exact posterior. */
import { expect, test } from "vitest";
import { core, models, nn } from "../../../lib/index.js";
import { waveAt } from "../../../lib/models/bnn/curveStudy.js";

test("the exact posterior widens where there are no points, and holds the true curve where there are", async () => {
  await nn.startBackend();
  const study = await models.bayesian.curveStudy({
    key: core.key(5),
    steps: 60,
    draws: 400,
    warmup: 200,
    members: 2,
  });
  expect(study.bands.map(({ method }) => method)).toEqual([
    "exact posterior",
    "Bayesian network",
    "MC dropout",
    "ensemble of 2",
    "last-layer Laplace",
  ]);
  const [exact] = study.bands;
  const at = (x: number) => Math.round((x + 0.4) / 0.02);
  expect(exact!.sd[at(-0.4)]!).toBeGreaterThan(5 * exact!.sd[at(0.24)]!);
  expect(Math.abs(exact!.mean[at(0.24)]! - study.truth[at(0.24)]!)).toBeLessThan(
    4 * exact!.sd[at(0.24)]! + 0.02,
  );
  for (const { lower, upper, mean } of study.bands)
    mean.forEach((m, g) => {
      expect(lower[g]).toBeLessThanOrEqual(m + 1e-9);
      expect(upper[g]).toBeGreaterThanOrEqual(m - 1e-9);
    });
}, 300_000);

test("the true curve is x + 0.3 sin 2πx + 0.3 sin 4πx", () => {
  expect(waveAt(0.125)).toBeCloseTo(0.125 + 0.3 * Math.SQRT1_2 + 0.3, 12);
});
