/** Dirichlet parameters α [A] for kinds of portfolios; `sampleDirichlet` draws from them. */
import { checkCount, checkPositive } from "../../core/index.js";

/**
 * The same α for every asset, [A]: below 1 few assets hold most, far above 1 all hold about the same.
 * @throws RangeError when a number is not positive.
 */
export function evenAlpha(assets: number, alpha: number): Float64Array {
  checkCount("assets", assets);
  checkPositive("alpha", alpha);
  return new Float64Array(assets).fill(alpha);
}

/**
 * Parameters α [A] that add up to assets · `alpha` and give the sector `share` of the capital on average.
 * @throws RangeError when the share is not in (0, 1), or the sector is empty or holds every asset.
 */
export function sectorAlpha(
  assets: number,
  alpha: number,
  { sector, share }: { readonly sector: readonly number[]; readonly share: number },
): Float64Array {
  const even = evenAlpha(assets, alpha);
  const inside = new Set(sector);
  if (!(share > 0 && share < 1)) throw new RangeError(`share: expected a share in (0, 1), got ${share}`);
  if (inside.size === 0 || inside.size >= assets) {
    throw new RangeError(`sector: expected from 1 to ${assets - 1} of the assets, got ${inside.size}`);
  }
  for (const a of inside) {
    if (!(Number.isInteger(a) && a >= 0 && a < assets))
      throw new RangeError(`sector: expected assets below ${assets}, got ${a}`);
  }
  const total = assets * alpha;
  return even.map((_, a) =>
    inside.has(a) ? (total * share) / inside.size : (total * (1 - share)) / (assets - inside.size),
  );
}
