/** The window that a study's VAE decodes for a row, changed in some readings and kept in others. */
import { checkCount } from "../../../core/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { editLatent } from "../../vae/latentEditing.js";
import { decodeLatents, encodeRows } from "../../vae/latents.js";
import type { Reading } from "../../vae/traversal.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

/** A reading of the decoded window and what is to become of it. */
export interface WindowAim extends Reading {
  /** To be added to the reading of the window as it is; 0 keeps it. */
  readonly change: number;
  /** How far off is near enough, in the unit of the reading. */
  readonly tolerance: number;
}

/** A decoded window before and after it was changed. */
export interface EditedWindow {
  /** [T,F] decoded from the row's posterior mean. */
  readonly original: Float32Array;
  /** [T,F] decoded from the latent vector that was moved. */
  readonly edited: Float32Array;
  /** [Q] readings of the two, in the order of the aims. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Length of the way between the two latent vectors, in standard deviations of the prior. */
  readonly distance: number;
  /** Whether every aim was met. */
  readonly reached: boolean;
}

/**
 * The decoded window of one row, and that of the nearest latent vector found whose readings have changed as wanted.
 *
 * Both are means of p(x | z), without its noise. All dimensions may move.
 * @param options  the row of the part, the aims, and the network, the first by default
 * @throws RangeError when the part has no such row, or as `editLatent`.
 */
export function editWindow(
  { model, weights, data }: StudyFit<Vae>,
  part: StudyPart,
  options: { readonly row: number; readonly aims: readonly WindowAim[]; readonly network?: number },
): EditedWindow {
  const { row, aims, network = 0 } = options;
  if (!(Number.isInteger(row) && row >= 0 && row < part.rows))
    throw new RangeError(`row: expected an integer from 0 to ${part.rows - 1}, got ${row}`);
  checkCount("aims", aims.length);
  const own = takeReplicas(weights, [network]);
  const size = data.length * data.columns.length;
  const { mean } = encodeRows(model.network, own, part.x.slice(row * size, (row + 1) * size));
  const original = decodeLatents(model.network, own, Float32Array.from(mean), [1, model.network.latents]);
  const before = Float64Array.from(aims, ({ of }) => of(original));
  const targets = aims.map((aim, q) => ({ ...aim, target: before[q]! + aim.change }));
  const {
    row: edited,
    readings,
    distance,
    reached,
  } = editLatent(model.network, own, mean, { aims: targets });
  return { original, edited, before, after: readings, distance, reached };
}
