/** A small regression with correlated inputs, on which methods of inference are tried. */
import { fold, type Key, normals } from "../../../core/index.js";
import type { Design } from "./regression.js";

/** Options of `toyDesign`. */
export interface ToyDesignOptions {
  readonly rows: number;
  /** [F] true weights; as many inputs. */
  readonly weights: readonly number[];
  /** Correlation of any two inputs, in [0, 1). */
  readonly correlation: number;
  readonly noiseVar: number;
  readonly key: Key;
}

/**
 * Inputs N(0, 1) with equal correlations, and y = x·weights + N(0, noiseVar).
 * @throws RangeError when the correlation is not in [0, 1).
 */
export function toyDesign({ rows, weights, correlation, noiseVar, key }: ToyDesignOptions): Design {
  if (!(correlation >= 0 && correlation < 1))
    throw new RangeError(`correlation: expected a number in [0, 1), got ${correlation}`);
  const columns = weights.length;
  const common = normals(fold(key, "common"), rows);
  const x = normals(fold(key, "own"), rows * columns).map(
    (own, i) => Math.sqrt(correlation) * common[Math.floor(i / columns)]! + Math.sqrt(1 - correlation) * own,
  );
  const y = normals(fold(key, "noise"), rows).map(
    (e, n) => Math.sqrt(noiseVar) * e + weights.reduce((total, w, i) => total + w * x[n * columns + i]!, 0),
  );
  return { x, columns, y };
}
