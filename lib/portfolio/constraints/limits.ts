/** Limits of a portfolio: weights that sum to one within bounds and sector limits, or the name of the limit that forbids it. */
import { checkCount, checkFinite, checkLength, checkPositive, sum } from "../../core/index.js";
import type { LinearRow } from "../solver/quadraticProgram.js";

/** At most `most` of the capital in these assets together. */
export interface SectorLimit {
  readonly name: string;
  /** Indices of assets; no asset is in two sectors. */
  readonly assets: readonly number[];
  readonly most: number;
}

/** Convex limits on weights [A] that sum to one. */
export interface Limits {
  /** Largest |w| of an asset; default 1 for a long-only portfolio and none for another. */
  readonly cap?: number;
  /** True (the default): no weight is negative. False: w ≥ −cap. */
  readonly longOnly?: boolean;
  readonly sectors?: readonly SectorLimit[];
}

/** Limits of `size` assets as a solver takes them. */
export interface Feasible {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly budget: LinearRow;
  readonly sectors: readonly LinearRow[];
}

const SLACK = 1e-12;

/** @throws RangeError naming the limit that no portfolio of `size` assets can keep. */
export function feasible(size: number, limits: Limits = {}): Feasible {
  checkCount("assets", size);
  const longOnly = limits.longOnly ?? true;
  const cap = limits.cap ?? (longOnly ? 1 : Number.POSITIVE_INFINITY);
  if (!(cap > 0)) throw new RangeError(`cap: expected a positive number, got ${cap}`);
  if (size * cap < 1 - SLACK) {
    throw new RangeError(
      `cap: ${size} assets of at most ${cap} hold ${size * cap} of the capital, expected at least 1`,
    );
  }
  const upper = new Float64Array(size).fill(longOnly ? Math.min(cap, 1) : cap);
  const lower = new Float64Array(size).fill(longOnly ? 0 : -cap);
  const sectors = limits.sectors ?? [];
  checkSectors(sectors, { lower, upper });
  return {
    ...{ lower, upper },
    budget: { coefficients: new Float64Array(size).fill(1), value: 1 },
    sectors: sectors.map(({ assets, most }) => ({ coefficients: indicator(size, assets), value: most })),
  };
}

/** Σ over the assets of the weights of a sector or of several, 1 where an asset belongs and 0 elsewhere. */
function indicator(size: number, assets: readonly number[]): Float64Array {
  const out = new Float64Array(size);
  for (const a of assets) out[a] = 1;
  return out;
}

function checkSectors(
  sectors: readonly SectorLimit[],
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
): void {
  const seen = new Map<number, string>();
  let room = sum(upper);
  for (const { name, assets, most } of sectors) {
    checkPositive(`sector ${name}: most`, most);
    for (const a of assets) {
      checkCount(`sector ${name}: index of an asset`, a, 0);
      if (a >= upper.length)
        throw new RangeError(`sector ${name}: expected assets below ${upper.length}, got ${a}`);
      if (seen.has(a))
        throw new RangeError(`asset ${a}: expected one sector, it is in ${seen.get(a)} and ${name}`);
      seen.set(a, name);
    }
    const least = assets.reduce((total, a) => total + lower[a]!, 0);
    if (least > most) throw new RangeError(`sector ${name}: expected at least ${least}, got ${most}`);
    const own = assets.reduce((total, a) => total + upper[a]!, 0);
    if (own > most) room -= own - most;
  }
  // an infinite room minus an infinite one is no number: then nothing binds from above
  if (room < 1 - SLACK || (Number.isNaN(room) && seen.size === upper.length && total(sectors) < 1 - SLACK)) {
    const names = sectors.map((sector) => sector.name).join(", ");
    const held = Number.isNaN(room) ? total(sectors) : room;
    throw new RangeError(
      `sectors ${names}: with the cap they hold ${held} of the capital, expected at least 1`,
    );
  }
}

function total(sectors: readonly SectorLimit[]): number {
  return sectors.reduce((most, sector) => most + sector.most, 0);
}

/** What the assets may hold together at the least, in units of the capital: at 1 there would be one portfolio and no choice. */
const ROOM = 1.25;

