/** Values between the least and the greatest of a trailing window. */
import { checkCount } from "../../core/index.js";

/**
 * The rolling min-max scale (x_t − least) / (greatest − least) of x [T] over entries t − window + 1 … t: in [0, 1], and ½ where the
 * window is flat.
 *
 * NaN until the window is full, and wherever it holds a NaN. Entry t depends on no later one.
 * @throws RangeError when the window is no positive integer.
 */
export function rollingMinMax(x: ArrayLike<number>, window: number): Float64Array {
  checkCount("window", window);
  const out = new Float64Array(x.length).fill(Number.NaN);
  const [least, greatest] = [monotone(x, window, 1), monotone(x, window, -1)];
  let since = 0; // entries since the last NaN
  for (let t = 0; t < x.length; t++) {
    since = Number.isNaN(x[t]!) ? 0 : since + 1;
    const [low, high] = [least(t), greatest(t)];
    if (since >= window) out[t] = high > low ? (x[t]! - low) / (high - low) : 0.5;
  }
  return out;
}

/** The least (sign 1) or greatest (sign −1) of the window that ends at t, asked for t = 0, 1, 2 …; each entry is queued once. */
function monotone(x: ArrayLike<number>, window: number, sign: 1 | -1): (t: number) => number {
  const queue = new Int32Array(x.length);
  let [head, tail] = [0, 0];
  return (t) => {
    while (tail > head && sign * x[queue[tail - 1]!]! >= sign * x[t]!) tail--;
    queue[tail++] = t;
    if (queue[head]! <= t - window) head++;
    return x[queue[head]!]!;
  };
}
