/** The candles of a window beside those that an autoencoder decodes from it. */
import type { Bars } from "../../../core/index.js";
import { type CandleScale, decodedCandles } from "./candleReadings.js";

/** A scaled window and what is decoded from it, such as `models.reconstruct` returns. */
export interface ScaledView {
  /** [T·F] of `candleDataset`. */
  readonly input: ArrayLike<number>;
  readonly decoded: ArrayLike<number>;
}

/**
 * The view with the candles of its window as `original`, and with those that are decoded from it in place of `decoded`.
 * @throws RangeError as `decodedCandles`.
 */
export function reconstructedCandles<View extends ScaledView>(
  data: CandleScale,
  view: View,
): Omit<View, "decoded"> & { readonly original: Bars; readonly decoded: Bars } {
  const { decoded, ...rest } = view;
  return {
    ...rest,
    ...{ original: decodedCandles(data, view.input), decoded: decodedCandles(data, decoded) },
  };
}
