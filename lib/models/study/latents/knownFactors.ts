/** Data whose causes are known: independent directions, and the toy market with its four factors. */
import { checkCount, checkPositive, fold, type Key, normals } from "../../../core/index.js";
import { type ToyStrengths, toyMarket } from "../../disentangle/toyMarket.js";
import type { StudyData } from "../kinds/studyModel.js";
import { tableData } from "./studyTable.js";

/**
 * Rows of independent normal columns with the variances given, as many to train on as to test: columns "1", "2" and so on.
 * @param variances  [D]
 * @throws RangeError when a variance or the number of rows is not positive.
 */
export function gaussianTable(
  variances: ArrayLike<number>,
  { key, rows }: { readonly key: Key; readonly rows: number },
): StudyData {
  const columns = Array.from(variances, (variance, d) => {
    checkPositive(`variances[${d}]`, variance);
    return String(d + 1);
  });
  checkCount("rows", rows);
  const width = columns.length;
  const draw = (name: string) =>
    normals(fold(key, name), rows * width).map((e, i) => e * Math.sqrt(variances[i % width]!));
  return tableData({ columns, train: draw("train"), test: draw("test") });
}

/** Data with the factors behind its test part. */
export interface KnownFactors {
  readonly data: StudyData;
  /** Four columns [N] of the test part: trend, volatility, volume, spread. */
  readonly factors: readonly Float64Array[];
}

/** Options of `knownFactors`. */
export interface KnownFactorOptions {
  readonly key: Key;
  /** Rows to train on, and rows to test on. */
  readonly train: number;
  readonly test: number;
  /** Standard deviation that each factor gives to its columns. */
  readonly strengths: ToyStrengths;
}

/**
 * The toy market of `disentangle.toyMarket` as a data set: twelve columns, driven by four factors that are known for the test part.
 * @throws RangeError as `toyMarket`.
 */
export function knownFactors({ key, train, test, strengths }: KnownFactorOptions): KnownFactors {
  const known = toyMarket(fold(key, "toy"), train, strengths);
  const fresh = toyMarket(fold(key, "toy, fresh"), test, strengths);
  const columns = Array.from({ length: known.x.length / train }, (_, d) => `column ${d + 1}`);
  return { data: tableData({ columns, train: known.x, test: fresh.x }), factors: fresh.factors };
}
