/** One layer whose loss is written out, and the tables that hold it against the exact posterior. */
import { beforeAll, describe, expect, test } from "vitest";
import { core, models, nn, prob } from "../../../lib/index.js";

const { singleLayer, weightTable, curveTable, lineExample } = models.bayesian;

beforeAll(async () => {
  await nn.startBackend();
});

describe("singleLayer", () => {
  const example = lineExample(core.key("single layer"));
  const terms: models.bayesian.LayerTerms = ({ parameters, noise }, x, y) => {
    const sd = parameters.rho!.softplus();
    const mean = x.matMul(parameters.mu!);
    const spread = x.square().matMul(sd.square()).sqrt().mul(noise.epsilon!);
    const nll = y
      .sub(mean.add(spread))
      .square()
      .sum(2)
      .div(2 * example.noiseVar);
    const kl = parameters.mu!.square().add(sd.square()).sub(1).sub(sd.square().log()).sum().mul(0.5);
    return { nll, kl: kl.div(example.rows) };
  };

  test("trained on the line example it has the exact means and the best independent deviations", async () => {
    const steps = 1500;
    const { weights } = await nn.train(
      singleLayer(3, terms),
      { ...example, rows: example.rows },
      {
        ...{ keys: [core.key("train")], beta: prob.constant(1), batchSize: example.rows, epochs: steps },
        learningRate: prob.linear(0.05, 0.002, steps),
      },
    );
    const learnt = Array.from(weights.parameters);
    example.mean.forEach((mean, i) => {
      expect(Math.abs(learnt[i]! - mean)).toBeLessThan(0.5 * example.sd[i]!); // Adam wanders
      expect(Math.abs(prob.softplus(learnt[3 + i]!) / example.independentSd[i]! - 1)).toBeLessThan(0.15);
    });
  }, 300_000);

  test("a KL that is one number is charged to every row alike, on top of the row's own misfit", () => {
    const model = singleLayer(1, () => ({ nll: nn.tf.tensor2d([[1, 2, 3]]), kl: nn.tf.scalar(0.25) }));
    const { nll, kl } = model.terms({} as models.bayesian.LayerFeed, nn.tf.zeros([1]), nn.tf.zeros([1]));
    expect(Array.from(nll.dataSync())).toEqual([1, 2, 3]);
    expect(Array.from(kl.dataSync())).toEqual([0.25, 0.25, 0.25]);
  });

  test("a layer without inputs is refused", () => {
    expect(() => singleLayer(0, terms)).toThrow("inputs");
  });
});

test("the inputs of the line example are its columns without the constant", () => {
  const { x, inputs, rows } = lineExample(core.key("columns"));
  expect(inputs.length).toBe(2 * rows);
  for (const n of [0, 7, 59])
    expect(Array.from(inputs.slice(2 * n, 2 * n + 2))).toEqual(Array.from(x.slice(3 * n, 3 * n + 2)));
});

describe("weightTable", () => {
  const exact = {
    mean: Float64Array.of(1, 2),
    sd: Float64Array.of(0.4, 0.5),
    independentSd: Float64Array.of(0.3, 0.2),
  };

  test("has the means first, then the deviations, a column for each network", () => {
    const rows = weightTable(exact, { ours: { mean: [1.1, 2.1], sd: [0.31, 0.21] } }, 2);
    expect(rows).toEqual([
      { quantity: "mean of weight 1", exact: 1, "best independent": 1, ours: 1.1 },
      { quantity: "mean of weight 2", exact: 2, "best independent": 2, ours: 2.1 },
      { quantity: "sd of weight 1", exact: 0.4, "best independent": 0.3, ours: 0.31 },
      { quantity: "sd of weight 2", exact: 0.5, "best independent": 0.2, ours: 0.21 },
    ]);
  });

  test("a network with fewer weights is refused by name", () => {
    expect(() => weightTable(exact, { ours: { mean: [1], sd: [1] } }, 2)).toThrow("weights of ours");
  });
});

describe("curveTable", () => {
  const ones = (value: number) => Float64Array.from([value, value, value, value]);
  const curve = {
    ...{ grid: Float64Array.of(-0.2, 0, 0.2, 0.4), truth: Float64Array.of(0, 0, 0, 2) },
    bands: [
      {
        ...{ method: "exact posterior", label: "exact", mean: ones(0), lower: ones(-1), upper: ones(1) },
        sd: Float64Array.of(0.9, 0.1, 0.2, 0.3),
      },
    ],
  };

  test("reads the deviation at the nearest point of the grid, and counts where the band holds the truth", () => {
    expect(curveTable(curve, [-0.2, 0.19])).toEqual([
      { method: "exact posterior", "x = −0.2": 0.9, "x = 0.19": 0.2, "truth in band": 75 },
    ]);
  });

  test("a place outside the grid is refused", () => {
    expect(() => curveTable(curve, [1])).toThrow("place: expected one from -0.2 to 0.4, got 1");
  });
});
