/** Limits on positions, one by one and together. */
import type { RiskLimitOptions } from "../risk/riskOptions.js";

export interface Exposure {
  /** [A] signed shares of equity; NaN where nothing is to change. */
  readonly targets: Float64Array;
  readonly reasons: readonly string[];
}

type Limits = Pick<RiskLimitOptions, "grossExposure" | "netExposure" | "position">;

/**
 * The targets with each |w| ≤ position, then Σ|w| ≤ gross by one factor for all, then |Σw| ≤ net by one factor for the larger side.
 *
 * No |w| grows. What is not to change (NaN) counts with the share that is `held`, and is touched only where the others do not suffice.
 */
export function limitExposure(wanted: Float64Array, held: Float64Array, limits: Limits): Exposure {
  const { grossExposure = Infinity, netExposure = Infinity, position = Infinity } = limits;
  const book = {
    shares: wanted.map((w, a) => (Number.isNaN(w) ? held[a]! : w)),
    kept: Array.from(wanted, Number.isNaN),
  };
  const reasons: string[] = [];
  const tooLarge = Array.from(book.shares.keys()).filter((a) => Math.abs(book.shares[a]!) > position);
  for (const a of tooLarge) {
    book.shares[a] = Math.sign(book.shares[a]!) * position;
    book.kept[a] = false;
  }
  if (tooLarge.length > 0)
    reasons.push(`${tooLarge.length} of ${wanted.length} positions cut to ${position}`);
  const gross = sum(book.shares.map(Math.abs));
  if (gross > grossExposure) {
    shrink(book, gross - grossExposure, () => true);
    reasons.push(`gross exposure ${gross.toPrecision(3)} cut to ${grossExposure}`);
  }
  const net = sum(book.shares);
  if (Math.abs(net) > netExposure) {
    shrink(book, Math.abs(net) - netExposure, (w) => w * net > 0);
    reasons.push(`net exposure ${net.toPrecision(3)} cut to ${Math.sign(net) * netExposure}`);
  }
  return { targets: book.shares.map((w, a) => (book.kept[a] ? Number.NaN : w)), reasons };
}

/** Takes `excess` off Σ|w| of those that `counts`, by one factor: of those that change anyway, or of all if these are too small. */
function shrink(
  { shares, kept }: { readonly shares: Float64Array; readonly kept: boolean[] },
  excess: number,
  counts: (w: number) => boolean,
): void {
  const total = (also: boolean) =>
    sum(shares.map((w, a) => (counts(w) && (also || !kept[a]) ? Math.abs(w) : 0)));
  const all = total(false) < excess;
  const factor = Math.max(0, 1 - excess / total(all));
  shares.forEach((w, a) => {
    if (!counts(w) || (kept[a] && !all)) return;
    shares[a] = factor * w;
    kept[a] = false;
  });
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
