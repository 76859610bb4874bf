/** Mean sizes of positions in groups of decisions. */
import { checkLength, mean, type Panel } from "../../core/index.js";

/** One group: how many decisions it has, and the mean |weight| of each rule in it. */
export type MeanSizeRow = Record<string, string | number> & { group: string; hours: number };

/**
 * A row a group: its number of rows, as "hours", and the mean |weight| of each rule; NaN in an empty group.
 * @param weights  name → weights [N] of the same rows
 * @param groups   name → whether row n belongs to it; a row may belong to several
 * @throws RangeError when the weights differ in length.
 */
export function meanSizes(
  weights: Readonly<Record<string, Pick<Panel, "values">>>,
  groups: Readonly<Record<string, (row: number) => boolean>>,
): MeanSizeRow[] {
  const rules = Object.entries(weights);
  const count = rules[0]?.[1].values.length ?? 0;
  for (const [name, { values }] of rules) checkLength(`weights of "${name}"`, values, count);
  const rows = Array.from({ length: count }, (_, n) => n);
  return Object.entries(groups).map(([group, holds]) => {
    const own = rows.filter(holds);
    const row: MeanSizeRow = { group, hours: own.length };
    for (const [name, { values }] of rules)
      row[name] = own.length > 0 ? mean(own.map((n) => Math.abs(values[n]!))) : Number.NaN;
    return row;
  });
}
