/** Rows put into bins by a value of theirs, so that equal values are never parted. */

/**
 * Rows in the order of their values, cut into `bins` groups whose sizes differ by at most one, the larger ones first; but equal
 * values all join the group in which the middle of them falls, so that the order of the rows changes no group.
 * @param values  [N], none of them NaN
 * @returns       row indices of each group, ascending by value; groups that would be empty are left out
 */
export function equalCountGroups(values: ArrayLike<number>, bins: number): number[][] {
  const order = Array.from({ length: values.length }, (_, n) => n).sort(
    (a, b) => values[a]! - values[b]! || a - b,
  );
  const [size, larger] = [Math.floor(order.length / bins), order.length % bins];
  const ends = Array.from({ length: bins }, (_, b) => (b + 1) * size + Math.min(b + 1, larger));
  const groups = ends.map((): number[] => []);
  let group = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    const middle = Math.floor((from + to - 1) / 2);
    while (middle >= ends[group]!) group++;
    for (; from < to; from++) groups[group]!.push(order[from]!);
  }
  return groups.filter((rows) => rows.length > 0);
}

/** The bin of a probability among `bins` of equal width [b / bins, (b + 1) / bins), the last one closed: by those edges as they are rounded. */
export function unitBin(probability: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(probability * bins));
  while (bin > 0 && probability < bin / bins) bin--;
  while (bin < bins - 1 && probability >= (bin + 1) / bins) bin++;
  return bin;
}
