import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { dense } from "../../../lib/nn/layers/dense.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";
import { batchNormalisation } from "../../../lib/nn/layers/normalise.js";
import { takeReplicas } from "../../../lib/nn/training/replicas.js";

const parts = [dense("a", { inputs: 3, outputs: 2 }), batchNormalisation("n", 2)];
const model = {
  parameters: parts.flatMap((p) => p.parameters),
  buffers: parts.flatMap((p) => p.buffers),
};
const keys = [0, 1, 2].map((r) => fold(key("replicas"), r));

test("replicas taken from a stack are the models that their keys make alone", () => {
  const all = initialWeights(model, keys);
  expect(takeReplicas(all, [2, 0])).toEqual(initialWeights(model, [keys[2]!, keys[0]!]));
  expect(takeReplicas(all, [0, 1, 2])).toEqual(all);
});

test("a replica that is not there is named", () => {
  const all = initialWeights(model, keys);
  expect(() => takeReplicas(all, [0, 3])).toThrow("some of 0 to 2, got 3");
  expect(() => takeReplicas(all, [])).toThrow(RangeError);
});
