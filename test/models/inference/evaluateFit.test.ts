import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { trainLinearAutoencoder } from "../../../lib/models/factor/linear/linearAutoencoder.js";
import { waterFilling } from "../../../lib/models/factor/linear/pca.js";
import { advi } from "../../../lib/models/inference/variational/advi.js";
import { evaluateFit, meanFieldFit } from "../../../lib/models/inference/variational/evaluateFit.js";
import { correlatedPair } from "../../support/simpleTargets.js";

const root = key("judge");

test("the closed-form mean-field fit is judged by its exact gap and index", () => {
  const c = 1 / (1 - 0.81);
  const fit = meanFieldFit([1, -2], [c, -0.9 * c, -0.9 * c, c]);
  const judged = evaluateFit(correlatedPair(0.9), fit, { draws: 20_000, repeats: 10, key: root });
  expect(Math.abs(-judged.elbo - 0.5 * Math.log(c))).toBeLessThan(4 * judged.elboError);
  expect(Math.abs(judged.khat - 0.79)).toBeLessThan(0.1);
  expect(judged.khatSd).toBeGreaterThan(0.01);
  expect(() => evaluateFit(correlatedPair(0.9), fit, { draws: 10, repeats: 1, key: root })).toThrow(
    "repeats",
  );
});

test("snapshots are the fit as it was on the way, the last of them the fit itself", () => {
  const fit = advi(correlatedPair(0.5), {
    family: "fullRank",
    steps: 100,
    snapshotEvery: 25,
    key: fold(root, "way"),
  });
  expect(fit.snapshots).toHaveLength(4);
  expect(fit.snapshots[3]!.mean).toEqual(fit.mean);
  expect(fit.snapshots[0]!.mean).not.toEqual(fit.mean);
});

test("a linear code trained by gradients spends what water-filling predicts", () => {
  const spectrum = Float64Array.of(8, 3, 1, 0.4, 0.15);
  for (const beta of [0.5, 1, 2, 4, 8, 16]) {
    const predicted = waterFilling(spectrum, 5, 0.2, beta).klPerLatent;
    spectrum.forEach((lambda, i) => {
      expect(Math.abs(trainLinearAutoencoder(lambda, 0.2, beta) - predicted[i]!)).toBeLessThan(0.02);
    });
  }
});
