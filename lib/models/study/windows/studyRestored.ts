/** What a VAE restores, as rows of a table. */
import { checkCount, mean } from "../../../core/index.js";
import type { RestoredFeature } from "../latents/studyLatents.js";

/**
 * The mean over all features, then the `best` features that are restored best, best first, and the `worst` ones, worst last.
 * @throws RangeError when there are fewer features than are asked for.
 */
export function restoredRows(
  restored: readonly RestoredFeature[],
  { best, worst }: { readonly best: number; readonly worst: number },
): RestoredFeature[] {
  checkCount("features", restored.length, Math.max(1, best + worst));
  const ranked = [...restored].sort((a, b) => b.decoded - a.decoded);
  const average = {
    feature: "mean of all",
    decoded: mean(restored.map(({ decoded }) => decoded)),
    windowMean: mean(restored.map(({ windowMean }) => windowMean)),
  };
  return [average, ...ranked.slice(0, best), ...ranked.slice(ranked.length - worst)];
}
