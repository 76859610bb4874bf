/** Both parts of a Bayesian network's uncertainty as it is given more rows to learn from. */
import { checkCount, type Key, median } from "../../../core/index.js";
import { bnn } from "../kinds/studyBnn.js";
import type { StudyData, StudyPart } from "../kinds/studyModel.js";
import { type StudyTraining, train } from "../kinds/studyTraining.js";

/** Options of `uncertaintyBySize`. */
export interface SizeOptions {
  /** The rows that are predicted. */
  readonly part: StudyPart;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** Of the network with the most rows; with fewer rows there are more epochs, so that all take as many steps. */
  readonly training: Omit<StudyTraining, "seeds" | "beta" | "key">;
  readonly draws: number;
  readonly key: Key;
}

/** Median standard deviations of the predicted log return, in basis points. */
export type UncertaintyOfSize = {
  /** Rows of the training part. */
  readonly rows: number;
  readonly epistemic: number;
  readonly aleatoric: number;
};

/**
 * Trains one Bayesian network on each of several data sets that differ in their training rows, and predicts the same part with each.
 * @throws RangeError when there is no data set, or an option makes no sense.
 */
export async function uncertaintyBySize(
  sets: readonly StudyData[],
  { part, hidden, training, draws, key }: SizeOptions,
): Promise<UncertaintyOfSize[]> {
  checkCount("sets", sets.length);
  const most = Math.max(...sets.map(({ train: own }) => own.rows));
  const found: UncertaintyOfSize[] = [];
  for (const data of sets) {
    const { rows } = data.train;
    const epochs = Math.round((training.epochs * most) / rows);
    const fit = await train(bnn({ data, hidden }), data, { ...training, epochs, key });
    const { epistemic, aleatoric } = fit.predict(part, { draws });
    found.push({ rows, epistemic: typical(epistemic), aleatoric: typical(aleatoric) });
  }
  return found;
}

function typical(variance: Float64Array): number {
  return 1e4 * Math.sqrt(median(variance));
}
