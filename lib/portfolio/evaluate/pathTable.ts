/** What series of portfolios bring in, and what they are paid with. */
import { checkCount } from "../../core/index.js";

/** One series of portfolios, a row of a table. */
export type PathRow = {
  readonly dimension: number;
  readonly nats: number;
  /** Names of the assets that gain and lose more than five points of weight from the first portfolio to the last, most first. */
  readonly grows: string;
  readonly shrinks: string;
  /** A measure, such as volatility, of the first portfolio and of the last. */
  readonly first: number;
  readonly last: number;
};

/** Percentage points of weight below which a change is not named. */
const LEAST = 5;

/**
 * A row for each traversal of a latent dimension, in their order: the assets that it trades against one another, and a measure at both ends.
 * @param paths    portfolios [S][A] of each dimension, and the nats that it carries
 * @param names    [A]
 * @param measure  of a portfolio [A]
 * @throws RangeError when a path has fewer than two portfolios.
 */
export function pathTable(
  paths: readonly { readonly nats: number; readonly portfolios: readonly Float64Array[] }[],
  names: readonly string[],
  measure: (weights: Float64Array) => number,
): PathRow[] {
  return paths.map(({ nats, portfolios }, k) => {
    checkCount("portfolios", portfolios.length, 2);
    const [from, to] = [portfolios[0]!, portfolios[portfolios.length - 1]!];
    const changes = names.map((name, a) => ({ name, points: 100 * (to[a]! - from[a]!) }));
    const listed = (sign: number) => {
      const own = changes.filter(({ points }) => sign * points > LEAST);
      own.sort((p, q) => sign * (q.points - p.points));
      return own.map(({ name }) => name).join(", ") || "none";
    };
    const ends = { first: measure(from), last: measure(to) };
    return { dimension: k + 1, nats, grows: listed(1), shrinks: listed(-1), ...ends };
  });
}
