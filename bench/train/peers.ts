/** The same training steps in PyTorch: a loop over separate models, or all of them stacked in one. */
import type { VaeConfig } from "../../lib/models/vae/vae.js";
import type { Contestant } from "../support/interleaved.js";
import { pythonContestant } from "../support/python.js";
import { chain, flopsOf, type Subject } from "./subjects.js";

/** How PyTorch trains R models. */
export interface Manner {
  readonly replicas: number;
  /** All at once in `baddbmm`; else one after the other. Multilayer perceptrons alone can be stacked. */
  readonly stacked: boolean;
  readonly threads: number;
}

/** PyTorch on the subject, where Python has it. */
export function torch(subject: Subject, manner: Manner): Record<string, Contestant> {
  const { replicas, stacked, threads } = manner;
  const how = stacked ? "stacked, " : replicas > 1 ? "a loop over models, " : "";
  return pythonContestant(`PyTorch, ${how}${threads} thread${threads > 1 ? "s" : ""}`, {
    needs: ["torch"],
    program: [
      "import torch, math",
      `torch.set_num_threads(${threads})`,
      `R, B, steps = ${replicas}, ${subject.batch}, ${subject.steps}`,
      `shape, K = [${subject.config.inputShape.join(", ")}], ${subject.config.latents}`,
      subject.config.encoder.kind === "mlp" ? perceptrons(subject.config, stacked) : windows(subject.config),
      STEPS,
    ].join("\n"),
  });
}

/** The subject's arithmetic as products of two 512 × 512 matrices in PyTorch. */
export function torchProductsAlone(
  subject: Subject,
  products: number,
  threads: number,
): Record<string, Contestant> {
  const program = `
import torch
torch.set_num_threads(${threads})
a, b = torch.randn(512, 512), torch.randn(512, 512)
def work():
    for _ in range(${products}):
        torch.mm(a, b)
    return ${(products * 2 * 512 ** 3) / flopsOf(subject)}
`;
  return pythonContestant(`products alone, PyTorch, ${threads} thread${threads > 1 ? "s" : ""}`, {
    needs: ["torch"],
    program,
  });
}

/** Bound of one draw from the decoded x, the flattened data and the parameters of q. */
const BOUND = `
def bound(x, decoded, m, lv):
    nll = 0.5 * ((x - decoded) ** 2 + math.log(2 * math.pi)).sum(-1).mean(-1)
    kl = 0.5 * (m ** 2 + lv.exp() - lv - 1).sum(-1).mean(-1)
    return (nll + kl).sum()
`;

/** `models` is a list of lists of parameters; `loss(i)` is that of model i on a fresh draw. */
const STEPS = `
opts = [torch.optim.AdamW(p, lr=1e-3, weight_decay=1e-4) for p in models]
def work():
    for s in range(steps):
        for i, p in enumerate(models):
            opts[i].zero_grad(set_to_none=True)
            loss(i).backward()
            torch.nn.utils.clip_grad_norm_(p, 5.0)
            opts[i].step()
    return steps * R
`;

/** Weights by hand, so that a stack is the same program as a single model. */
function perceptrons({ inputShape, latents, encoder }: VaeConfig, stacked: boolean): string {
  const hidden = encoder.kind === "mlp" ? encoder.hidden : [];
  const pairs = (widths: readonly number[]) =>
    `[${chain(widths)
      .map(({ inputs, outputs }) => `(${inputs}, ${outputs})`)
      .join(", ")}]`;
  return `
enc = ${pairs([inputShape[0]!, ...hidden, 2 * latents])}
dec = ${pairs([latents, ...[...hidden].reverse(), inputShape[0]!])}
n = len(enc) + len(dec)
x = torch.randn(B, *shape)
def parameters(lead):
    w = [torch.nn.Parameter(torch.randn(*lead, i, o) / math.sqrt(i)) for i, o in enc + dec]
    return w + [torch.nn.Parameter(torch.zeros(*lead, 1, o)) for i, o in enc + dec]
multiply = torch.${stacked ? "baddbmm" : "addmm"}
def run(p, h, first, last):
    for k in range(first, last):
        h = multiply(p[n + k], h, p[k])
        if k < last - 1: h = torch.nn.functional.leaky_relu(h, 0.2)
    return h
${BOUND}
lead = ${stacked ? "[R]" : "[]"}
models = [parameters(lead) for _ in range(${stacked ? 1 : "R"})]
X = x.expand(*lead, *x.shape)
def loss(i):
    m, lv = run(models[i], X, 0, len(enc)).chunk(2, -1)
    z = m + (0.5 * lv).exp() * torch.randn(*lead, B, K)
    return bound(X, run(models[i], z, len(enc), n), m, lv)
`;
}

/** The modules of torch.nn, as anyone would write them. */
function windows({ inputShape, latents, encoder }: VaeConfig): string {
  if (encoder.kind !== "lstm" && encoder.kind !== "transformer")
    throw new RangeError(`encoder: expected lstm or transformer, got ${encoder.kind}`);
  const [steps, features] = inputShape as [number, number];
  const from = encoder.kind === "lstm" ? encoder.units : encoder.width;
  const reader =
    encoder.kind === "lstm"
      ? `
        self.body = torch.nn.LSTM(${features}, ${encoder.units}, batch_first=True)
    def read(self, x):
        return self.body(x)[1][0][0]`
      : `
        self.embed = torch.nn.Linear(${features}, ${encoder.width})
        self.register_buffer("places", torch.randn(1, ${steps}, ${encoder.width}))
        layer = torch.nn.TransformerEncoderLayer(${encoder.width}, ${encoder.heads}, ${encoder.inner}, dropout=0.0, batch_first=True, norm_first=True)
        self.body = torch.nn.TransformerEncoder(layer, ${encoder.blocks}, enable_nested_tensor=False)
    def read(self, x):
        return self.body(self.embed(x) + self.places).mean(1)`;
  const layers = (widths: readonly number[]) =>
    chain(widths)
      .map(({ inputs, outputs }) => `torch.nn.Linear(${inputs}, ${outputs})`)
      .join(", torch.nn.LeakyReLU(0.2), ");
  return `
class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.codes = torch.nn.Sequential(${layers([from, ...encoder.hidden, 2 * latents])})
        self.decoder = torch.nn.Sequential(${layers([latents, ...[...encoder.hidden].reverse(), steps * features])})
${reader.slice(1)}
nets = [Vae() for _ in range(R)]
models = [list(net.parameters()) for net in nets]
x = torch.randn(B, *shape)
${BOUND}
def loss(i):
    m, lv = nets[i].codes(nets[i].read(x)).chunk(2, -1)
    z = m + (0.5 * lv).exp() * torch.randn(B, K)
    return bound(x.flatten(1), nets[i].decoder(z), m, lv)
`;
}
