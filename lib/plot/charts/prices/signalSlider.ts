/** Signals of one asset by two readings of a forecast, one threshold at a time. */
import type { Figure } from "../../figure.js";
import { sliderFigure } from "../shapes/slider.js";
import { type SignalRow, signalStripFigure } from "./signalStrip.js";

/** A reading at a threshold, as `trading.thresholdReadings` returns it. */
export interface SignalReading extends Pick<SignalRow, "decisions"> {
  readonly threshold: number;
  /** Name of its strip. */
  readonly reads: string;
}

/** Options of `signalSlider`. */
export interface SignalSliderOptions {
  /** Such as "BTCUSDT"; the threshold is added. */
  readonly title: string;
  /** Index of the asset. */
  readonly asset: number;
  readonly readings: readonly SignalReading[];
  /** Threshold shown at first. */
  readonly start: number;
}

/**
 * A strip a reading over the same time, for one threshold at a time under a slider.
 * @throws RangeError when no reading has the threshold `start`, or as `signalStrip` and `slider`.
 */
export function signalSliderFigure({ title, asset, readings, start }: SignalSliderOptions): Figure {
  const thresholds = [...new Set(readings.map(({ threshold }) => threshold))];
  const first = thresholds.indexOf(start);
  if (first < 0) throw new RangeError(`start: expected one of ${thresholds.join(", ")}, got ${start}`);
  const steps = thresholds.map((threshold) => {
    const own = readings.filter((one) => one.threshold === threshold);
    const rows = own.map(({ reads, decisions }) => ({ name: reads, decisions }));
    const figure = signalStripFigure({ title: `${title}: "probability above ${threshold}"`, asset, rows });
    return { label: String(threshold), figure };
  });
  return sliderFigure({ name: "threshold", steps, start: first });
}
