/** What dividing returns by their expected scale takes away, and what it leaves. */
import { columnsOf, correlation } from "../core/index.js";
import { rowMeans } from "./facts/crossSection.js";
import { rawKurtosis } from "./facts/index.js";
import type { ReturnPart } from "./returnDataset.js";

/** Equal weights over returns as they are, or over scaled ones. */
export type ScalingRow = {
  readonly rows: "raw" | "scaled";
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
  /** Correlation of an absolute return with the next: clusters of volatility. */
  readonly "|r| with the next |r|": number;
};

/**
 * Kurtosis and volatility clusters of equal weights, before and after scaling, two rows.
 * @param part  scaled rows `x` and raw `returns`, [N,A] row-major each
 */
export function scalingFacts(
  { x, returns }: Pick<ReturnPart, "x" | "returns">,
  assets: number,
): ScalingRow[] {
  const facts = (rows: "raw" | "scaled", values: Float64Array): ScalingRow => {
    const columns = columnsOf(values, assets);
    const together = rowMeans(columns);
    const size = together.map(Math.abs);
    const clusters = correlation(size.subarray(1), size.subarray(0, -1));
    return { rows, kurtosis: rawKurtosis(together), "|r| with the next |r|": clusters };
  };
  return [facts("raw", returns), facts("scaled", x)];
}
