/** The source chapter's network: its rows, its schedule, and the committed record of its training. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { core, models, nn } from "../../../lib/index.js";
import { sourceRows } from "../../../lib/models/bnn/sourceStudy.js";

const { directionOf, readSourceRecord, SOURCE_TRAINING, trainSourceNetwork } = models.bayesian;

const part = (rows: number) => {
  const returns = core.normals(core.key(rows), rows).map((e) => 0.003 * e);
  const y = Float32Array.from({ length: 5 * rows }, (_, i) => (i % 5 === 0 ? returns[i / 5]! / 0.003 : 0));
  return { rows, x: Float32Array.from(core.normals(core.key(rows + 1), 3 * rows)), y, returns };
};

test("a return within the cost is neutral, beyond it up or down", () => {
  expect([-0.002, -0.001, 0, 0.001, 0.002].map((r) => directionOf(r, 0.001))).toEqual([0, 1, 1, 1, 2]);
});

test("the targets of a row are its class and its scaled return", () => {
  const own = part(4);
  const { y } = sourceRows(own, 0.001);
  own.returns.forEach((r, n) => {
    expect(y[2 * n]).toBe(directionOf(r, 0.001));
    expect(y[2 * n + 1]).toBeCloseTo(r / 0.003, 5);
  });
  expect(() => sourceRows(own, 0)).toThrow(RangeError);
});

test("the weight of the KL rises step by step over twenty epochs, and each weight has two numbers", async () => {
  await nn.startBackend();
  const data = { train: part(256), validation: part(32) };
  const { network, fit } = await trainSourceNetwork(data, { cost: 0.001, key: core.key(2), epochs: 2 });
  const perNumber = (3 + 1) * 256 + 257 * 128 + 129 * 64 + 65 * 5;
  expect(nn.layers.layoutsOf(network).parameters.total).toBe(2 * perNumber);
  const steps = 2 * SOURCE_TRAINING.warmUpEpochs;
  expect(fit.history.map(({ beta }) => beta[0])).toEqual([1 / steps, 3 / steps]);
}, 300_000);

test("the committed record has its epochs in order, full weight from the twentieth on, and the parameters of the network", () => {
  const { history, data, states } = readSourceRecord(resolve("data/source-network.json"));
  expect(history.map(({ epoch }) => epoch)).toEqual(history.map((_, e) => e + 1));
  for (const { beta, epoch } of history) expect(beta >= 1 - 1e-3).toBe(epoch >= SOURCE_TRAINING.warmUpEpochs);
  expect(data.parameters).toBe(2 * ((data.inputs + 1) * 256 + 257 * 128 + 129 * 64 + 65 * 5));
  expect(states[states.length - 1]).toMatchObject({ name: "last epoch", epoch: history.length });
});

test("a file that is no record is refused by its name", () => {
  expect(() => readSourceRecord(resolve("data/none.json"))).toThrow(/none\.json: expected the record/);
  expect(() => readSourceRecord(resolve("data/real-results.json"))).toThrow(/real-results\.json: /);
});
