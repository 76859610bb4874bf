/** A classifier of gradient-boosted trees: the one that the tree form of DCI reads its importances from. */
import { checkCount, checkFinite, checkLength, logSumExp } from "../../core/index.js";
import { growTree, sortColumns, type TreeNode, valueAt } from "./regressionTree.js";

export interface BoostedClassifier {
  /** Classes in ascending order. */
  readonly classes: readonly number[];
  /** [K] share of the fall in squared error that splits on each column brought; zeros where nothing was split. */
  readonly importance: Float64Array;
  /** Log odds of the second class where there are two, else one score a class, of which the softmax is taken: columns [N]. */
  scores(columns: readonly Float64Array[]): Float64Array[];
  /** The most probable class of each row of K columns [N]. */
  predict(columns: readonly Float64Array[]): Float64Array;
}

/** Options of boosted trees. */
export interface BoostingOptions {
  /** Rounds; default 100. */
  readonly rounds?: number;
  /** Levels of splits in a tree; default 3. */
  readonly depth?: number;
  /** Share of a tree's step that is taken; default 0.1. */
  readonly learningRate?: number;
}

/**
 * Boosts trees on the gradient of the multinomial (two classes: logistic) likelihood, a tree a class a round, Newton steps in the leaves.
 *
 * The defaults are those of the reference implementation of DCI. Where columns tie it tosses a coin; here the tree takes the
 * first and all share the importance, so that the answer needs no randomness.
 * @param columns  K columns [N]
 * @param labels   [N]
 * @throws RangeError when lengths differ, a value is not finite, or there is only one class.
 * @see Friedman 2001, algorithm 6
 */
export function boostedClassifier(
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  options: BoostingOptions = {},
): BoostedClassifier {
  const { rounds = 100, depth = 3, learningRate = 0.1 } = options;
  checkCount("rounds", rounds);
  checkCount("depth", depth);
  columns.forEach((column, k) => {
    checkLength(`columns[${k}]`, column, labels.length);
    checkFinite(`columns[${k}]`, column);
  });
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  if (classes.length < 2)
    throw new RangeError(
      `labels: expected at least 2 classes, got ${classes.length} in ${labels.length} rows`,
    );
  const isOf = classes.map((c) => Float64Array.from(labels, (label) => (label === c ? 1 : 0)));
  const ensemble = boost(columns, isOf, { rounds, depth, learningRate });
  const total = ensemble.importance.reduce((a, b) => a + b, 0);
  return {
    classes,
    importance: total > 0 ? ensemble.importance.map((gain) => gain / total) : ensemble.importance,
    scores: (fresh) => scoresOf(fresh, ensemble),
    predict: (fresh) => mostProbable(scoresOf(fresh, ensemble), classes),
  };
}

/** Scores are a start and the trees' steps: one score a class, or a single one where there are two. */
interface Ensemble {
  readonly start: readonly number[];
  readonly forests: readonly TreeNode[][];
  readonly learningRate: number;
  /** [K] fall of the squared error. */
  readonly importance: Float64Array;
}

/** @param isOf  [N] 1 for the rows of each class */
function boost(
  columns: readonly Float64Array[],
  isOf: readonly Float64Array[],
  { rounds, depth, learningRate }: Required<BoostingOptions>,
): Ensemble {
  const sorted = sortColumns(columns);
  const start = startScores(isOf);
  const wanted = start.length === 1 ? [isOf[1]!] : isOf;
  const scores = start.map((score) => new Float64Array(isOf[0]!.length).fill(score));
  const forests: TreeNode[][] = start.map(() => []);
  const importance = new Float64Array(columns.length);
  for (let round = 0; round < rounds; round++) {
    probabilities(scores).forEach((p, m) => {
      const residual = wanted[m]!.map((one, i) => one - p[i]!);
      const leaf = (rows: readonly number[]) => newtonStep(rows, residual, p, start.length);
      const tree = growTree(sorted, residual, { depth, leaf });
      for (const [k, gain] of tree.importance.entries()) importance[k]! += gain;
      forests[m]!.push(tree.root);
      for (let i = 0; i < residual.length; i++)
        scores[m]![i]! += learningRate * valueAt(tree.root, (k) => columns[k]![i]!);
    });
  }
  return { start, forests, learningRate, importance };
}

/** Log shares of the classes; one log odds where there are two. */
function startScores(isOf: readonly Float64Array[]): number[] {
  const shares = isOf.map((one) => one.reduce((a, b) => a + b, 0) / one.length);
  return shares.length === 2 ? [Math.log(shares[1]! / shares[0]!)] : shares.map(Math.log);
}

/** Probabilities of each row from the scores: softmax, or logistic where there is one. */
function probabilities(scores: readonly Float64Array[]): Float64Array[] {
  if (scores.length === 1) return [scores[0]!.map((s) => 1 / (1 + Math.exp(-s)))];
  const out = scores.map((score) => new Float64Array(score.length));
  const row = new Float64Array(scores.length);
  for (let i = 0; i < scores[0]!.length; i++) {
    for (let m = 0; m < row.length; m++) row[m] = scores[m]![i]!;
    const all = logSumExp(row);
    for (let m = 0; m < row.length; m++) out[m]![i] = Math.exp(row[m]! - all);
  }
  return out;
}

/** One Newton step on the likelihood of the rows of a leaf. @param scores  how many scores there are: 1, or one a class */
function newtonStep(
  rows: readonly number[],
  residual: Float64Array,
  p: Float64Array,
  scores: number,
): number {
  let [slope, curvature] = [0, 0];
  for (const i of rows) {
    slope += residual[i]!;
    curvature += p[i]! * (1 - p[i]!);
  }
  if (scores > 1) slope *= (scores - 1) / scores;
  return curvature < 1e-150 ? 0 : slope / curvature;
}

function scoresOf(
  columns: readonly Float64Array[],
  { start, forests, learningRate }: Ensemble,
): Float64Array[] {
  return forests.map((trees, m) =>
    Float64Array.from(columns[0]!, (_, i) =>
      trees.reduce((total, tree) => total + learningRate * valueAt(tree, (k) => columns[k]![i]!), start[m]!),
    ),
  );
}

function mostProbable(scores: readonly Float64Array[], classes: readonly number[]): Float64Array {
  if (scores.length === 1) return scores[0]!.map((odds) => classes[odds > 0 ? 1 : 0]!);
  return scores[0]!.map((_, i) => {
    const row = scores.map((score) => score[i]!);
    return classes[row.indexOf(Math.max(...row))]!;
  });
}
