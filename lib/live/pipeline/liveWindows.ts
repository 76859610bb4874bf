/** The look-back windows of all symbols as their rows come in, scaled as those of the training. */
import { checkCount, checkLength, checkPositive } from "../../core/index.js";
import type { Scaler } from "../../features/windows/index.js";

/** Options of `liveWindows`. */
export interface LiveWindowOptions {
  /** A */
  readonly symbols: number;
  /** T rows a window. */
  readonly length: number;
  readonly stepMs: number;
  /** [F] of the training rows, such as `x` of `fitWindowScaler`. */
  readonly scaler: Scaler;
  /** Scaled values are cut at ± so many deviations; default not at all. */
  readonly clip?: number;
}

/** Look-back windows of all symbols, filled row by row. */
export interface LiveWindows {
  /** T · F */
  readonly size: number;
  /**
   * Takes the row of a symbol's bar; a row that is not whole, or that does not follow the one before, starts its window again.
   * @param time  close of the bar, UTC ms
   * @param row   [F]
   */
  push(symbol: number, time: number, row: ArrayLike<number>): void;
  /** Whether the symbol's last T bars are all there and the last closed at `time`. */
  ready(symbol: number, time: number): boolean;
  /** The windows of these symbols, [N,T,F], copied. */
  take(symbols: ArrayLike<number>): Float32Array;
}

/**
 * A ring of T rows a symbol: what comes out is to the bit what `windows` and `scaleWindows` make of the same rows.
 * @throws RangeError when a size is no positive integer; from `push` when a row has another length than the scaler.
 */
export function liveWindows(options: LiveWindowOptions): LiveWindows {
  const { symbols, length, stepMs, scaler, clip = Number.POSITIVE_INFINITY } = options;
  checkCount("symbols", symbols);
  checkCount("length", length);
  checkPositive("stepMs", stepMs);
  if (!(clip > 0)) throw new RangeError(`clip: expected a positive number, got ${clip}`);
  const { mean, standardDeviation } = scaler;
  const width = mean.length;
  const size = length * width;
  // Each row stands twice, T rows apart, so that every window lies in one piece.
  const rings = Array.from({ length: symbols }, () => new Float32Array(2 * size));
  const next = new Uint32Array(symbols);
  const whole = new Float64Array(symbols);
  const last = new Float64Array(symbols).fill(Number.NaN);
  const scaled = new Float32Array(width);
  return {
    size,
    push(symbol, time, row) {
      checkLength("row", row, width);
      const follows = time - last[symbol]! === stepMs;
      last[symbol] = time;
      let finite = true;
      for (let f = 0; f < width; f++) {
        finite &&= Number.isFinite(row[f]!);
        // Rounded as often as in windows: when stored, when scaled.
        scaled[f] = (Math.fround(row[f]!) - mean[f]!) / standardDeviation[f]!;
        scaled[f] = Math.max(-clip, Math.min(clip, scaled[f]!));
      }
      whole[symbol] = finite ? (follows ? whole[symbol]! + 1 : 1) : 0;
      const at = next[symbol]! * width;
      rings[symbol]!.set(scaled, at);
      rings[symbol]!.set(scaled, at + size);
      next[symbol] = (next[symbol]! + 1) % length;
    },
    ready: (symbol, time) => whole[symbol]! >= length && last[symbol] === time,
    take(chosen) {
      const out = new Float32Array(chosen.length * size);
      for (let n = 0; n < chosen.length; n++) {
        const from = next[chosen[n]!]! * width;
        out.set(rings[chosen[n]!]!.subarray(from, from + size), n * size);
      }
      return out;
    },
  };
}
