/** Regression trees of a few levels, grown level by level over columns that are sorted once. */

/** A node: a leaf without a split, else rows with column ≤ threshold go to `low`. */
export interface TreeNode {
  readonly value: number;
  readonly split?: {
    readonly column: number;
    readonly threshold: number;
    readonly low: TreeNode;
    readonly high: TreeNode;
  };
}

export interface GrownTree {
  readonly root: TreeNode;
  /** [K] fall of the squared error by splits on each column; columns that tie share it equally. */
  readonly importance: Float64Array;
}

/** Columns [N] and, for each, the rows in ascending order. */
export interface SortedColumns {
  readonly columns: readonly Float64Array[];
  readonly order: readonly Uint32Array[];
}

export function sortColumns(columns: readonly Float64Array[]): SortedColumns {
  const order = columns.map((column) =>
    Uint32Array.from(column, (_, i) => i).sort((i, j) => column[i]! - column[j]! || i - j),
  );
  return { columns, order };
}

interface Split {
  readonly column: number;
  readonly threshold: number;
  readonly gain: number;
  /** All columns whose best split is as good. */
  readonly tied: readonly number[];
}

/** Values closer than this are one value. */
const SAME = 1e-7;
const TIE = 1e-9;

/**
 * The tree of at most `depth` levels of splits that lowers the squared error of `target` greedily.
 *
 * @param target  [N]
 * @param leaf    value of a leaf from the rows in it
 */
export function growTree(
  data: SortedColumns,
  target: Float64Array,
  options: { readonly depth: number; readonly leaf: (rows: readonly number[]) => number },
): GrownTree {
  const importance = new Float64Array(data.columns.length);
  const node = Int32Array.from(target, () => 0); // node of each row on this level, −1 when settled
  const levels: Map<number, Split>[] = [];
  for (let level = 0; level < options.depth; level++) {
    const splits = bestSplits(data, target, node);
    for (const { gain, tied } of splits.values())
      for (const column of tied) importance[column]! += gain / tied.length;
    levels.push(splits);
    node.forEach((at, i) => {
      const split = splits.get(at);
      node[i] = split ? 2 * at + (data.columns[split.column]![i]! <= split.threshold ? 0 : 1) : -1;
    });
  }
  return {
    root: build(data, levels, options.leaf, { at: 0, level: 0, rows: Array.from(target.keys()) }),
    importance,
  };
}

/** The value of the leaf that a row falls into. @param row  value of a column */
export function valueAt(root: TreeNode, row: (column: number) => number): number {
  let node = root;
  while (node.split) node = row(node.split.column) <= node.split.threshold ? node.split.low : node.split.high;
  return node.value;
}

/** The best split of each node; none where no split lowers the error. */
function bestSplits(data: SortedColumns, target: Float64Array, node: Int32Array): Map<number, Split> {
  const best = new Map<number, Split>();
  const totals = totalsOf(target, node);
  data.columns.forEach((values, column) => {
    const found = scan(values, data.order[column]!, { target, node, totals });
    for (const [at, { gain, threshold }] of found) {
      const old = best.get(at);
      const least = TIE * totals.squares[at]!;
      if (!(gain > least)) continue;
      if (!old || gain > old.gain * (1 + TIE)) best.set(at, { column, threshold, gain, tied: [column] });
      else if (gain >= old.gain * (1 - TIE)) best.set(at, { ...old, tied: [...old.tied, column] });
    }
  });
  return best;
}

interface Totals {
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function totalsOf(target: Float64Array, node: Int32Array): Totals {
  const size = Math.max(0, ...new Set(node)) + 1;
  const totals = {
    count: new Float64Array(size),
    sum: new Float64Array(size),
    squares: new Float64Array(size),
  };
  node.forEach((at, i) => {
    if (at < 0) return;
    totals.count[at]! += 1;
    totals.sum[at]! += target[i]!;
    totals.squares[at]! += target[i]! ** 2;
  });
  return totals;
}

/** The best threshold of one column in each node. */
function scan(
  values: Float64Array,
  order: Uint32Array,
  level: { readonly target: Float64Array; readonly node: Int32Array; readonly totals: Totals },
): Map<number, { gain: number; threshold: number }> {
  const { target, node, totals } = level;
  const best = new Map<number, { gain: number; threshold: number }>();
  const count = new Float64Array(totals.count.length); // of the rows below, and their sum and last value
  const [sum, last] = [count.slice(), count.slice()];
  for (const i of order) {
    const at = node[i]!;
    if (at < 0) continue;
    const n = count[at]!;
    if (n > 0 && values[i]! > last[at]! + SAME) {
      const rest = totals.count[at]! - n;
      const gain = (sum[at]! / n - (totals.sum[at]! - sum[at]!) / rest) ** 2 * ((n * rest) / (n + rest));
      const old = best.get(at);
      if (!old || gain > old.gain) best.set(at, { gain, threshold: (values[i]! + last[at]!) / 2 });
    }
    count[at]! += 1;
    sum[at]! += target[i]!;
    last[at] = values[i]!;
  }
  return best;
}

function build(
  data: SortedColumns,
  levels: readonly Map<number, Split>[],
  leaf: (rows: readonly number[]) => number,
  place: { readonly at: number; readonly level: number; readonly rows: readonly number[] },
): TreeNode {
  const { at, level, rows } = place;
  const split = levels[level]?.get(at);
  if (!split) return { value: leaf(rows) };
  const { column, threshold } = split;
  const isLow = (i: number) => data.columns[column]![i]! <= threshold;
  const child = (side: number, part: readonly number[]) =>
    build(data, levels, leaf, { at: 2 * at + side, level: level + 1, rows: part });
  const low = child(0, rows.filter(isLow));
  const high = child(
    1,
    rows.filter((i) => !isLow(i)),
  );
  return { value: Number.NaN, split: { column, threshold, low, high } };
}
