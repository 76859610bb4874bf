/** The threshold rule of the source chapter by both of its readings. */
import type { Forecast } from "../../core/index.js";
import { decide, type ForecastDecisions } from "./decide.js";
import { type SignalRecord, signalRecord } from "./signalRecord.js";

/** One threshold on one reading of a forecast. */
export interface ThresholdReading {
  readonly threshold: number;
  /** The fraction of drawn means of one sign, or the probability that the return has it. */
  readonly reads: "means" | "return";
  readonly decisions: ForecastDecisions;
}

/** Far above the deviation of any return, so that the threshold alone decides. */
const ANY_DEVIATION = 1;

/**
 * The decisions at full weight of each threshold, on the drawn means and on the predictive distribution, in this order.
 * @param forecast    with its draws
 * @param thresholds  [H]
 * @returns           [2 · H]
 * @throws RangeError as `decide`.
 */
export function thresholdReadings(forecast: Forecast, thresholds: readonly number[]): ThresholdReading[] {
  return thresholds.flatMap((threshold) =>
    (["means", "return"] as const).map((reads) => ({
      ...{ threshold, reads },
      decisions: decide(forecast, {
        signal: { kind: "threshold", of: reads, threshold, sdThreshold: ANY_DEVIATION },
        ...{ position: { kind: "fixed", weight: 1 }, maxWeight: 1 },
      }),
    })),
  );
}

/** The record of each reading against the returns [N] that followed, a row each. @throws RangeError as `signalRecord`. */
export function readingRows(
  readings: readonly ThresholdReading[],
  returns: ArrayLike<number>,
): ({ readonly threshold: number; readonly reads: string } & SignalRecord)[] {
  return readings.map(({ threshold, reads, decisions }) => ({
    ...{ threshold, reads },
    ...signalRecord(decisions, returns),
  }));
}
