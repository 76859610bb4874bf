/** A trained autoencoder of fully connected layers as plain float64 arithmetic: one row at a time, without tensors. */
import { checkLength } from "../../core/index.js";
import { layoutsOf, type Weights } from "../../nn/layers/index.js";
import { takeReplicas } from "../../nn/training/index.js";
import type { Vae } from "./vae.js";

/** One replica. All arrays are the caller's. */
export interface PlainVae {
  /** A, K */
  readonly inputs: number;
  readonly latents: number;
  /** [A] of p(x | z). */
  readonly noiseVariance: Float64Array;
  /** q(z | x): [K] each. @param x [A] */
  encode(x: ArrayLike<number>): { readonly mean: Float64Array; readonly variance: Float64Array };
  /** Mean of p(x | z), [A]. @param z [K] */
  decode(z: ArrayLike<number>): Float64Array;
  /** ∂ decode / ∂z, [A,K] row-major. */
  jacobian(z: ArrayLike<number>): Float64Array;
}

interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  /** [outputs] what a pass has computed last, where another layer reads it. */
  readonly between: Float64Array;
}

/** The slope of the autoencoder's LeakyReLU below zero. */
const SLOPE = 0.2;

/**
 * The replica's encoder and decoder; dropout and batch normalisation are not among what it can do.
 * @throws RangeError when the model is not linear or of plain layers, or the replica is not there.
 */
export function plainVae(model: Vae, weights: Weights, replica = 0): PlainVae {
  const { encoder } = model.config;
  if (!(encoder.kind === "linear" || (encoder.kind === "mlp" && !encoder.batchNorm)))
    throw new RangeError(`encoder: expected linear, or mlp without normalisation, got ${encoder.kind}`);
  const values = namedValues(model, takeReplicas(weights, [replica]));
  const hidden = encoder.kind === "mlp" ? encoder.hidden.map((_, i) => i) : [];
  const layers = (names: readonly string[]) => names.map((name) => denseOf(values, name));
  const reader = layers([...hidden.map((i) => `encoder/${i}`), "codes"]);
  const writer = layers([...hidden.map((i) => `decoder/${i}`), "decoder/out"]);
  const { latents } = model;
  const inputs = writer[writer.length - 1]!.outputs;
  return {
    inputs,
    latents,
    noiseVariance: noiseOf(model, values, inputs),
    encode(x) {
      checkLength("x", x, inputs);
      const out = forward(reader, x);
      const logVar = out.subarray(latents).map((v) => Math.min(14, Math.max(-14, v)));
      return { mean: out.slice(0, latents), variance: logVar.map(Math.exp) };
    },
    decode(z) {
      checkLength("z", z, latents);
      return forward(writer, z);
    },
    jacobian(z) {
      checkLength("z", z, latents);
      return derivative(writer, z);
    },
  };
}

type Named = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float64Array }>;

function namedValues(model: Vae, weights: Weights): Named {
  const { specs, sizes } = layoutsOf(model).parameters;
  let at = 0;
  return new Map(
    specs.map(({ name, shape }, i) => {
      const values = Float64Array.from(weights.parameters.subarray(at, at + sizes[i]!));
      at += sizes[i]!;
      return [name, { shape, values }];
    }),
  );
}

function denseOf(values: Named, name: string): Dense {
  const weight = values.get(`${name}/weight`)!;
  const [inputs, outputs] = weight.shape as [number, number];
  const bias = values.get(`${name}/bias`)!.values;
  return { inputs, outputs, weight: weight.values, bias, between: new Float64Array(outputs) };
}

function noiseOf({ config }: Vae, values: Named, inputs: number): Float64Array {
  const { noise } = config;
  if (typeof noise === "object") return new Float64Array(inputs).fill(noise.variance);
  const learned = values.get("noise/log variance")!.values;
  return Float64Array.from({ length: inputs }, (_, a) => Math.exp(learned[learned.length === 1 ? 0 : a]!));
}

/** Into `out` [outputs], which it returns. */
function affine({ inputs, outputs, weight, bias }: Dense, x: Float64Array, out: Float64Array): Float64Array {
  out.set(bias);
  let o = 0;
  for (; o + 4 <= outputs; o += 4) {
    // Four sums at a time stay in registers.
    let [a, b, c, d] = [out[o]!, out[o + 1]!, out[o + 2]!, out[o + 3]!];
    for (let i = 0, at = o; i < inputs; i++, at += outputs) {
      const value = x[i]!;
      a += value * weight[at]!;
      b += value * weight[at + 1]!;
      c += value * weight[at + 2]!;
      d += value * weight[at + 3]!;
    }
    [out[o], out[o + 1], out[o + 2], out[o + 3]] = [a, b, c, d];
  }
  for (; o < outputs; o++) for (let i = 0; i < inputs; i++) out[o]! += x[i]! * weight[i * outputs + o]!;
  return out;
}

/** In place. */
function leakyRelu(x: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) if (!(x[i]! > 0)) x[i]! *= SLOPE;
  return x;
}

/** A new array [outputs of the last]. A new one for each layer would take longer than its arithmetic. */
function forward(layers: readonly Dense[], x: ArrayLike<number>): Float64Array {
  let h = x instanceof Float64Array ? x : Float64Array.from(x);
  layers.forEach((layer, n) => {
    const isLast = n === layers.length - 1;
    const out = isLast ? new Float64Array(layer.outputs) : layer.between;
    h = affine(layer, n > 0 ? leakyRelu(h) : h, out);
  });
  return h;
}

/** Forward mode: the derivative [width, K] travels with the value. */
function derivative(layers: readonly Dense[], z: ArrayLike<number>): Float64Array {
  const latents = z.length;
  let h: Float64Array = Float64Array.from(z);
  let moved = Float64Array.from({ length: latents * latents }, (_, i) => (i % (latents + 1) === 0 ? 1 : 0));
  layers.forEach((layer, n) => {
    const { inputs, outputs, weight } = layer;
    if (n > 0) {
      moved = moved.map((v, i) => (h[Math.floor(i / latents)]! > 0 ? v : SLOPE * v));
      h = leakyRelu(h);
    }
    const next = new Float64Array(outputs * latents);
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) {
        const w = weight[i * outputs + o]!;
        for (let k = 0; k < latents; k++) next[o * latents + k]! += w * moved[i * latents + k]!;
      }
    h = affine(layer, h, new Float64Array(outputs));
    moved = next;
  });
  return moved;
}
