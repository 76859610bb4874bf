import { beforeAll, expect, test } from "vitest";
import { nn } from "../../../lib/index.js";

beforeAll(async () => {
  await nn.startBackend();
});

test("one step of gradient descent on a parabola halves the distance and returns the loss before it", () => {
  const { tf } = nn;
  const x = tf.variable(tf.tensor1d([3]));
  const loss = nn.descend(tf.train.sgd(0.25), () => x.square());
  expect(loss).toBeCloseTo(9, 6);
  expect(x.dataSync()[0]).toBeCloseTo(1.5, 6);
  x.dispose();
});

test("a step leaves no tensor behind", () => {
  const { tf } = nn;
  const x = tf.variable(tf.tensor1d([3]));
  const optimiser = tf.train.sgd(0.1);
  nn.descend(optimiser, () => x.square());
  const before = tf.memory().numTensors;
  nn.descend(optimiser, () => x.square());
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});
