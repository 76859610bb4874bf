import { expect, test } from "vitest";
import { scoredLabels } from "../../../lib/core/labels.js";
import { key } from "../../../lib/core/random.js";
import { trueRegimes, windowRegimes } from "../../../lib/features/windows/regimeLabels.js";
import { openMarket } from "../../../lib/market/open.js";
import { associations } from "../../../lib/models/disentangle/associations.js";
import { adjustedRandTest, silhouetteTest } from "../../../lib/models/regimes/clusterScores.js";

const targets = Float32Array.from([0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]); // bear, bull, sideways, bear

test("a regime read off the window itself is marked so, and no score takes it for a truth that was found", () => {
  const rule = windowRegimes(targets);
  expect(rule).toMatchObject({ from: "window", label: Uint8Array.of(0, 2, 1, 0) });
  const refusal = /got a rule on the window's own return/;
  const options = { key: key(1), replicates: 5 };
  const x = Float64Array.of(-1, 1, 0, -2);
  expect(() => scoredLabels(rule)).toThrow(refusal);
  expect(() => adjustedRandTest([0, 2, 1, 0], rule, options)).toThrow(refusal);
  expect(() => silhouetteTest(x, rule, { columns: 1, ...options })).toThrow(refusal);
  expect(() =>
    associations(x, [{ name: "regime", values: rule, kind: "class" }], { latents: 1, ...options }),
  ).toThrow(refusal);
});

test("the true regime of a window is that of its last bar, and is scored as plain labels are", async () => {
  const market = await openMarket({ folder: "simulated", bars: 600 });
  const { openTime, stepMs } = market.bars[0]!;
  const decidedAt = Array.from(openTime, (t) => t + stepMs);
  const regimes = trueRegimes(market, decidedAt)!;
  expect(regimes.from).toBe("truth");
  expect(regimes.label).toEqual(market.truth!.regime);
  const options = { key: key(2), replicates: 19 };
  expect(adjustedRandTest(regimes.label, regimes, options)).toEqual(
    adjustedRandTest(regimes.label, regimes.label, options),
  );
  const { truth: _, ...real } = market;
  expect(trueRegimes(real, decidedAt)).toBeUndefined();
  expect(() => trueRegimes(market, [openTime[0]!])).toThrow(
    "window 0: no bar closes at 2024-01-01T00:00:00.000Z",
  );
});
