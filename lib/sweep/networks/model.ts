/** The model that settings ask for, made for a data set. */
import type { Dataset } from "../../features/index.js";
import { betaVae, bnn, plain, type StudyModel, vae } from "../../models/index.js";
import { layoutsOf } from "../../nn/layers/index.js";
import type { ModelSize } from "../plan/stacks.js";
import type { Family, Settings } from "../study/settings.js";

/** @throws RangeError when the settings do not go together, or the family is "none". */
export function modelOf(family: Family, settings: Settings, data: Dataset): StudyModel {
  const { latent, encoder, hidden, dropout, targetWeight, noise, noiseVariance } =
    settings as unknown as Known;
  if (family === "vae") return vae({ data, latent, encoder, hidden, dropout, targetWeight });
  if (family === "beta-vae")
    return betaVae({ data, latent, hidden, ...(noiseVariance === undefined ? {} : { noiseVariance }) });
  if (family === "bnn") return bnn({ data, hidden, noise });
  if (family === "plain") return plain({ data, hidden, noise, dropout });
  throw new RangeError(`model: expected one that is trained, got ${family}`);
}

/** Settings that the schema of a family has checked: those that another family has are not read. */
interface Known {
  readonly latent: number;
  readonly encoder: "linear" | "mlp" | "lstm" | "transformer";
  readonly hidden: readonly number[];
  readonly dropout: number;
  readonly targetWeight: number;
  readonly noise: "each" | "learned";
  readonly noiseVariance?: number;
}

/** Size of networks of the settings, by which stacks are cut. @throws RangeError as the model of the settings. */
export function sizeOf(family: Family, settings: Settings, data: Dataset): ModelSize {
  const { network } = modelOf(family, settings, data);
  const widths = (settings.hidden as readonly number[]).reduce((sum, width) => sum + width, 0);
  return {
    parameters: layoutsOf(network).parameters.total,
    activations: 2 * (data.length * data.columns.length + widths),
    rows: data.train.rows,
  };
}
