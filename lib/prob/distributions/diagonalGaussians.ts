/** Gaussian latents: the encoder's posterior of each row. */
import { checkCount, checkFinite, checkLength, type Key, normals } from "../../core/index.js";

/** q(z | x) of N rows: independent normals. */
export interface DiagonalGaussians {
  /** N */
  readonly rows: number;
  /** K */
  readonly latents: number;
  /** [N,K] */
  readonly mean: Float64Array;
  /** [N,K] log σ² */
  readonly logVar: Float64Array;
}

/**
 * Checks lengths and numbers of posteriors.
 * @throws RangeError when a length is wrong or a number is not finite.
 */
export function checkDiagonalGaussians(codes: DiagonalGaussians): void {
  checkCount("codes: rows", codes.rows);
  checkCount("codes: latents", codes.latents);
  checkLength("codes: mean", codes.mean, codes.rows * codes.latents);
  checkLength("codes: logVar", codes.logVar, codes.rows * codes.latents);
  checkFinite("codes: mean", codes.mean);
  checkFinite("codes: logVar", codes.logVar);
}

/** One draw of each row's latents, [N,K]. */
export function drawDiagonalGaussians(codes: DiagonalGaussians, key: Key): Float64Array {
  const noise = normals(key, codes.mean.length);
  return codes.mean.map((m, i) => m + Math.exp(0.5 * codes.logVar[i]!) * noise[i]!);
}
