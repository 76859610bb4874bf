/** Weights drawn once from a posterior and kept: plain networks that can be asked again and again. */
import { checkCount, fold, type Key, normals32, uniforms } from "../../core/index.js";
import { layoutsOf, type Weights } from "../../nn/layers/index.js";
import { softplus } from "../../prob/distributions/index.js";
import type { Bnn, LayerShape } from "./bnn.js";
import type { ForecastNetwork } from "./forecastNetwork.js";
import { plainNetwork } from "./plainNetwork.js";
import { parameterReader } from "./weightPosterior.js";

/** A plain network whose replicas are the draws, exchangeable as the members of an ensemble. */
export interface PosteriorSamples {
  readonly network: ForecastNetwork;
  /** S · R replicas, draw by draw. */
  readonly weights: Weights;
}

/**
 * S sets of weights from each replica: `drawForecasts` with one draw of these says what drawing anew with the same key would say, and a
 * decision costs no draw any more.
 * @throws RangeError when the number of draws is no positive integer.
 */
export function posteriorSamples(
  model: Bnn,
  weights: Weights,
  options: { readonly draws: number; readonly key: Key },
): PosteriorSamples {
  const { draws, key } = options;
  checkCount("draws", draws);
  const network = plainNetwork({ ...model.config, dataSize: 1 });
  const { specs, sizes, total } = layoutsOf(network).parameters;
  const replicas = draws * weights.replicas;
  const parameters = new Float32Array(replicas * total);
  for (let r = 0; r < weights.replicas; r++) {
    const read = parameterReader(model, weights, r);
    const layers = model.layers.map((layer) => posteriorOf(layer, read));
    for (let s = 0; s < draws; s++) {
      const drawn = new Map(layers.flatMap((layer) => drawnLayer(layer, fold(key, s, r))));
      let at = (s * weights.replicas + r) * total;
      specs.forEach(({ name }, i) => {
        parameters.set(drawn.get(name) ?? read(name)!, at);
        at += sizes[i]!;
      });
    }
  }
  return { network, weights: { replicas, parameters, buffers: new Float32Array(0) } };
}

/** A normal distribution of each number. */
interface Normals {
  readonly mean: Float32Array;
  readonly deviation: Float64Array;
}

interface LayerPosterior extends LayerShape {
  readonly weight: Normals;
  readonly bias: Normals;
  /** Log-odds of the gates that keep weights, where the layer has gates. */
  readonly gates: Float32Array | undefined;
}

function posteriorOf(layer: LayerShape, read: (name: string) => Float32Array | undefined): LayerPosterior {
  const normals = (of: string): Normals => ({
    mean: read(`${layer.name}/${of} mean`)!,
    deviation: Float64Array.from(read(`${layer.name}/${of} rho`)!, softplus),
  });
  const gates = read(`${layer.name}/gate logit`);
  return { ...layer, weight: normals("weight"), bias: normals("bias"), gates };
}

/** Weight and bias of a layer, drawn by the noise that the layer itself would be fed. */
function drawnLayer(
  { name, outputs, gates, ...posterior }: LayerPosterior,
  key: Key,
): [name: string, values: Float32Array][] {
  const drawn = (of: "weight" | "bias") => {
    const { mean, deviation } = posterior[of];
    const noise = normals32(fold(key, `${name}/${of} noise`, "forecast"), mean.length);
    for (let i = 0; i < mean.length; i++) noise[i] = mean[i]! + deviation[i]! * noise[i]!;
    return noise;
  };
  const weight = drawn("weight");
  if (gates) {
    const u = uniforms(fold(key, `${name}/gate uniform`, "forecast"), gates.length);
    const open = gates.map((l, i) => (l + Math.log(u[i]!) - Math.log1p(-u[i]!) > 0 ? 1 : 0));
    weight.forEach((_, i) => {
      weight[i]! *= open[open.length === weight.length ? i : Math.floor(i / outputs)]!;
    });
  }
  return [
    [`${name}/weight`, weight],
    [`${name}/bias`, drawn("bias")],
  ];
}
