/** Equal weights, mean returns, and returns over several bars at once. */
import { checkCount, columnOf, fromRows, type Matrix, mean } from "../../core/index.js";

/** The same weight for each of `assets` assets, [A]. @throws RangeError when there is none. */
export function equalWeights(assets: number): Float64Array {
  checkCount("assets", assets);
  return new Float64Array(assets).fill(1 / assets);
}

/** Mean return of each asset over a window [T,A], [A] per bar. */
export function meanReturns(returns: Matrix): Float64Array {
  return Float64Array.from({ length: returns.columns }, (_, a) => mean(columnOf(returns, a)));
}

/**
 * Compounded simple returns of consecutive blocks of `bars` rows, [⌊T / bars⌋, A]: days of hours. A last incomplete block is left out.
 * @param returns [T,A] simple
 * @throws RangeError when there is not one whole block.
 */
export function compoundedReturns(returns: Matrix, bars: number): Matrix {
  checkCount("bars", bars);
  const blocks = Math.floor(returns.rows / bars);
  checkCount("whole blocks", blocks);
  const growth = (block: number, asset: number) => {
    let wealth = 1;
    for (let t = 0; t < bars; t++) wealth *= 1 + returns.get(bars * block + t, asset);
    return wealth - 1;
  };
  return fromRows(
    Array.from({ length: blocks }, (_, block) =>
      Array.from({ length: returns.columns }, (_, asset) => growth(block, asset)),
    ),
  );
}
