/** Ready-made settings of a training, from seconds to an hour. */
import { type RawSettings, section } from "./settings.js";

export type Preset = "quick" | "source" | "full";

/** quick: a small network, for a first look; source: the networks of the source chapters; full: those, trained to the last epoch. */
const SETTINGS: Readonly<Record<Preset, RawSettings>> = {
  quick: {
    model: { latentDim: 8, hidden: [64, 32] },
    training: { epochs: 15, warmUpEpochs: 5, learningRate: 0.002 },
  },
  source: {},
  full: { training: { epochs: 200, patience: 200 } },
};

/** Models that differ by their keys alone, where no number is given. */
const REPLICAS: Readonly<Record<Preset, number>> = { quick: 2, source: 3, full: 8 };

export function presetReplicas(preset: Preset): number {
  return REPLICAS[preset];
}

/** The preset with what a file of settings says in its place. */
export function withPreset(preset: Preset, raw: RawSettings): RawSettings {
  const under = SETTINGS[preset];
  return {
    ...under,
    ...raw,
    model: { ...section(under, "model"), ...section(raw, "model") },
    training: { ...section(under, "training"), ...section(raw, "training") },
  };
}
