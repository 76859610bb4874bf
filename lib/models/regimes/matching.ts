/** Clusters matched with classes: labels without an order beside classes with a name. */
import { checkLength } from "../../core/index.js";

/** Rows counted by cluster and class. */
export interface Matching {
  /** [C][K] rows of each cluster that are of each class. */
  readonly confusion: readonly Uint32Array[];
  /** [C] the class of each cluster, each class at most once; −1 for clusters that are left over. */
  readonly classOf: Int32Array;
  /** Share of rows whose cluster has their class. */
  readonly accuracy: number;
  /** Share of rows of the commonest class of their cluster: grows with the number of clusters, up to 1. */
  readonly purity: number;
}

/**
 * Pairs clusters with classes, one to one, so that as many rows agree as can.
 *
 * The pairing looks at the classes, so the accuracy of random labels lies above chance: see `adjustedRandIndex` for a measure
 * that does not, and match on training rows what you use on later ones.
 * @param label  [N] cluster of each row, from 0
 * @param truth  [N] class of each row, from 0
 * @throws RangeError when lengths differ, there is no row, or a label is not an integer of at least 0.
 * @see Kuhn 1955
 */
export function matchClusters(label: ArrayLike<number>, truth: ArrayLike<number>): Matching {
  const confusion = confusionTable(label, truth);
  const classOf = bestAssignment(confusion);
  const agree = confusion.reduce((total, row, c) => total + (row[classOf[c]!] ?? 0), 0);
  const commonest = confusion.reduce((total, row) => total + Math.max(...row), 0);
  return { confusion, classOf, accuracy: agree / label.length, purity: commonest / label.length };
}

/**
 * Rows of each label that are of each class, [labels][classes].
 * @throws RangeError as `matchClusters`.
 */
export function confusionTable(label: ArrayLike<number>, truth: ArrayLike<number>): Uint32Array[] {
  checkLength("truth", truth, label.length);
  const [labels, classes] = [labelCount("label", label), labelCount("truth", truth)];
  const table = Array.from({ length: labels }, () => new Uint32Array(classes));
  for (let n = 0; n < label.length; n++) table[label[n]!]![truth[n]!]! += 1;
  return table;
}

/**
 * One more than the greatest label.
 * @throws RangeError when there is none, or one is not an integer of at least 0.
 */
export function labelCount(name: string, label: ArrayLike<number>): number {
  if (label.length === 0) throw new RangeError(`${name}: expected labels, got none`);
  let most = 0;
  for (let n = 0; n < label.length; n++) {
    if (!Number.isInteger(label[n]) || label[n]! < 0)
      throw new RangeError(`${name}[${n}]: expected an integer of at least 0, got ${label[n]}`);
    most = Math.max(most, label[n]!);
  }
  return most + 1;
}

/**
 * The column of each row, each column at most once, with the greatest sum of scores; −1 for rows that are left over.
 * @param score  [rows][columns]
 * @see Kuhn 1955, by shortest augmenting paths: Jonker & Volgenant 1987
 */
export function bestAssignment(score: readonly ArrayLike<number>[]): Int32Array {
  const rows = score.length;
  const columns = score[0]?.length ?? 0;
  const size = Math.max(rows, columns);
  const cost = (i: number, j: number) => -(score[i]?.[j] ?? 0); // a square, padded by scores of 0
  const potential = { row: new Float64Array(size), column: new Float64Array(size) };
  const rowOf = new Int32Array(size).fill(-1);
  for (let i = 0; i < size; i++) augment(i, cost, rowOf, potential);
  const columnOf = new Int32Array(rows).fill(-1);
  for (let j = 0; j < columns; j++) if (rowOf[j]! < rows) columnOf[rowOf[j]!] = j;
  return columnOf;
}

/** Gives row `start` a column along the cheapest path of reassignments. */
function augment(
  start: number,
  cost: (i: number, j: number) => number,
  rowOf: Int32Array,
  potential: { readonly row: Float64Array; readonly column: Float64Array },
): void {
  const size = rowOf.length;
  const slack = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(size).fill(-1);
  const reached = new Array<boolean>(size).fill(false);
  let row = start;
  let end = -1;
  for (let column = -1; ; column = end, row = rowOf[end]!) {
    if (column >= 0) reached[column] = true;
    end = -1;
    for (let j = 0; j < size; j++) {
      if (reached[j]) continue;
      const reduced = cost(row, j) - potential.row[row]! - potential.column[j]!;
      if (reduced < slack[j]!) {
        slack[j] = reduced;
        from[j] = column;
      }
      if (end < 0 || slack[j]! < slack[end]!) end = j;
    }
    const delta = slack[end]!;
    potential.row[start]! += delta;
    for (let j = 0; j < size; j++) {
      if (!reached[j]) slack[j]! -= delta;
      else {
        potential.row[rowOf[j]!]! += delta;
        potential.column[j]! -= delta;
      }
    }
    if (rowOf[end]! < 0) break;
  }
  for (let j = end; j >= 0; j = from[j]!) rowOf[j] = from[j]! < 0 ? start : rowOf[from[j]!]!;
}
