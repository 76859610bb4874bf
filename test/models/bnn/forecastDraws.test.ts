import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { fold, key, normals32 } from "../../../lib/core/random.js";
import { bnn, widthScaledPrior } from "../../../lib/models/bnn/bnn.js";
import { drawForecasts, type ForecastDraws, openForecaster } from "../../../lib/models/bnn/forecastDraws.js";
import type { NetworkConfig } from "../../../lib/models/bnn/forecastNetwork.js";
import { plainNetwork } from "../../../lib/models/bnn/plainNetwork.js";
import { posteriorSamples } from "../../../lib/models/bnn/posteriorSamples.js";
import { startBackend } from "../../../lib/nn/backend.js";
import { initialWeights } from "../../../lib/nn/layers/model.js";

beforeAll(async () => {
  await startBackend("wasm"); // where a row's sums do not depend on the rows beside it
});

const root = key("forecast draws");
const config: NetworkConfig = {
  ...{ inputs: 3, hidden: [10, 6], activation: "leakyRelu", dropout: [0.3] },
  ...{ heads: ["direction", "return"], noise: "each" },
};
const local = bnn({ ...config, dropout: [], dataSize: 50, prior: widthScaledPrior, sampling: "local" });
const whole = bnn({ ...config, dropout: [], dataSize: 50, prior: widthScaledPrior, sampling: "weights" });
const plain = plainNetwork({ ...config, dataSize: 50 });
const weights = initialWeights(local, [root, fold(root, "other")]);
const x = normals32(fold(root, "x"), 12);
const rowKeys = Array.from({ length: 4 }, (_, n) => fold(root, "row", n));

/** What is said of row `n`, draw by draw. */
function row({ rows, draws, returns, direction }: ForecastDraws, n: number): number[] {
  return Array.from({ length: draws }, (_, s) => [
    returns!.mean[s * rows + n]!,
    returns!.variance[s * rows + n]!,
    ...[0, 1, 2].map((c) => direction!.probability[(s * rows + n) * 3 + c]!),
  ]).flat();
}

// BN-77
test("with keys of their own, rows are drawn as if each were alone: Bayesian weights and dropout", () => {
  const dropped = initialWeights(plain, [root]);
  const cases = [
    { model: local, own: weights, roles: ["draw"] as const },
    { model: plain, own: dropped, roles: ["dropout"] as const },
  ];
  for (const { model, own, roles } of cases) {
    const together = drawForecasts(model, own, x, { draws: 9, key: root, roles: [...roles], rowKeys });
    for (let n = 0; n < 4; n++) {
      const one = x.slice(3 * n, 3 * n + 3);
      const alone = drawForecasts(model, own, one, { draws: 9, key: rowKeys[n]!, roles: [...roles] });
      expect(row(together, n)).toEqual(row(alone, 0));
    }
  }
});

test("drawn weights are the same for all rows: their keys change nothing", () => {
  const options = { draws: 5, key: root };
  const own = initialWeights(whole, [root]);
  expect(drawForecasts(whole, own, x, { ...options, rowKeys })).toEqual(
    drawForecasts(whole, own, x, options),
  );
});

test("empty rows that fill a pass up change nothing, along rows and along replicas", () => {
  for (const model of [local, whole]) {
    const plainly = drawForecasts(model, weights, x, { draws: 5, key: root });
    expect(drawForecasts(model, weights, x, { draws: 5, key: root, padTo: 7 })).toEqual(plainly);
    expect(drawForecasts(model, weights, x, { draws: 5, key: root, padTo: 2 })).toEqual(plainly);
  }
});

test("a forecaster that stands ready says what is said anew, and gives everything back", () => {
  const kept = posteriorSamples(local, weights, { draws: 6, key: root });
  const before = tf.memory().numTensors;
  for (const [model, own] of [
    [local, weights],
    [whole, weights],
    [kept.network, kept.weights],
  ] as const) {
    const ready = openForecaster(model, own);
    for (let i = 0; i < 3; i++) {
      const options = { draws: 4, key: fold(root, i) };
      expect(ready.draw(x, options)).toEqual(drawForecasts(model, own, x, options));
    }
    ready.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

test("what cannot be is refused", () => {
  const few = { draws: 2, key: root, rowKeys: rowKeys.slice(1) };
  expect(() => drawForecasts(local, weights, x, few)).toThrow("rowKeys: expected 4 values, got 3");
  const mixed = bnn({ ...config, dataSize: 50, prior: widthScaledPrior, sampling: "weights" });
  const roles = ["draw" as const, "dropout" as const];
  expect(() => drawForecasts(mixed, weights, x, { draws: 2, key: root, roles, rowKeys })).toThrow("got both");
});
