/** The nearest portfolio within bounds and sector limits: levels within levels. */
import { sum } from "../../core/index.js";
import type { SectorLimit } from "./limits.js";
import { aboveLevel, type Box, fillBox } from "./waterLevel.js";

export interface SectorBox {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly sectors: readonly SectorLimit[];
}

/**
 * The nearest w to x [A] with Σw = 1, or null when there is none.
 *
 * A sector that is full keeps its own level, at least the common one; the others share it. Which are full is found by
 * filling: a sector beyond its limit at the common level stays so as the level falls.
 */
export function nearestWithinSectors(
  x: Float64Array,
  { lower, upper, sectors }: SectorBox,
): Float64Array | null {
  const own = (assets: readonly number[], total: number): { readonly x: Float64Array; readonly box: Box } => {
    const pick = (values: Float64Array) => Float64Array.from(assets, (a) => values[a]!);
    return { x: pick(x), box: { lower: pick(lower), upper: pick(upper), total } };
  };
  const out = new Float64Array(x.length);
  const place = (assets: readonly number[], total: number): boolean => {
    const part = own(assets, total);
    const filled = fillBox(part.x, part.box);
    if (filled)
      assets.forEach((a, i) => {
        out[a] = filled[i]!;
      });
    return filled !== null;
  };
  let open = Array.from(x.keys());
  let rest = 1;
  const waiting = new Set(sectors);
  for (;;) {
    const part = own(open, rest);
    const above = aboveLevel(part.x, part.box);
    if (above === null) return null;
    const at = new Map(open.map((a, i) => [a, above[i]!]));
    const over = [...waiting].filter(({ assets, most }) => {
      const held = assets.map((a) => Math.min(upper[a]!, Math.max(lower[a]!, at.get(a)!)));
      return sum(held) > most + 1e-14;
    });
    if (over.length === 0) return place(open, rest) ? out : null;
    for (const sector of over) {
      if (!place(sector.assets, sector.most)) return null;
      waiting.delete(sector);
      rest -= sector.most;
      const closed = new Set(sector.assets);
      open = open.filter((a) => !closed.has(a));
    }
  }
}
