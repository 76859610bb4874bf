/** The windows of other bars at the places of a data set's rows, such as those that a broken feed would have delivered. */
import type { Bars } from "../../../core/index.js";
import type { Dataset, DatasetPart } from "../dataset.js";
import { scaledFeatures } from "../dataset.js";
import { marketInput } from "../inputs/marketInput.js";
import { takeWindows, windows } from "../windows.js";

/** Features of the rows that have a window. */
export interface SamePlaces {
  /** [M,T,F] scaled as the data set's training part. */
  readonly x: Float32Array;
  /** [M] indices of the rows of the part; fewer than it has where a feature has no value. */
  readonly rows: Uint32Array;
}

/**
 * Windows of `bars` at the decision times of a part, by the features of `marketInput`, scaled as in training.
 * @param bars    of the data set's symbols, in its order
 * @param stride  of the data set
 */
export function samePlaces(
  { length, horizon, scaler }: Dataset,
  part: DatasetPart,
  bars: readonly Bars[],
  stride: number,
): SamePlaces {
  const w = windows(
    bars.map((own) => ({ panel: marketInput(own), bars: own })),
    { length, horizon, stride },
  );
  const placeOf = (asset: number, time: number) => `${asset} ${time}`;
  const at = new Map(Array.from(w.decidedAt, (time, n) => [placeOf(w.asset[n]!, time), n]));
  const found = Array.from(part.decidedAt, (time, n) => at.get(placeOf(part.asset[n]!, time)));
  const rows = Uint32Array.from(found.keys()).filter((n) => found[n] !== undefined);
  const own = takeWindows(
    w,
    Array.from(rows, (n) => found[n]!),
  );
  return { x: scaledFeatures(scaler, own), rows };
}
