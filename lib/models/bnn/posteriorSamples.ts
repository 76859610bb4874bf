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
  for (let d = 0; d < replicas; d++) {
    const [s, r] = [Math.floor(d / weights.replicas), d % weights.replicas];
    const read = parameterReader(model, weights, r);
    const drawn = new Map(model.layers.flatMap((layer) => [...drawnLayer(layer, read, fold(key, s, r))]));
    let at = d * total;
    specs.forEach(({ name }, i) => {
      parameters.set(drawn.get(name) ?? read(name)!, at);
      at += sizes[i]!;
    });
  }
  return { network, weights: { replicas, parameters, buffers: new Float32Array(0) } };
}

/** Weight and bias of a layer, drawn by the noise that the layer itself would be fed. */
function drawnLayer(
  { name, outputs }: LayerShape,
  read: (name: string) => Float32Array | undefined,
  key: Key,
): Map<string, Float32Array> {
  const distribution = (of: string) => {
    const [mean, rho] = [read(`${name}/${of} mean`)!, read(`${name}/${of} rho`)!];
    const noise = normals32(fold(key, `${name}/${of} noise`, "forecast"), mean.length);
    return mean.map((m, i) => m + softplus(rho[i]!) * noise[i]!);
  };
  const weight = distribution("weight");
  const logit = read(`${name}/gate logit`);
  if (logit) {
    const u = uniforms(fold(key, `${name}/gate uniform`, "forecast"), logit.length);
    const open = logit.map((l, i) => (l + Math.log(u[i]!) - Math.log1p(-u[i]!) > 0 ? 1 : 0));
    weight.forEach((_, i) => {
      weight[i]! *= open[open.length === weight.length ? i : Math.floor(i / outputs)]!;
    });
  }
  return new Map([
    [`${name}/weight`, weight],
    [`${name}/bias`, distribution("bias")],
  ]);
}
