/** Some replicas of a stack. */
import { checkCount } from "../../core/index.js";
import type { Weights } from "../layers/model.js";

/**
 * The weights of the named replicas [R], copied in that order: a member of a sweep on its own, or the seeds of one setting as an ensemble.
 * @throws RangeError when there is none or one is not there.
 */
export function takeReplicas(weights: Weights, replicas: readonly number[]): Weights {
  checkCount("number of replicas", replicas.length);
  const missing = replicas.find((r) => !(Number.isInteger(r) && r >= 0 && r < weights.replicas));
  if (missing !== undefined)
    throw new RangeError(`replicas: expected some of 0 to ${weights.replicas - 1}, got ${missing}`);
  const pick = (values: Float32Array): Float32Array => {
    const size = values.length / weights.replicas;
    const out = new Float32Array(replicas.length * size);
    replicas.forEach((r, i) => {
      out.set(values.subarray(r * size, (r + 1) * size), i * size);
    });
    return out;
  };
  return { replicas: replicas.length, parameters: pick(weights.parameters), buffers: pick(weights.buffers) };
}
