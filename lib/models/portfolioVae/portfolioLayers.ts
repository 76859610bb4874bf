/** Fully connected layers with ReLU between, as plain float64 arithmetic over many rows. */
import { layoutsOf, type Model, type Weights } from "../../nn/layers/index.js";
import { takeReplicas } from "../../nn/training/index.js";

export interface PlainLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly weight: Float64Array;
  /** [outputs] */
  readonly bias: Float64Array;
}

/** The parameters of one replica by name. */
export function namedParameters(
  model: Pick<Model, "parameters" | "buffers">,
  weights: Weights,
  replica: number,
): ReadonlyMap<string, Float64Array> {
  const one = takeReplicas(weights, [replica]).parameters;
  const { specs, sizes } = layoutsOf(model).parameters;
  let at = 0;
  return new Map(
    specs.map(({ name }, i) => {
      at += sizes[i]!;
      return [name, Float64Array.from(one.subarray(at - sizes[i]!, at))];
    }),
  );
}

/** The layers of these names. */
export function plainLayers(
  parameters: ReadonlyMap<string, Float64Array>,
  names: readonly string[],
): PlainLayer[] {
  return names.map((name) => {
    const [weight, bias] = [parameters.get(`${name}/weight`)!, parameters.get(`${name}/bias`)!];
    return { inputs: weight.length / bias.length, outputs: bias.length, weight, bias };
  });
}

/**
 * What each layer makes of rows [N,I], before its ReLU: one array [N, outputs] a layer.
 * @param shift  added to the first layer's: [outputs] the same for all rows, or [N, outputs]
 */
export function throughLayers(
  layers: readonly PlainLayer[],
  x: ArrayLike<number>,
  shift?: Float64Array,
): Float64Array[] {
  const rows = x.length / layers[0]!.inputs;
  const made: Float64Array[] = [];
  let h = x;
  layers.forEach((layer, i) => {
    const next = affineRows(layer, h, { rows, rectify: i > 0 });
    if (i === 0 && shift) for (let j = 0; j < next.length; j++) next[j]! += shift[j % shift.length]!;
    made.push(next);
    h = next;
  });
  return made;
}

/** max(x, 0) where asked, times the weights, plus the bias. */
function affineRows(
  { inputs, outputs, weight, bias }: PlainLayer,
  x: ArrayLike<number>,
  { rows, rectify }: { readonly rows: number; readonly rectify: boolean },
): Float64Array {
  const out = new Float64Array(rows * outputs);
  const sums = new Float64Array(outputs);
  for (let n = 0; n < rows; n++) {
    sums.set(bias);
    for (let i = 0; i < inputs; i++) {
      const value = x[n * inputs + i]!;
      if (rectify && !(value > 0)) continue;
      const from = i * outputs;
      for (let o = 0; o < outputs; o++) sums[o]! += value * weight[from + o]!;
    }
    out.set(sums, n * outputs);
  }
  return out;
}

/** What a change `g` of one row's last output asks of its input: reverse mode. @param made of `throughLayers` for that row */
export function pulledBack(
  layers: readonly PlainLayer[],
  made: readonly Float64Array[],
  g: ArrayLike<number>,
): Float64Array {
  let pull = Float64Array.from(g);
  for (let i = layers.length - 1; i >= 0; i--) {
    const { inputs, outputs, weight } = layers[i]!;
    const before = made[i - 1];
    const next = new Float64Array(inputs);
    for (let j = 0; j < inputs; j++) {
      if (before && !(before[j]! > 0)) continue;
      let total = 0;
      for (let o = 0; o < outputs; o++) total += weight[j * outputs + o]! * pull[o]!;
      next[j] = total;
    }
    pull = next;
  }
  return pull;
}
