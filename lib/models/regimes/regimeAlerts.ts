/** States that are left only for good reason, and alerts when they are. */
import { checkCount } from "../../core/index.js";

/** A watcher's state and alerts at each row of filtered probabilities. Arrays are [T]. */
export interface RegimeWatch {
  /** The state that is believed; −1 before any was likely enough. */
  readonly state: Int16Array;
  /** 1 where the belief changed. */
  readonly alert: Uint8Array;
}

/**
 * Keeps a state until another has a probability of at least `threshold`: above a half, so that an uncertain state does not flicker.
 *
 * With filtered probabilities row t is known at t. The higher the threshold, the fewer alerts, and the later.
 * @param probability  [T,K] rows sum to one
 * @param options `previous`: the state believed before the first row, of a feed that goes on
 * @throws RangeError when the rows are not whole or the threshold is not in (0.5, 1).
 */
export function watchRegimes(
  probability: Float64Array,
  options: { readonly states: number; readonly threshold: number; readonly previous?: number },
): RegimeWatch {
  const { states, threshold, previous = -1 } = options;
  checkCount("states", states);
  checkCount("rows", probability.length / states);
  if (!(threshold > 0.5 && threshold < 1))
    throw new RangeError(`threshold: expected a number in (0.5, 1), got ${threshold}`);
  const rows = probability.length / states;
  const [state, alert] = [new Int16Array(rows), new Uint8Array(rows)];
  let believed = previous;
  for (let t = 0; t < rows; t++) {
    const likely = probability.subarray(t * states, (t + 1) * states).findIndex((p) => p >= threshold);
    if (likely >= 0 && likely !== believed) {
      alert[t] = 1;
      believed = likely;
    }
    state[t] = believed;
  }
  return { state, alert };
}
