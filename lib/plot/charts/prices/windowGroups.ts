/** Groups of look-back windows over one another, a colour a group. */
import { PALETTE } from "../../palette.js";
import type { WindowSeries } from "./windowPaths.js";

const BEHIND = "#999999";

/**
 * The windows of each group as series of `windowPaths`: the first group is grey, the others take the palette's colours.
 * @param groups  name → windows, as `models.windowsIn` returns them
 */
export function windowGroups(
  groups: Readonly<Record<string, { readonly values: readonly ArrayLike<number>[] }>>,
): WindowSeries[] {
  return Object.entries(groups).flatMap(([name, { values }], group) => {
    const colour = group === 0 ? BEHIND : PALETTE[(group - 1) % PALETTE.length]!;
    return values.map((own) => ({ name, values: own, colour }));
  });
}
