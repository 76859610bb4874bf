/** A million normal numbers: ours against the generator of TensorFlow.js. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe } from "vitest";
import { fold, key, normals, normals32 } from "../lib/core/random.js";
import { startBackend } from "../lib/nn/backend.js";
import { race } from "./support/interleaved.js";

const count = 1_000_000;
const root = key("random benchmark");
let turn = 0;

beforeAll(async () => {
  await startBackend("wasm");
});

describe("random", () => {
  race("a million normals", {
    unit: "number",
    rounds: 12,
    against: "tf.randomNormal",
    contestants: {
      "normals (float64)": () => normals(fold(root, turn++), count).length,
      "normals32 as a tensor": () => spent(tf.tensor1d(normals32(fold(root, turn++), count))),
      "tf.randomNormal": () => spent(tf.randomNormal([count], 0, 1, "float32", turn++)),
    },
  });
});

function spent(tensor: tf.Tensor): number {
  const { size } = tensor;
  tensor.dispose();
  return size;
}
