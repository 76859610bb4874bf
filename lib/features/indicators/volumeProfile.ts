/** Volume by price over the last bars. */
import { checkCount } from "../../core/index.js";
import { type FeatureSpec, feature } from "../engine/featureSpec.js";
import { typicalPrice } from "./volume.js";

/** A histogram of volume between a lowest and a highest price. */
export interface VolumeProfile {
  /** [bins] in units of the base asset. */
  readonly volume: Float64Array;
  readonly low: number;
  readonly high: number;
  /** Bin with the most volume, the lowest of equals. */
  readonly pointOfControl: number;
  /** First and last bin of the value area. */
  readonly valueFrom: number;
  readonly valueTo: number;
}

export interface VolumeProfileOptions {
  /** In bars. */
  readonly window: number;
  /** Equal parts between the lowest and the highest typical price of the window. */
  readonly bins: number;
  /** Share of the volume that the value area holds at least: 0.7 is the custom. */
  readonly share: number;
}

/**
 * Volume by price, each bar's volume at its one price.
 *
 * The value area grows from the point of control towards the larger neighbour, the lower of equals, until it holds `share`.
 * @param price   [N]
 * @param volume  [N]
 * @see Steidlmayer & Hawkins 2003
 */
export function volumeProfileOf(
  price: ArrayLike<number>,
  volume: ArrayLike<number>,
  { bins, share }: Omit<VolumeProfileOptions, "window">,
): VolumeProfile {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < price.length; i++) {
    if (price[i]! < low) low = price[i]!;
    if (price[i]! > high) high = price[i]!;
  }
  const histogram = new Float64Array(bins);
  const perPrice = high > low ? bins / (high - low) : 0;
  for (let i = 0; i < price.length; i++) {
    const bin = Math.trunc((price[i]! - low) * perPrice);
    histogram[bin < bins ? bin : bins - 1]! += volume[i]!; // the highest price belongs to the last bin
  }
  return { volume: histogram, low, high, ...valueArea(histogram, share) };
}

function valueArea(histogram: Float64Array, share: number) {
  let pointOfControl = 0;
  let total = 0;
  for (let b = 0; b < histogram.length; b++) {
    total += histogram[b]!;
    if (histogram[b]! > histogram[pointOfControl]!) pointOfControl = b;
  }
  let valueFrom = pointOfControl;
  let valueTo = pointOfControl;
  let held = histogram[pointOfControl]!;
  while (held < share * total && (valueFrom > 0 || valueTo < histogram.length - 1)) {
    const below = valueFrom > 0 ? histogram[valueFrom - 1]! : -1;
    const above = valueTo < histogram.length - 1 ? histogram[valueTo + 1]! : -1;
    held += Math.max(below, above);
    if (below >= above) valueFrom--;
    else valueTo++;
  }
  return { pointOfControl, valueFrom, valueTo };
}

/**
 * Three readings of the volume profile of the last bars: close / point of control − 1; where the close lies in the value area, 0
 * at its lower and 1 at its upper edge; and the share of the window's range that the value area takes.
 *
 * All NaN where nothing was traded. Where all typical prices are equal, position and share are 0.5 and 1. The bins follow the
 * window's range, so each bar costs O(window): a window is recounted, not updated.
 * @throws RangeError when a count is no count or the share is not in (0, 1].
 */
export function volumeProfile(options: VolumeProfileOptions): FeatureSpec {
  const { window, bins, share } = options;
  checkCount("window", window);
  checkCount("bins", bins, 2);
  if (!(share > 0 && share <= 1)) throw new RangeError(`share: expected a share in (0, 1], got ${share}`);
  const names = ["profileDeviation", "profilePosition", "profileShare"].map((name) => `${name}${window}`);
  return feature({ names, warmUp: window - 1 }, () => {
    const [price, volume] = [new Float64Array(window), new Float64Array(window)];
    let [count, at] = [0, 0];
    return (bar, final, out, offset) => {
      price[at] = typicalPrice(bar); // in the place of the oldest, which is in no window any more
      volume[at] = bar.volume;
      if (count < window - 1) out.fill(Number.NaN, offset, offset + names.length);
      else
        readProfile(
          volumeProfileOf(price, volume, { bins, share }),
          { close: bar.close, bins },
          out.subarray(offset),
        );
      if (!final) return;
      count++;
      at = (at + 1) % window;
    };
  });
}

function readProfile(
  { volume, low, high, pointOfControl, valueFrom, valueTo }: VolumeProfile,
  { close, bins }: { close: number; bins: number },
  out: Float64Array,
): void {
  if (volume[pointOfControl] === 0) return void out.fill(Number.NaN, 0, 3);
  const step = (high - low) / bins;
  const [bottom, top] = [low + step * valueFrom, low + step * (valueTo + 1)];
  out[0] = close / (low + step * (pointOfControl + 0.5)) - 1;
  out[1] = top === bottom ? 0.5 : (close - bottom) / (top - bottom);
  out[2] = step === 0 ? 1 : (valueTo + 1 - valueFrom) / bins;
}
