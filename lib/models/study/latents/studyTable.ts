/** Rows of a table as the data set of a study: for toys whose answer is known. */
import { checkCount, checkFinite } from "../../../core/index.js";
import type { StudyData, StudyPart } from "../kinds/studyModel.js";

/** Rows of a table as data of a study. */
export interface TableData {
  /** [F] */
  readonly columns: readonly string[];
  /** [N,F] row-major. */
  readonly train: ArrayLike<number>;
  /** Rows that no network is trained on. */
  readonly test: ArrayLike<number>;
}

/**
 * The rows as windows of one bar, not scaled, without targets; there is no validation part.
 * @throws RangeError when a part has no row, rows are not whole, or a value is not finite.
 */
export function tableData({ columns, train, test }: TableData): StudyData {
  const width = columns.length;
  checkCount("columns", width);
  const part = (name: string, values: ArrayLike<number>): StudyPart => {
    const rows = values.length / width;
    checkCount(`${name}: rows`, rows);
    checkFinite(name, values);
    return {
      rows,
      x: Float32Array.from(values),
      y: new Float32Array(5 * rows),
      asset: new Uint16Array(rows),
      decidedAt: Float64Array.from({ length: rows }, (_, n) => n),
    };
  };
  return {
    ...{ symbols: ["table"], columns, length: 1 },
    train: part("train", train),
    validation: {
      rows: 0,
      x: new Float32Array(0),
      y: new Float32Array(0),
      asset: new Uint16Array(0),
      decidedAt: new Float64Array(0),
    },
    test: part("test", test),
    scaler: { x: { mean: new Float64Array(width), standardDeviation: new Float64Array(width).fill(1) } },
    targetScaler: { mean: [0, 0], deviation: [1, 1] },
  };
}
