/** Dropout whose masks come from noise that is fed. */
import type { Layer, NoiseSpec } from "./layer.js";

/**
 * Sets each activation to 0 with probability `rate` and scales the rest by 1 / (1 − rate), each replica and row by itself.
 *
 * It works wherever the feed carries its noise, in training or after: Monte-Carlo dropout feeds it, a plain prediction does not.
 * @param shape  of a row, such as [features]
 * @throws RangeError when the rate is not in [0, 1).
 * @see Srivastava et al. 2014; Gal & Ghahramani 2016
 */
export function dropout(name: string, rate: number, shape: readonly number[]): Layer {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`${name}: expected a rate in [0, 1), got ${rate}`);
  const noise: NoiseSpec = {
    name: `${name}/uniform`,
    kind: "uniform",
    shape: ["batch", ...shape],
    role: "dropout",
  };
  return {
    parameters: [],
    buffers: [],
    noise: rate > 0 ? [noise] : [],
    apply(feed, x) {
      const uniform = feed.noise[noise.name];
      if (rate === 0 || !uniform) return x;
      return x.mul(
        uniform
          .greaterEqual(rate)
          .cast("float32")
          .mul(1 / (1 - rate)),
      );
    },
  };
}
