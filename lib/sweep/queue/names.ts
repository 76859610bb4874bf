/** The names under which a study stands in Redis. */

/** Stacks of all studies: what workers take. */
export const STACKS = "vitrade-stacks";

/** The comparisons of one study: what its planner takes when their stacks are done. @param study  hash */
export function comparisonsOf(study: string): string {
  return `vitrade-study-${study.slice(0, 16)}`;
}

/** Tries of a stack before it is set aside. */
export const TRIES = 3;

/** Events that Redis keeps: results are read from the comparison, events only hasten them. */
export const EVENTS = 200;
