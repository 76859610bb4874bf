/** Returns of several symbols side by side, and how they vary together. */

import type { Bars, Panel } from "../core/index.js";
import { checkCount, correlation, covariance, fromFlat, type Matrix } from "../core/index.js";

/**
 * [T − 1, A] returns of closes, rows by time, columns by symbol; known at the close of each bar.
 *
 * A return over a gap, or next to a NaN, is NaN: it is not the return of one bar.
 * @param bars  as `alignBars` returns them
 * @throws RangeError when the symbols' times differ.
 */
export function returnMatrix(bars: readonly Bars[], kind: "log" | "simple"): Panel {
  const [first] = bars;
  if (!first) throw new RangeError("bars: expected at least one symbol, got none");
  for (const b of bars) {
    const odd =
      b.openTime.length !== first.openTime.length
        ? 0
        : b.openTime.findIndex((t, i) => t !== first.openTime[i]);
    if (odd >= 0)
      throw new RangeError(`${b.symbol}: expected the times of ${first.symbol}, they differ from bar ${odd}`);
  }
  const rows = first.openTime.length - 1;
  checkCount("bars", rows);
  const values = new Float64Array(rows * bars.length).fill(Number.NaN);
  for (let t = 0; t < rows; t++) {
    if (first.openTime[t + 1]! - first.openTime[t]! !== first.stepMs) continue;
    bars.forEach(({ close }, a) => {
      const ratio = close[t + 1]! / close[t]!;
      values[t * bars.length + a] = kind === "log" ? Math.log(ratio) : ratio - 1;
    });
  }
  return {
    time: first.openTime.slice(1).map((t) => t + first.stepMs),
    names: bars.map((b) => b.symbol),
    values,
  };
}

/**
 * Sample covariance [A,A] of the columns over the rows without a NaN; `correlation` for the matrix of correlations.
 * @throws RangeError when fewer than two rows are without a NaN.
 */
export function panelCovariance(panel: Panel, of: "covariance" | "correlation" = "covariance"): Matrix {
  const width = panel.names.length;
  const whole = Uint32Array.from(panel.time.keys()).filter((t) =>
    panel.values.subarray(t * width, (t + 1) * width).every(Number.isFinite),
  );
  checkCount("rows without a NaN", whole.length, 2);
  const columns = panel.names.map((_, f) => Float64Array.from(whole, (t) => panel.values[t * width + f]!));
  const measure = of === "covariance" ? covariance : correlation;
  return fromFlat(
    columns.flatMap((x) => columns.map((y) => measure(x, y))),
    width,
    width,
  );
}
