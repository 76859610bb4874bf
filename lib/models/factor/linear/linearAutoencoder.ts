/** One direction of a linear autoencoder, trained by gradients: the numeric side of reverse water-filling. */
import { checkPositive } from "../../../core/index.js";
import { adam } from "../../inference/variational/adam.js";

/**
 * The KL in nats that a trained latent spends on a direction of the data with variance `eigenvalue`.
 *
 * Minimises (λ(1 − wa)² + w²v) / 2s² + β ½(a²λ + v − log v − 1) over the encoder a, the decoder w and the posterior variance v
 * from a small start, by Adam on the exact gradient; it knows nothing of the closed form it is compared with.
 * @throws RangeError when an argument is not positive.
 * @see Lucas, Tucker, Grosse & Norouzi 2019, section 4
 */
export function trainLinearAutoencoder(eigenvalue: number, noiseVar: number, beta: number): number {
  checkPositive("eigenvalue", eigenvalue);
  checkPositive("noiseVar", noiseVar);
  checkPositive("beta", beta);
  const code = Float64Array.of(0.3, 0.3, 0); // a, w, log v
  const uphill = new Float64Array(3);
  const optimiser = adam(3);
  for (let step = 0; step < 4000; step++) {
    const [a, w, v] = [code[0]!, code[1]!, Math.exp(code[2]!)];
    const residual = 1 - w * a;
    uphill[0] = (eigenvalue * w * residual) / noiseVar - beta * a * eigenvalue;
    uphill[1] = (eigenvalue * a * residual - w * v) / noiseVar;
    uphill[2] = -(v * w * w) / (2 * noiseVar) - (beta / 2) * (v - 1);
    optimiser.ascend(code, uphill, 0.02 * (1 - step / 4000));
  }
  return 0.5 * (code[0]! ** 2 * eigenvalue + Math.exp(code[2]!) - code[2]! - 1);
}
