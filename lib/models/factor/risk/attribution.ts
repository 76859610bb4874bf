/** Attribution of a portfolio's returns, bar by bar, to factors, what a linear decoder misses, and the assets' own. */
import { checkCount, checkLength, covariance, type Matrix } from "../../../core/index.js";
import type { PlainVae } from "../../vae/plainVae.js";

/** The parts of wᵀx of N rows: they sum to the portfolio's return in every row. */
export interface ReturnParts {
  /** "factor 1" … "factor K", "nonlinear", "idiosyncratic". */
  readonly names: readonly string[];
  /** [K + 2], each [N]. */
  readonly values: readonly Float64Array[];
}

/**
 * Parts [N] of the return wᵀx of each row by the posterior means: factor k earns wᵀB_k z_k, the nonlinear part wᵀ(f(z) − Bz), the rest is idiosyncratic.
 * @param weights   [A] in the unit of the rows
 * @param loadings  B [A,K], such as the decoder's average derivative
 * @param x         [N,A] row-major
 * @throws RangeError when the weights are not [A] or there is no row.
 */
export function attributeReturns(
  vae: PlainVae,
  weights: ArrayLike<number>,
  loadings: Matrix,
  x: Float64Array,
): ReturnParts {
  const { inputs, latents } = vae;
  checkLength("weights", weights, inputs);
  const rows = x.length / inputs;
  checkCount("rows", rows);
  const along = (values: ArrayLike<number>) => {
    let total = 0;
    for (let a = 0; a < inputs; a++) total += weights[a]! * values[a]!;
    return total;
  };
  const exposure = Array.from({ length: latents }, (_, k) => along(loadings.getColumn(k)));
  const values = Array.from({ length: latents + 2 }, () => new Float64Array(rows));
  for (let n = 0; n < rows; n++) {
    const row = x.subarray(n * inputs, (n + 1) * inputs);
    const z = vae.encode(row).mean;
    const decoded = along(vae.decode(z));
    let linear = 0;
    exposure.forEach((b, k) => {
      values[k]![n] = b * z[k]!;
      linear += b * z[k]!;
    });
    values[latents]![n] = decoded - linear;
    values[latents + 1]![n] = along(row) - decoded;
  }
  const factors = exposure.map((_, k) => `factor ${k + 1}`);
  return { names: [...factors, "nonlinear", "idiosyncratic"], values };
}

/**
 * Contributions of parts to the variance of their sum in successive windows, [W][P]: the covariance of each part with the sum, so that those
 * of a window add up to its variance. Rows after the last whole window are left out.
 * @param values  P parts, each [N]
 * @throws RangeError when there is no part or no whole window, lengths differ, or the window has fewer than two rows.
 */
export function windowContributions(values: readonly Float64Array[], window: number): Float64Array[] {
  checkCount("parts", values.length);
  checkCount("window", window, 2);
  const rows = values[0]!.length;
  values.forEach((part, p) => {
    checkLength(`part ${p}`, part, rows);
  });
  checkCount("windows", Math.floor(rows / window));
  const whole = Float64Array.from({ length: rows }, (_, n) =>
    values.reduce((total, part) => total + part[n]!, 0),
  );
  return Array.from({ length: Math.floor(rows / window) }, (_, w) => {
    const cut = (part: Float64Array) => part.subarray(w * window, (w + 1) * window);
    return Float64Array.from(values, (part) => covariance(cut(part), cut(whole)));
  });
}
