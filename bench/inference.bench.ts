/** Inference on a logistic regression: the hand-written gradient against the one TensorFlow.js derives. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe } from "vitest";
import { fold, key, normals, uniforms } from "../lib/core/random.js";
import { type Design, logisticRegressionTarget, sigmoid } from "../lib/models/inference/exact/regression.js";
import { type Target, tensorTarget } from "../lib/models/inference/exact/target.js";
import { hmc } from "../lib/models/inference/sampling/hmc.js";
import { advi } from "../lib/models/inference/variational/advi.js";
import { startBackend } from "../lib/nn/backend.js";
import { race } from "./support/interleaved.js";

const [columns, priorVar] = [5, 2];
const root = key("inference benchmark");

function simulated(rows: number): Design {
  const x = normals(fold(root, "x"), rows * columns);
  const y = uniforms(fold(root, "y"), rows).map((u, n) => (u < sigmoid(x[n * columns]!) ? 1 : 0));
  return { x, columns, y };
}

/** The density of `logisticRegressionTarget`, written as tensors. */
function derivedTarget({ x, y }: Design): Target {
  const inputs = tf.tensor2d(Float32Array.from(x), [y.length, columns]);
  const signs = tf.tensor1d(Float32Array.from(y, (value) => 2 * value - 1));
  return tensorTarget(columns, (w) => {
    const margins = inputs
      .matMul(w.reshape([columns, 1]))
      .reshape([y.length])
      .mul(signs);
    const constant = 0.5 * columns * Math.log(2 * Math.PI * priorVar);
    const prior = w
      .square()
      .sum()
      .mul(-0.5 / priorVar)
      .sub(constant);
    return prior.sub(tf.softplus(margins.neg()).sum()) as tf.Scalar;
  });
}

const methods: Readonly<Record<string, (target: Target) => number>> = {
  HMC: (target) => hmc(target, { chains: 1, warmup: 20, draws: 20, key: root }).gradientEvaluations,
  ADVI: (target) => advi(target, { family: "fullRank", steps: 40, key: root }).gradientEvaluations,
};

beforeAll(async () => {
  await startBackend("wasm");
});

describe.each([50, 500, 5000])("logistic regression on %d rows", (rows) => {
  const design = simulated(rows);
  const byHand = logisticRegressionTarget(design, priorVar);
  let derived: Target | undefined; // made in the warm-up, when the backend runs
  for (const [name, run] of Object.entries(methods)) {
    race(`${name} on ${rows} rows`, {
      unit: "gradient",
      rounds: rows > 1000 ? 4 : 10,
      against: "by hand",
      contestants: {
        "by hand": () => run(byHand),
        "through TensorFlow.js": () => {
          derived ??= derivedTarget(design);
          return run(derived);
        },
      },
    });
  }
});
