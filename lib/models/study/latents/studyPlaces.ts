/** Where several symbols together stand in latent space. */
import type { Model } from "../../../nn/layers/index.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

/** Mean latent vectors of the symbols at each time. */
export interface LatentPlaces {
  /** [T] ascending, UTC milliseconds. */
  readonly time: Float64Array;
  /** [T][K] */
  readonly place: readonly Float64Array[];
}

/**
 * The mean over the symbols of their posterior means at each decision time of a part, by the first network: the place of equal weights.
 * @param part  its rows [N]
 * @throws RangeError when the model has no encoder.
 */
export function latentPlaces<Network extends Model>(
  fit: StudyFit<Network>,
  part: StudyPart & { readonly decidedAt: Float64Array },
): LatentPlaces {
  const { mean, shape } = fit.encode(part);
  const latents = shape[2];
  const rows = new Map<number, number[]>();
  part.decidedAt.forEach((time, n) => {
    rows.set(time, [...(rows.get(time) ?? []), n]);
  });
  const time = Float64Array.from(rows.keys()).sort();
  const place = Array.from(time, (at) => {
    const own = rows.get(at)!;
    return Float64Array.from(
      { length: latents },
      (_, k) => own.reduce((total, n) => total + mean[n * latents + k]!, 0) / own.length,
    );
  });
  return { time, place };
}
