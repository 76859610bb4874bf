/** Mean sizes of several rules in groups of equal number. */
import { checkCount, checkLength, mean, type Panel } from "../../core/index.js";

/**
 * Mean |weight| of each rule in groups of the rows in which any rule holds a position, cut in equal numbers by ascending `order`:
 * name → [groups]; 0 in an empty group.
 * @param weights  name → weights [N] of the same rows
 * @param order    [N]
 * @throws RangeError when lengths differ or `groups` is not a positive integer.
 */
export function sizesByGroup<Name extends string>(
  weights: Readonly<Record<Name, Pick<Panel, "values">>>,
  order: ArrayLike<number>,
  groups: number,
): Record<Name, number[]> {
  checkCount("groups", groups);
  const rules = Object.entries(weights) as [Name, Pick<Panel, "values">][];
  for (const [name, { values }] of rules) checkLength(`weights of "${name}"`, values, order.length);
  const held = Array.from(order, (_, n) => n)
    .filter((n) => rules.some(([, { values }]) => values[n] !== 0))
    .sort((a, b) => order[a]! - order[b]!);
  const cut = (g: number) => held.slice((g * held.length) / groups, ((g + 1) * held.length) / groups);
  const sizes = ({ values }: Pick<Panel, "values">) =>
    Array.from({ length: groups }, (_, g) => {
      const own = cut(g);
      return own.length > 0 ? mean(own.map((n) => Math.abs(values[n]!))) : 0;
    });
  return Object.fromEntries(rules.map(([name, panel]) => [name, sizes(panel)])) as Record<Name, number[]>;
}
