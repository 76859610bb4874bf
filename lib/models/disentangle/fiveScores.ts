/** Five scores of disentanglement of one set of latents. */
import type { Key } from "../../core/index.js";
import { factorVaeOfRows } from "./factorVae.js";
import type { LabelledLatents } from "./labelledLatents.js";
import { mutualInformationGap } from "./mig.js";
import { separatedPredictability } from "./sap.js";
import { treeDci } from "./treeDci.js";

/** Scores of latents beside known factors, each at most 1. */
export type FiveScores = {
  /** Mutual information gap. */
  readonly mig: number;
  /** Separated attribute predictability. */
  readonly sap: number;
  /** D and C, from the importances of boosted trees. */
  readonly disentanglement: number;
  readonly completeness: number;
  /** Accuracy of the votes of groups of rows; chance is 1/F. */
  readonly factorVae: number;
};

const TREE_ROUNDS = 20;
const VOTES = { groupRows: 64, trainGroups: 400, testGroups: 400, leastSd: 0.05 };

/**
 * MIG, SAP, D, C and the FactorVAE score of the same rows: 20 rounds of trees, 400 groups of 64 rows to vote and 400 to score.
 * @param options  the key of the groups of the FactorVAE score, and the first rows that the trees learn from: their cost grows with them
 * @throws RangeError when the columns make no sense, there are fewer than two latents, or no row is left beside `treeRows`.
 */
export function fiveScores(
  data: LabelledLatents,
  { key, treeRows }: { readonly key: Key; readonly treeRows: number },
): FiveScores {
  const { disentanglement, completeness } = treeDci(data, { trainRows: treeRows, rounds: TREE_ROUNDS });
  return {
    mig: mutualInformationGap(data).mig,
    sap: separatedPredictability(data).sap,
    disentanglement,
    completeness,
    factorVae: factorVaeOfRows(data, { key, ...VOTES }).accuracy,
  };
}
