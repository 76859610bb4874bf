/** The score of FactorVAE: the latent that stands still while a factor does. */
import { checkCount, checkLength, fold, type Key, stream, variance } from "../../core/index.js";
import { checkLabelled, entriesAt, type LabelledLatents } from "./labelledLatents.js";

/** Groups of rows that share the class of one factor. */
export interface FixedGroups {
  /** V groups, each of K columns [L]. */
  readonly groups: readonly (readonly Float64Array[])[];
  /** [V] the factor that is fixed in each. */
  readonly factor: ArrayLike<number>;
}

/** The FactorVAE score with its votes. */
export interface FactorVaeScore {
  /** [K] latents that move at all. */
  readonly active: readonly boolean[];
  /** [V] the latent of least relative variance in each group, in the numbering of all latents; −1 where none is active. */
  readonly stillest: Int32Array;
  /** [F][K] votes of the first groups. */
  readonly votes: readonly Float64Array[];
  /** Share of the groups whose factor the majority of the votes names: of those that voted, and of the others. */
  readonly trainAccuracy: number;
  readonly accuracy: number;
}

/**
 * Each group votes for the latent with the smallest variance, relative to `globalVariance`; the factor of a latent is that of most
 * of its votes among the first `trainGroups`, and the score is how often that names the factor of the other groups.
 *
 * Chance is the share of the most frequent factor, 1/F when all are equally often fixed. Latents that are merely aligned with
 * the axes score 1: it sees no duplicate and no leak.
 * @param options.globalVariance  [K] of each latent over all rows
 * @param options.leastSd         latents with a smaller standard deviation are left out: 0.05 in the paper
 * @throws RangeError when lengths differ or no group is left to score.
 * @see Kim & Mnih 2018, section 4 and appendix
 */
export function factorVaeScore(
  { groups, factor }: FixedGroups,
  options: {
    readonly globalVariance: ArrayLike<number>;
    readonly leastSd: number;
    readonly trainGroups: number;
  },
): FactorVaeScore {
  const { globalVariance, leastSd, trainGroups } = options;
  checkLength("factor", factor, groups.length);
  checkCount("trainGroups", trainGroups);
  checkCount("groups left to score", groups.length - trainGroups);
  const active = Array.from(globalVariance, (v) => Math.sqrt(v) >= leastSd && v > 0);
  const stillest = Int32Array.from(groups, (columns) => stillestCode(columns, globalVariance, active));
  const factors = Math.max(...Array.from(factor)) + 1;
  const votes = Array.from({ length: factors }, () => new Float64Array(active.length));
  for (let v = 0; v < trainGroups; v++) if (stillest[v]! >= 0) votes[factor[v]!]![stillest[v]!]! += 1;
  const named = active.map((_, k) => majority(votes.map((row) => row[k]!)));
  const accuracy = (from: number, to: number) => {
    let right = 0;
    for (let v = from; v < to; v++) if (named[stillest[v]!] === factor[v]) right++;
    return right / (to - from);
  };
  return {
    ...{ active, stillest, votes },
    trainAccuracy: accuracy(0, trainGroups),
    accuracy: accuracy(trainGroups, groups.length),
  };
}

/**
 * The score of labelled rows: groups of `groupRows` rows are drawn with one factor at one class.
 *
 * The paper draws 10,000 groups of 64 to vote and 5,000 fresh ones to score.
 * @throws RangeError when the columns make no sense.
 */
export function factorVaeOfRows(
  data: LabelledLatents,
  options: {
    readonly key: Key;
    readonly groupRows: number;
    readonly trainGroups: number;
    readonly testGroups: number;
    readonly leastSd: number;
  },
): FactorVaeScore {
  checkLabelled(data);
  const { groupRows, trainGroups, testGroups, leastSd } = options;
  checkCount("groupRows", groupRows, 2);
  const factor = new Int32Array(trainGroups + testGroups);
  const rowsOf = data.factors.map(rowsByClass);
  const groups = Array.from(factor, (_, v) => {
    const random = stream(fold(options.key, "group", v));
    const f = random.integer(data.factors.length);
    factor[v] = f;
    const row = random.integer(data.codes[0]!.length);
    const alike = rowsOf[f]!.get(data.factors[f]![row]!)!;
    const index = Array.from({ length: groupRows }, () => alike[random.integer(alike.length)]!);
    return data.codes.map((code) => entriesAt(code, index));
  });
  const globalVariance = data.codes.map((code) => variance(code));
  return factorVaeScore({ groups, factor }, { globalVariance, leastSd, trainGroups });
}

/** The active latent of least variance relative to its own; −1 where none is active. */
function stillestCode(
  columns: readonly Float64Array[],
  globalVariance: ArrayLike<number>,
  active: readonly boolean[],
): number {
  checkLength("columns of a group", columns, active.length);
  if (!active.includes(true)) return -1;
  const ratio = columns.map((column, k) =>
    active[k] ? variance(column) / globalVariance[k]! : Number.POSITIVE_INFINITY,
  );
  return ratio.indexOf(Math.min(...ratio));
}

function rowsByClass(factor: ArrayLike<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < factor.length; i++) {
    const alike = rows.get(factor[i]!);
    if (alike) alike.push(i);
    else rows.set(factor[i]!, [i]);
  }
  return rows;
}

/** The first index of the largest; −1 where there is no vote. */
function majority(votes: readonly number[]): number {
  const most = Math.max(...votes);
  return most > 0 ? votes.indexOf(most) : -1;
}
