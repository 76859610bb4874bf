import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { isOver, updateStopping } from "../../../lib/nn/training/earlyStopping.js";
import type { SavedProgress } from "../../../lib/nn/training/trainingFile.js";
import type { TrainOptions } from "../../../lib/nn/training/trainOptions.js";

const options = {
  ...{ keys: [key("a")], validation: {}, patience: 2 },
} as unknown as TrainOptions; // the rest is not looked at

/** Epochs with these validation bounds, the weights of each being its number. */
function judged(bounds: readonly number[]): SavedProgress {
  const progress = {
    ...{ bestParameters: new Float32Array(1), bestBuffers: new Float32Array(1) },
    ...{ bestEpoch: [-1], bestElbo: [Number.NEGATIVE_INFINITY], history: [] },
  } as unknown as SavedProgress;
  bounds.forEach((bound, epoch) => {
    const [parameters, buffers] = [Float32Array.of(epoch), Float32Array.of(epoch)];
    const record = {
      ...{ epoch, step: epoch, beta: [1], nll: [0], kl: [0], elbo: [0] },
      validation: [bound],
    };
    updateStopping(progress, () => ({ parameters, buffers }), record, options);
  });
  return progress;
}

test("a bound that is better by a millionth of a nat is better: its weights are kept and patience begins anew", () => {
  const progress = judged([-1, -1 + 1e-6, -1 + 2e-6, -1 + 3e-6]);
  expect([progress.bestEpoch[0], progress.bestParameters[0], progress.bestBuffers[0]]).toEqual([3, 3, 3]);
  expect(isOver(progress, options)).toBe(false);
});

test("an equal bound is not better, and patience runs out on equal ones", () => {
  const progress = judged([-1, -1, -1]);
  expect([progress.bestEpoch[0], progress.bestParameters[0]]).toEqual([0, 0]);
  expect(isOver(progress, options)).toBe(true);
});
