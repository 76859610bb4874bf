/** One decision: a hundred posterior draws of a 64-256-128-64 Bayesian network for a single row. */
import { beforeAll, describe } from "vitest";
import { momentsOf } from "../../lib/core/forecast.js";
import { fold, type Key, key, normals32 } from "../../lib/core/random.js";
import { type Bnn, type BnnConfig, bnn, STANDARD_NORMAL } from "../../lib/models/bnn/bnn.js";
import { drawForecasts, type Forecaster, openForecaster } from "../../lib/models/bnn/forecastDraws.js";
import { startBackend } from "../../lib/nn/backend.js";
import { initialWeights, type Weights } from "../../lib/nn/layers/model.js";
import { predict } from "../../lib/nn/training/predict.js";
import { type Contestant, race } from "../support/interleaved.js";
import { pythonContestant } from "../support/python.js";

const root = key("decision benchmark");
const LOCAL = "ours, local reparameterisation";
const [DRAWS, INPUTS] = [100, 64];

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

const modelOf = (sampling: BnnConfig["sampling"]): Bnn =>
  bnn({
    ...{ inputs: INPUTS, hidden: [256, 128, 64], activation: "leakyRelu", dropout: [] },
    ...{ heads: ["return"], noise: "each", dataSize: 1000, prior: STANDARD_NORMAL, sampling },
  });

/** A decision for a fresh row at each turn. */
function decisions(model: Bnn, decide: (weights: Weights, row: Float32Array, key: Key) => void): Contestant {
  const weights = initialWeights(model, [root]);
  let turn = 0;
  return () => {
    const own = fold(root, "turn", turn++);
    decide(weights, normals32(own, INPUTS), own);
    return 1;
  };
}

/** The draws are copies of the network. */
function inReplicas(sampling: BnnConfig["sampling"]): Contestant {
  const model = modelOf(sampling);
  return decisions(model, (weights, row, key) => predict(model, weights, row, { draws: DRAWS, key }));
}

/** The draws are copies of the row: as noise of activations is drawn for each row anew, that is the same law. */
function inRows(): Contestant {
  const model = modelOf("local");
  return decisions(model, (weights, row, key) => {
    const rows = new Float32Array(DRAWS * INPUTS);
    for (let s = 0; s < DRAWS; s++) rows.set(row, s * INPUTS);
    const { returns } = drawForecasts(model, weights, rows, { draws: 1, key });
    momentsOf({ ...returns!, draws: DRAWS });
  });
}

/** The same network standing ready: weights on the backend, its pass compiled. */
function ready(): Contestant {
  const model = modelOf("local");
  let forecaster: Forecaster | undefined; // made in the first turn: contestants are named before the backend starts
  let turn = 0;
  return () => {
    forecaster ??= openForecaster(model, initialWeights(model, [root]));
    const key = fold(root, "turn", turn++);
    const { returns } = forecaster.draw(normals32(key, INPUTS), { draws: DRAWS, key });
    momentsOf(returns!);
    return 1;
  };
}

/** A forward pass a draw, each with weights drawn afresh, as Bayesian layers are mostly written. */
const loop = (threads: number) => `
import torch
torch.set_num_threads(${threads})
torch.set_grad_enabled(False)
sizes = [(${INPUTS}, 256), (256, 128), (128, 64), (64, 2)]
mean = [torch.randn(i, o) / i ** 0.5 for i, o in sizes]
rho = [torch.full((i, o), -3.0) for i, o in sizes]
bias = [(torch.zeros(o), torch.full((o,), -3.0)) for _, o in sizes]
soft = torch.nn.functional.softplus
def forward(h):
    for k in range(4):
        w = mean[k] + soft(rho[k]) * torch.randn_like(mean[k])
        b = bias[k][0] + soft(bias[k][1]) * torch.randn_like(bias[k][0])
        h = torch.addmm(b, h, w)
        if k < 3: h = torch.nn.functional.leaky_relu(h)
    return h
def work():
    x = torch.randn(1, ${INPUTS})
    draws = torch.stack([forward(x) for _ in range(${DRAWS})])
    draws.mean(0), draws.var(0)
    return 1
`;

describe("train: decision", () => {
  const peers = Object.assign(
    {},
    ...[1, 2].map((threads) =>
      pythonContestant(`PyTorch, a loop over draws, ${threads} thread${threads > 1 ? "s" : ""}`, {
        needs: ["torch"],
        program: loop(threads),
      }),
    ),
  );
  const peer = Object.keys(peers)[0];
  race(`${DRAWS} posterior draws for one row`, {
    unit: "decision",
    rounds: 7,
    against: peer ?? LOCAL,
    goals: peer ? [{ own: "ours, standing ready", peer, most: 0.03 }] : [],
    contestants: {
      "ours, standing ready": ready(),
      [`${LOCAL}, draws in rows`]: inRows(),
      [LOCAL]: inReplicas("local"),
      "ours, drawn weights": inReplicas("weights"),
      ...peers,
    },
  });
});
