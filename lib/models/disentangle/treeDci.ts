/** DCI read from boosted trees. */
import { checkCount, mean } from "../../core/index.js";
import { type BoostingOptions, boostedClassifier } from "./boostedClassifier.js";
import { type Dci, dciFromImportance } from "./dci.js";
import { checkLabelled, type LabelledLatents, labelledRows } from "./labelledLatents.js";

/** Disentanglement, completeness and informativeness by trees. */
export interface TreeDci extends Dci {
  /** [F] share of rows whose class is missed, on the rows that the trees saw and on the others: the paper's "informativeness". */
  readonly trainError: Float64Array;
  readonly testError: Float64Array;
}

/**
 * D and C of the importances that a classifier of boosted trees, one a factor, gives the latents; it learns from the first rows.
 *
 * Rows must be in a random order, or the first `trainRows` the earlier ones: then the error is one of forecasting.
 * @throws RangeError when the columns make no sense, or no row is left for the test.
 * @see Eastwood & Williams 2018; the classifier is that of Locatello et al. 2019
 */
export function treeDci(
  data: LabelledLatents,
  options: BoostingOptions & { readonly trainRows: number },
): TreeDci {
  checkLabelled(data);
  const { trainRows } = options;
  const rows = data.codes[0]!.length;
  checkCount("trainRows", trainRows, 2);
  checkCount("rows left for the test", rows - trainRows);
  const part = (from: number, to: number) =>
    labelledRows(
      data,
      Array.from({ length: to - from }, (_, i) => from + i),
    );
  const [seen, fresh] = [part(0, trainRows), part(trainRows, rows)];
  const models = seen.factors.map((factor) => boostedClassifier(seen.codes, factor, options));
  const errors = ({ codes, factors }: LabelledLatents) =>
    Float64Array.from(models, (model, f) => {
      const predicted = model.predict(codes);
      return mean(predicted.map((label, i) => (label === factors[f]![i] ? 0 : 1)));
    });
  const importance = data.codes.map((_, k) => Float64Array.from(models, (model) => model.importance[k]!));
  return { ...dciFromImportance(importance), trainError: errors(seen), testError: errors(fresh) };
}
