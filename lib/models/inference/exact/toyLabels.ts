/** A small classification on which methods of inference are tried. */
import { checkCount, fold, type Key, normals, uniforms } from "../../../core/index.js";
import { type Design, linearPredictor, sigmoid } from "./regression.js";

/**
 * Inputs N(0, 1), and labels that are 1 with probability σ(x·weights).
 * @param weights  [F]; as many inputs
 * @throws RangeError when `rows` is not a positive integer.
 */
export function toyLabels({
  rows,
  weights,
  key,
}: {
  readonly rows: number;
  readonly weights: readonly number[];
  readonly key: Key;
}): Design {
  checkCount("rows", rows);
  const columns = weights.length;
  const x = normals(fold(key, "x"), rows * columns);
  const eta = linearPredictor({ x, columns }, weights);
  const y = uniforms(fold(key, "label"), rows).map((u, n) => (u < sigmoid(eta[n]!) ? 1 : 0));
  return { x, columns, y };
}

/** The design with its outcomes as signs: 1 above zero, else 0. */
export function asLabels({ x, columns, y }: Design): Design {
  return { x, columns, y: y.map((value) => (value > 0 ? 1 : 0)) };
}
