/** Sets of times as ascending half-open ranges that neither overlap nor touch. */

/** The times from `since` to before `until`, UTC milliseconds. */
export type Range = { since: number; until: number };

/** The times that are in any of the ranges, which may come in any order. */
export function union(...sets: readonly (readonly Range[])[]): Range[] {
  const ranges = sets.flat().filter(({ since, until }) => since < until);
  ranges.sort((a, b) => a.since - b.since);
  const merged: Range[] = [];
  for (const { since, until } of ranges) {
    const last = merged.at(-1);
    if (last && since <= last.until) last.until = Math.max(last.until, until);
    else merged.push({ since, until });
  }
  return merged;
}

/** The times of `from` that are in none of `taken`. */
export function subtract(from: readonly Range[], taken: readonly Range[]): Range[] {
  let left = union(from);
  for (const hole of taken) {
    left = left.flatMap(({ since, until }) => [
      { since, until: Math.min(until, hole.since) },
      { since: Math.max(since, hole.until), until },
    ]);
    left = left.filter(({ since, until }) => since < until);
  }
  return left;
}

/** The times that both sets have. */
export function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  return subtract(a, subtract(a, b));
}

/** Whether all times of `range` are in the set. */
export function covers(set: readonly Range[], range: Range): boolean {
  return subtract([range], set).length === 0;
}
