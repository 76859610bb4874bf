/** The objective of Burgess et al. 2018: the KL is drawn to a level from either side. */
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { capacityObjective } from "../../../lib/nn/index.js";

test("β weighs the distance of the KL from the capacity, above it and below, replica by replica", () => {
  const numbers = (...values: number[]) => tf.tensor1d(values);
  const loss = tf.tidy(() =>
    Array.from(
      capacityObjective(
        { nll: numbers(2, 2, 2), kl: numbers(5, 3, 1) },
        { beta: numbers(10, 10, 4), capacity: numbers(3, 3, 3) },
      ).dataSync(),
    ),
  );
  expect(loss).toEqual([22, 2, 10]);
});
