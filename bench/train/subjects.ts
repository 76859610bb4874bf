/** The networks whose training is timed, and how much arithmetic a step of each is. */
import type { EncoderConfig, VaeConfig } from "../../lib/models/vae/vae.js";

/** A variational autoencoder with unit noise, and the batches it is trained on. */
export interface Subject {
  readonly name: string;
  readonly config: VaeConfig;
  /** B */
  readonly batch: number;
  /** Steps that one turn of a contestant makes, all replicas together. */
  readonly steps: number;
  /** By R: the contestant of ours that a goal is for, and its largest time over PyTorch's, one model after the other on one thread. */
  readonly goals?: Readonly<Record<number, { readonly own: string; readonly most: number }>>;
}

const TRACED = "ours, traced";
const ON_TWO = "ours, on 2 threads";

const noise = { variance: 1 };

const mlp = (inputs: number, hidden: readonly number[], latents: number): VaeConfig => ({
  inputShape: [inputs],
  latents,
  encoder: { kind: "mlp", hidden },
  noise,
});

export const large: Subject = {
  name: "VAE 64-256-128-64-16",
  config: mlp(64, [256, 128, 64], 16),
  batch: 128,
  steps: 8,
  goals: {
    1: { own: TRACED, most: 0.75 },
    5: { own: ON_TWO, most: 0.5 },
    25: { own: ON_TWO, most: 0.5 },
  },
};

export const small: Subject = {
  name: "VAE 8-32-4",
  config: mlp(8, [32], 4),
  batch: 128,
  steps: 200,
  goals: {
    1: { own: TRACED, most: 0.15 },
    5: { own: TRACED, most: 0.05 },
    25: { own: TRACED, most: 0.05 },
  },
};

/** Windows of 60 bars of 64 features. */
const windows = (encoder: EncoderConfig): VaeConfig => ({
  inputShape: [60, 64],
  latents: 16,
  encoder,
  noise,
});

export const recurrent: Subject = {
  name: "VAE of windows, LSTM 64",
  config: windows({ kind: "lstm", units: 64, hidden: [64] }),
  batch: 32,
  steps: 4,
  goals: { 1: { own: TRACED, most: 1 } },
};

export const attentive: Subject = {
  name: "VAE of windows, Transformer 64",
  config: windows({ kind: "transformer", width: 64, heads: 4, inner: 128, blocks: 1, hidden: [64] }),
  batch: 32,
  steps: 4,
  goals: { 1: { own: TRACED, most: 0.9 } },
};

/** Products a row needs: inputs × outputs each, so many times; of data where no gradient of the input is wanted. */
interface Product {
  readonly inputs: number;
  readonly outputs: number;
  readonly times?: number;
  readonly ofData?: boolean;
}

/**
 * Floating-point operations of one step of one replica, forward and backward, a multiply-add being two.
 *
 * Counts matrix products alone: each is done once forward and once for each gradient.
 */
export function flopsOf({ config, batch }: Subject): number {
  const products = [...encoderProducts(config), ...decoderProducts(config)];
  const multiplyAdds = products.map(
    ({ inputs, outputs, times = 1, ofData = false }) => inputs * outputs * times * (ofData ? 2 : 3),
  );
  return 2 * batch * multiplyAdds.reduce((a, b) => a + b, 0);
}

/** The layers between widths that follow each other. */
export function chain(widths: readonly number[]): { readonly inputs: number; readonly outputs: number }[] {
  return widths.slice(1).map((outputs, i) => ({ inputs: widths[i]!, outputs }));
}

function encoderProducts({ encoder, inputShape, latents }: VaeConfig): Product[] {
  if (encoder.kind === "linear") return [{ inputs: inputShape[0]!, outputs: 2 * latents, ofData: true }];
  if (encoder.kind === "mlp") {
    const [first, ...rest] = chain([inputShape[0]!, ...encoder.hidden, 2 * latents]);
    return [{ ...first!, ofData: true }, ...rest];
  }
  const [times, inputs] = inputShape as [number, number];
  if (encoder.kind === "lstm") {
    const { units, hidden } = encoder;
    return [
      { inputs, outputs: 4 * units, times, ofData: true },
      { inputs: units, outputs: 4 * units, times: times - 1 },
      ...chain([units, ...hidden, 2 * latents]),
    ];
  }
  const { width, inner, blocks, hidden } = encoder;
  const block: Product[] = [
    { inputs: width, outputs: 4 * width + 2 * inner, times }, // queries, keys, values, the mix of heads, the network
    { inputs: 2 * times, outputs: width, times }, // scores and their use
  ];
  return [
    { inputs, outputs: width, times, ofData: true },
    ...Array.from({ length: blocks }, () => block).flat(),
    ...chain([width, ...hidden, 2 * latents]),
  ];
}

function decoderProducts({ encoder, inputShape, latents }: VaeConfig): Product[] {
  const hidden = encoder.kind === "linear" ? [] : encoder.hidden;
  return chain([latents, ...[...hidden].reverse(), inputShape.reduce((a, b) => a * b, 1)]);
}
