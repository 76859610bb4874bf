/** What gradient descent learns beside what reverse water-filling predicts. */
import { sum } from "../../../core/index.js";
import { trainLinearAutoencoder } from "./linearAutoencoder.js";
import { waterFilling } from "./pca.js";

/** One β: latent dimensions in use, and the KL in nats, as predicted and as learnt. */
export type WaterFillingRow = {
  readonly beta: number;
  readonly "predicted active": number;
  readonly "learnt active": number;
  readonly "predicted KL": number;
  readonly "learnt KL": number;
};

/** A dimension is in use above so many nats. */
const ACTIVE = 0.01;

/**
 * A row a β for a linear autoencoder of directions with the variances [D].
 * @param betas  [N]
 * @throws RangeError when a number is not positive.
 */
export function waterFillingRows(
  variances: Float64Array,
  noiseVar: number,
  betas: readonly number[],
): WaterFillingRow[] {
  return betas.map((beta) => {
    const predicted = waterFilling(variances, variances.length, noiseVar, beta);
    const learnt = variances.map((variance) => trainLinearAutoencoder(variance, noiseVar, beta));
    return {
      ...{ beta, "predicted active": predicted.activeUnits },
      "learnt active": learnt.filter((rate) => rate > ACTIVE).length,
      ...{ "predicted KL": predicted.rate, "learnt KL": sum(learnt) },
    };
  });
}