/**
 * Long-only limits that `size` assets can keep and still choose: as given, or with what binds too tightly loosened, and in words what.
 *
 * A cap written for many assets holds no portfolio of few. It is raised until the assets may hold 1¼ of the capital together; where
 * sector limits leave less than that, they are left out.
 * @throws RangeError when the limits are not long-only, or as `feasible` for a limit that no number of assets could keep.
 */
export function holdableLimits(
  size: number,
  limits: Limits,
): { readonly limits: Limits; readonly changes: readonly string[] } {
  checkCount("assets", size);
  if (limits.longOnly === false) throw new RangeError("limits: expected long-only ones");
  const { cap: given = 1, sectors = [] } = limits;
  checkPositive("cap", given);
  const cap = Math.max(given, Math.min(1, ROOM / size));
  const bound = sectors.reduce(
    (room, { assets, most }) => room - Math.max(0, assets.length * cap - most),
    size * cap,
  );
  const tight = sectors.length > 0 && bound < Math.min(ROOM, size);
  const kept: Limits = { ...limits, ...(cap !== given && { cap }), ...(tight && { sectors: [] }) };
  feasible(size, kept);
  return {
    limits: kept,
    changes: [
      ...(cap === given
        ? []
        : [`cap ${given} raised to ${rounded(cap)}: ${size} assets of it hold ${rounded(size * given)}`]),
      ...(tight ? [`sector limits left out: within them the assets hold ${rounded(bound)}`] : []),
    ],
  };
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/**
 * The largest wᵀμ within limits for expected returns μ [A], and +∞ where short positions have no bound.
 *
 * Greedy: the best asset up to its cap and the room of its sector, then the next; exact, because no asset is in two sectors.
 * @throws RangeError when a mean is not finite, or no portfolio is within limits.
 */
export function largestReturn(mean: ArrayLike<number>, limits: Limits = {}): number {
  checkFinite("mean", mean);
  const { lower, upper } = feasible(mean.length, limits);
  if (upper.some((most) => most === Number.POSITIVE_INFINITY)) {
    return Array.from(mean).every((m) => m === mean[0]) ? mean[0]! : Number.POSITIVE_INFINITY;
  }
  const sectorOf = new Map((limits.sectors ?? []).flatMap((s) => s.assets.map((a) => [a, s] as const)));
  const room = new Map(
    (limits.sectors ?? []).map((s) => [s, s.most - s.assets.reduce((t, a) => t + lower[a]!, 0)]),
  );
  let [rest, value] = [1 - sum(lower), 0];
  for (let a = 0; a < mean.length; a++) value += lower[a]! * mean[a]!;
  const order = Array.from(upper.keys()).sort((a, b) => mean[b]! - mean[a]!);
  for (const a of order) {
    const sector = sectorOf.get(a);
    const take = Math.max(0, Math.min(rest, upper[a]! - lower[a]!, sector ? room.get(sector)! : rest));
    value += take * mean[a]!;
    rest -= take;
    if (sector) room.set(sector, room.get(sector)! - take);
  }
  return value;
}

/** @throws RangeError naming the first limit that the weights break by more than `tolerance`. */
export function checkWithin(weights: ArrayLike<number>, limits: Limits = {}, tolerance = 1e-9): void {
  const { lower, upper, sectors } = feasible(weights.length, limits);
  checkLength("weights", weights, lower.length);
  const held = sum(weights);
  if (!(Math.abs(held - 1) <= tolerance)) throw new RangeError(`weights: expected a sum of 1, got ${held}`);
  for (let a = 0; a < weights.length; a++) {
    if (weights[a]! < lower[a]! - tolerance || weights[a]! > upper[a]! + tolerance) {
      throw new RangeError(`weights[${a}]: expected ${lower[a]} … ${upper[a]}, got ${weights[a]}`);
    }
  }
  sectors.forEach(({ coefficients, value }, s) => {
    const own = coefficients.reduce((part, c, a) => part + c * weights[a]!, 0);
    if (own > value + tolerance) {
      throw new RangeError(`sector ${limits.sectors![s]!.name}: expected at most ${value}, got ${own}`);
    }
  });
}
