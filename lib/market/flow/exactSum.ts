/** A sum that does not depend on the order of its terms: exact inside, rounded once. Shewchuk 1997, as Python's `math.fsum`. */

export interface ExactSum {
  add(term: number): void;
  /** The double nearest to the sum of all terms so far. */
  value(): number;
}

/** A sum of no terms yet. Terms are finite. */
export function exactSum(): ExactSum {
  let partials: number[] = [];
  return {
    add(term) {
      const next: number[] = [];
      let rest = term;
      for (const partial of partials) {
        const [high, low] = twoSum(rest, partial);
        if (low !== 0) next.push(low);
        rest = high;
      }
      partials = [...next, rest];
    },
    value: () => rounded(partials),
  };
}

/** The rounded sum of two doubles, and what rounding took from it. */
function twoSum(a: number, b: number): [high: number, low: number] {
  const [large, small] = Math.abs(a) < Math.abs(b) ? [b, a] : [a, b];
  const high = large + small;
  return [high, small - (high - large)];
}

/** The sum of partials that do not overlap and ascend in size, rounded to nearest, halves to even. */
function rounded(partials: readonly number[]): number {
  let n = partials.length - 1;
  let [high, low] = [partials[n] ?? 0, 0];
  while (n > 0 && low === 0) [high, low] = twoSum(high, partials[--n]!);
  const beyond = n > 0 ? partials[n - 1]! : 0;
  const twice = 2 * low;
  const up = high + twice;
  return low * beyond > 0 && up - high === twice ? up : high;
}
