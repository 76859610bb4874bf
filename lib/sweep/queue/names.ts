/** The names under which a study stands in Redis. */

/** Stacks of all studies: what workers take. */
export const STACKS = "vitrade-stacks";

/** The comparisons of one study: what its planner takes when their stacks are done. @param study  hash */
export function comparisonsOf(study: string): string {
  return `vitrade-study-${study.slice(0, 16)}`;
}

/** The child of a comparison that its planner itself takes, when all stacks are planned. */
export const PLANNED = "planned";

/** The job of that child of a flow. */
export function plannedOf(flow: string): string {
  return `${flow}.${PLANNED}`;
}

/** Tries of a stack before it is set aside. */
export const TRIES = 3;

/** Events that Redis keeps: results are read from the comparison, events only hasten them. */
export const EVENTS = 200;

/** Milliseconds after which a worker whose connection was lost asks again. */
export const ASK_AGAIN = 500;
