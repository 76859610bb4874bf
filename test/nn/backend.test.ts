import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { startBackend } from "../../lib/nn/backend.js";

test("wasm starts, multiplies and says its name", async () => {
  expect(await startBackend("wasm")).toBe("wasm");
  const product = tf.tidy(() =>
    tf
      .matMul(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([[5], [6]]),
      )
      .arraySync(),
  );
  expect(product).toEqual([[17], [39]]);
  expect(tf.memory().numTensors).toBe(0);
});

test("a second call gives the first answer, and another backend is refused", async () => {
  await startBackend("wasm");
  expect(await startBackend("auto")).toBe("wasm");
  await expect(startBackend("native")).rejects.toThrow("already runs on wasm");
});
