/** A training step of an autoencoder: ours on the backend that runs, against PyTorch where Python has it. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe } from "vitest";
import { fold, key, normals32 } from "../lib/core/random.js";
import { type VaeConfig, vae } from "../lib/models/vae.js";
import { adamState } from "../lib/nn/adam.js";
import { startBackend } from "../lib/nn/backend.js";
import { drawNoise, initialWeights, layoutsOf } from "../lib/nn/model.js";
import { disposeState, type TrainState, trainingStep } from "../lib/nn/step.js";
import { type Contestant, race } from "./support/interleaved.js";
import { pythonContestant } from "./support/python.js";

const BATCH = 128;
const root = key("train benchmark");

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

interface Size {
  readonly name: string;
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly latents: number;
  readonly steps: number;
}

const large: Size = { name: "64-256-128-64-16", inputs: 64, hidden: [256, 128, 64], latents: 16, steps: 8 };
const small: Size = { name: "8-32-4", inputs: 8, hidden: [32], latents: 4, steps: 20 };

/** `steps` steps of R replicas on one batch; counts a step for each replica. */
function ours(config: VaeConfig, replicas: number, steps: number): Contestant {
  let made:
    | { model: ReturnType<typeof vae>; state: TrainState; step: ReturnType<typeof trainingStep> }
    | undefined;
  const keys = Array.from({ length: replicas }, (_, r) => fold(root, r));
  const make = () => {
    const model = vae(config);
    const layouts = layoutsOf(model);
    const weights = initialWeights(model, keys);
    const parameters = tf.tensor2d(weights.parameters, [replicas, layouts.parameters.total]);
    const buffers = tf.zeros([replicas, 0]);
    const state = { parameters, buffers, adam: adamState([replicas, layouts.parameters.total]) };
    return { model, state, step: trainingStep(model, layouts) };
  };
  return () => {
    made ??= make();
    const size = config.inputShape.reduce((a, b) => a * b, 1);
    for (let i = 0; i < steps; i++) {
      const input = {
        x: tf.tensor(normals32(fold(root, "x"), BATCH * size), [1, BATCH, ...config.inputShape]),
        y: tf.zeros([1, BATCH, 0]),
        noise: drawNoise(made.model.noise, keys, BATCH, [i]),
        beta: tf.ones([replicas]),
        capacity: tf.zeros([replicas]),
        adam: { learningRate: tf.scalar(1e-3), weightDecay: tf.scalar(1e-4), clip: tf.scalar(5) },
      };
      const next = made.step(made.state, input);
      disposeState(made.state);
      tf.dispose([
        input.x,
        input.y,
        ...Object.values(input.noise),
        input.beta,
        input.capacity,
        ...Object.values(input.adam),
      ]);
      tf.dispose([next.nll, next.kl]);
      made.state = next.state;
    }
    made.state.parameters.dataSync();
    return steps * replicas;
  };
}

/** The same model in PyTorch: a loop over separate models, or all stacked in baddbmm. */
function torch(size: Size, replicas: number, stacked: boolean): string {
  return `
import torch, math
torch.set_num_threads(2)
R, B, steps = ${replicas}, ${BATCH}, ${size.steps}
sizes = [${[size.inputs, ...size.hidden].join(", ")}]; K = ${size.latents}
enc = list(zip(sizes[:-1], sizes[1:])) + [(sizes[-1], 2 * K)]
dec = list(zip([K] + sizes[:0:-1], sizes[:0:-1] + [sizes[0]]))
x = torch.randn(B, sizes[0])
def params(lead):
    return [torch.nn.Parameter(torch.randn(*lead, i, o) / math.sqrt(i)) for i, o in enc + dec] + [torch.nn.Parameter(torch.zeros(*lead, 1, o)) for i, o in enc + dec]
def loss(p, x, eps, stack):
    n = len(p) // 2
    mul = (lambda h, k: torch.baddbmm(p[n + k], h, p[k])) if stack else (lambda h, k: torch.addmm(p[n + k], h, p[k]))
    h = x
    for k in range(len(enc)):
        h = mul(h, k)
        if k < len(enc) - 1: h = torch.nn.functional.leaky_relu(h, 0.2)
    m, lv = h.chunk(2, -1)
    z = m + (0.5 * lv).exp() * eps
    for k in range(len(dec)):
        z = mul(z, len(enc) + k)
        if k < len(dec) - 1: z = torch.nn.functional.leaky_relu(z, 0.2)
    nll = 0.5 * ((x - z) ** 2 + math.log(2 * math.pi)).sum(-1).mean(-1)
    kl = 0.5 * (m ** 2 + lv.exp() - lv - 1).sum(-1).mean(-1)
    return (nll + kl).sum()
${
  stacked
    ? `models = [params([R])]; X = x.expand(R, B, sizes[0])`
    : `models = [params([]) for _ in range(R)]; X = x`
}
opts = [torch.optim.AdamW(p, lr=1e-3, weight_decay=1e-4) for p in models]
def work():
    for s in range(steps):
        for p, opt in zip(models, opts):
            opt.zero_grad(set_to_none=True)
            loss(p, X, torch.randn(${stacked ? "R, B, K" : "B, K"}), ${stacked ? "True" : "False"}).backward()
            torch.nn.utils.clip_grad_norm_(p, 5.0)
            opt.step()
    return steps * R
`;
}

describe("train", () => {
  for (const [size, replicas] of [
    [large, 1],
    [large, 5],
    [small, 1],
    [small, 25],
  ] as const) {
    const config: VaeConfig = {
      inputShape: [size.inputs],
      latents: size.latents,
      encoder: { kind: "mlp", hidden: size.hidden },
      noise: { variance: 1 },
    };
    const peer = (stacked: boolean) =>
      pythonContestant(`PyTorch, ${stacked ? "stacked" : "a loop over models"}`, {
        needs: ["torch"],
        program: torch(size, replicas, stacked),
      });
    const loop = peer(false);
    const name = "ours";
    race(`VAE ${size.name}, batch ${BATCH}, R = ${replicas}`, {
      unit: "step and replica",
      rounds: 7,
      against: Object.keys(loop)[0] ?? name,
      contestants: {
        [name]: ours(config, replicas, size.steps),
        ...loop,
        ...(replicas > 1 ? peer(true) : {}),
      },
    });
  }
});
