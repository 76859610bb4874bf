/** Labels that say what they were made from: one made from a window is never a discovery in that window. */

export interface RegimeLabels {
  /** "truth": the regime that made the bars. "window": a rule on the returns of the window itself. */
  readonly from: "truth" | "window";
  readonly names: readonly string[];
  /** [N] index into `names`. */
  readonly label: Uint8Array;
}

/**
 * The labels [N] as numbers, to score what was found in windows against them.
 * @throws RangeError when they were made from the window: what is found in a window then finds the rule again.
 */
export function scoredLabels(labels: ArrayLike<number> | RegimeLabels): ArrayLike<number> {
  if (!("from" in labels)) return labels;
  if (labels.from === "truth") return labels.label;
  throw new RangeError(
    "labels: expected what made the bars or what came after them, got a rule on the window's own return, " +
      "which anything that was found in the window repeats",
  );
}
