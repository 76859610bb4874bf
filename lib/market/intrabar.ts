/** Where the price went between the open and the close of a simulated bar. */
import { fold, type Key, uniforms } from "../core/random.js";
import { INTRABAR_EXCESS } from "./parameters.js";

/**
 * High and low of a Brownian bridge from open to close, each by inversion of its exact distribution
 * P(M > m) = exp(−2 m (m − r) / v). The two are drawn apart, so their slight dependence is left out.
 */
export function extremes(
  k: Key,
  open: Float64Array,
  close: Float64Array,
  variance: Float64Array,
): { high: Float64Array; low: Float64Array } {
  const up = uniforms(fold(k, "high"), open.length);
  const down = uniforms(fold(k, "low"), open.length);
  const reach = (r: number, v: number, u: number) => (r + Math.sqrt(r * r - 2 * v * Math.log(u))) / 2;
  const [high, low] = [new Float64Array(open.length), new Float64Array(open.length)];
  for (let t = 0; t < open.length; t++) {
    const r = Math.log(close[t]! / open[t]!);
    const v = variance[t]! * INTRABAR_EXCESS ** 2;
    high[t] = Math.max(open[t]!, close[t]!, open[t]! * Math.exp(reach(r, v, up[t]!)));
    low[t] = Math.min(open[t]!, close[t]!, open[t]! * Math.exp(-reach(-r, v, down[t]!)));
  }
  return { high, low };
}
