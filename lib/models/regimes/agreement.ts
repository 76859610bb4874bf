/** Labellings held against known regimes, a row each. */
import type { RegimeLabels } from "../../core/index.js";
import type { ShiftOptions } from "../../prob/diagnostics/index.js";
import { adjustedRandTest } from "./clusterScores.js";

/** One labelling against known regimes. */
export type AgreementRow = {
  labels: string;
  "Rand index": number;
  /** 95 % of shifts in time give less. */
  "95 % of shifts below": number;
  p: number;
};

/**
 * Agreement of each labelling [N] with known regimes [N], a row a labelling, by `adjustedRandTest`.
 * @throws RangeError as `adjustedRandTest`.
 */
export function agreementRows(
  labellings: Readonly<Record<string, ArrayLike<number>>>,
  regimes: ArrayLike<number> | RegimeLabels,
  options: ShiftOptions,
): AgreementRow[] {
  return Object.entries(labellings).map(([labels, label]) => {
    const { value, null95, p } = adjustedRandTest(label, regimes, options);
    return { labels, "Rand index": value, "95 % of shifts below": null95, p };
  });
}

/** Accuracy of labels beside a rule that always names the most frequent class. */
export type AccuracyRow = { "judged by": string; accuracy: number; "always the most frequent": number };

/**
 * Accuracy of `label` [N] against each truth [N], a row a truth: the fraction that equals it.
 * @throws RangeError when there is no row.
 */
export function accuracyRows(
  label: ArrayLike<number>,
  truths: Readonly<Record<string, ArrayLike<number>>>,
): AccuracyRow[] {
  return Object.entries(truths).map(([name, truth]) => {
    const rows = Array.from(truth);
    if (rows.length === 0 || rows.length !== label.length)
      throw new RangeError(`${name}: expected ${label.length} labels, at least one, got ${rows.length}`);
    const counts = new Map<number, number>();
    for (const own of rows) counts.set(own, (counts.get(own) ?? 0) + 1);
    const right = rows.filter((own, n) => own === label[n]).length;
    return {
      "judged by": name,
      accuracy: right / rows.length,
      "always the most frequent": Math.max(...counts.values()) / rows.length,
    };
  });
}
