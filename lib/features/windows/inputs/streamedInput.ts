/** The input of a model along candles that come one by one, and what it would have been a little too early. */
import type { Candle } from "../../../market/bybit/index.js";
import { emptyRow } from "../../engine/index.js";
import { marketInputStream } from "./marketInput.js";

/** The features of `marketInput` after each closed candle, [T][F], one by one as a live run computes them. */
export function streamedInput(candles: readonly Candle[], stepMs: number): Float64Array[] {
  const stream = marketInputStream(stepMs, { flow: false });
  return candles.map((candle) => stream.push(rowOf(candle)).slice());
}

/** Features of candles when they have closed, and as they were before, [T][F] each. */
export interface PreviewedInput {
  /** [F] */
  readonly names: readonly string[];
  readonly early: readonly Float64Array[];
  readonly closed: readonly Float64Array[];
}

/**
 * The features of each candle when it has closed beside those of an earlier revision of it, taken for a bar; what came before is closed
 * in both.
 */
export function previewedInput(
  candles: readonly { readonly early: Candle; readonly closed: Candle }[],
  stepMs: number,
): PreviewedInput {
  const stream = marketInputStream(stepMs, { flow: false });
  const rows = candles.map(({ early, closed }) => ({
    early: stream.preview(rowOf(early)).slice(),
    closed: stream.push(rowOf(closed)).slice(),
  }));
  return {
    names: stream.names,
    early: rows.map(({ early }) => early),
    closed: rows.map(({ closed }) => closed),
  };
}

function rowOf({ time, open, high, low, close, volume }: Candle) {
  return { ...emptyRow(), openTime: time, open, high, low, close, volume };
}
