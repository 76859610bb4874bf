/** A session in numbers and paths: counts of what happened, and its targets beside those of its study. */
import type { Panel } from "../core/index.js";
import type { Fill } from "./broker/index.js";
import { fromJson, type StepRecord } from "./journal/records.js";
import { targetPanel } from "./pipeline/history.js";
import type { Decision } from "./types.js";

/** Counts of a session. */
export type SessionCounts = {
  /** Closes that were dealt with. */
  readonly hours: number;
  /** Those that came later than they closed. */
  readonly late: number;
  readonly fills: number;
  /** Fills at or after the last close. */
  readonly after: number;
};

/** Counts of a session: closes that were dealt with, those of them that came late, fills, and fills at or after the last close. */
export function sessionCounts(session: {
  readonly steps: readonly StepRecord[];
  readonly fills: readonly Fill[];
}): SessionCounts {
  const { steps, fills } = session;
  const end = steps.at(-1)?.time ?? Number.POSITIVE_INFINITY;
  return {
    hours: steps.length,
    late: steps.filter(({ time, at }) => at > time).length,
    fills: fills.length,
    after: fills.filter(({ filledAt }) => filledAt >= end).length,
  };
}

/** The targets [T,A] that stand after each step of a journal, as the limits left them: null there means that nothing is to change. */
export function steppedTargets(steps: readonly StepRecord[], symbols: readonly string[]): Panel {
  return targetPanel(
    steps.map(({ time, targets }) => ({ time, targets: fromJson(targets) })),
    symbols,
  );
}

/** Σ|w| of the targets that stand after each step of a journal, [steps], percent of equity. */
export function grossPath(steps: readonly StepRecord[], symbols: readonly string[]): Float64Array {
  const { values } = steppedTargets(steps, symbols);
  const width = symbols.length;
  return Float64Array.from(steps, (_, t) =>
    values.subarray(t * width, (t + 1) * width).reduce((total, w) => total + 100 * Math.abs(w), 0),
  );
}

/** A reason in a journal: in how many hours it was written, and an example of it. */
export type ReasonRow = {
  readonly limit: string;
  readonly hours: number;
  readonly "in the journal": string;
};

/**
 * Rows of limits: how many steps of a journal have a reason with the word, and the first such reason, cut after eighty characters.
 * @param words  what the reasons of each limit have in common, by the limit's name
 */
export function reasonTable(
  steps: readonly StepRecord[],
  words: Readonly<Record<string, string>>,
): ReasonRow[] {
  return Object.entries(words).map(([limit, word]) => {
    const own = steps.filter(({ reasons }) => reasons.some((reason) => reason.includes(word)));
    const first = own[0]?.reasons.find((reason) => reason.includes(word)) ?? "";
    return { limit, hours: own.length, "in the journal": first.slice(0, 80) };
  });
}

/** Targets of one symbol at some closes, in percent of equity. */
export interface TargetPath {
  /** Bars since the session began: 1 at its first close. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * A symbol's targets in the study, at every close, and in the live run, where it decided.
 * @param of  the study's decisions and the run's steps, of the same closes; symbols in their order
 * @throws RangeError when the symbol is unknown.
 */
export function targetPaths(
  of: {
    readonly decisions: readonly Decision[];
    readonly steps: readonly StepRecord[];
    readonly symbols: readonly string[];
  },
  symbol: string,
): { readonly study: TargetPath; readonly live: TargetPath } {
  const { decisions, steps, symbols } = of;
  const a = symbols.indexOf(symbol);
  if (a < 0) throw new RangeError(`symbol: expected one of ${symbols.join(", ")}, got ${symbol}`);
  const { values } = targetPanel(decisions, symbols);
  const decided = steps.flatMap(({ wanted }, t) => {
    const weight = wanted[a];
    return typeof weight === "number" ? [{ x: t + 1, y: 100 * weight }] : [];
  });
  const study = {
    x: Float64Array.from(decisions, (_, t) => t + 1),
    y: Float64Array.from(decisions, (_, t) => 100 * values[t * symbols.length + a]!),
  };
  const live = { x: Float64Array.from(decided, ({ x }) => x), y: Float64Array.from(decided, ({ y }) => y) };
  return { study, live };
}
