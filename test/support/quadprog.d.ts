/** What is used of quadprog 1.6, which has no types of its own. All arrays count from 1: entry 0 is unused. */
declare module "quadprog" {
  export interface Solution {
    /** [n] */
    readonly solution: readonly number[];
    readonly value: readonly number[];
    /** Empty where a solution was found. */
    readonly message: string;
  }
  /** Least ½ x'Dx − d'x subject to A'x ≥ b, the first `meq` of these as equalities; columns of A are constraints. */
  export function solveQP(
    quadratic: readonly (readonly number[])[],
    linear: readonly number[],
    constraints: readonly (readonly number[])[],
    bounds: readonly number[],
    meq: number,
  ): Solution;
}
