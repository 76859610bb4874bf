import { expect, test } from "vitest";
import { compareSets } from "../../../lib/models/portfolioVae/index.js";
import { energyDistance } from "../../../lib/prob/scores/index.js";

const training = { assets: 2, weights: Float64Array.of(0.5, 0.5, 0.4, 0.6, 0.6, 0.4) };
const corners = { assets: 2, weights: Float64Array.of(1, 0, 0, 1, 1, 0) };
const traits = { first: (w: Float64Array) => 100 * w[0]! };

test("the training set has its own row without a distance; another set has its distance in thousandths and its means", () => {
  const [own, other] = compareSets(training, { corners }, traits);
  expect(own).toMatchObject({ set: "training", "distance to training": Number.NaN });
  expect(own!.first).toBeCloseTo(50, 12);
  expect(other!.first).toBeCloseTo(200 / 3, 12);
  expect(other!["distance to training"]).toBeCloseTo(
    1000 * energyDistance(corners.weights, training.weights, 2),
    9,
  );
});
