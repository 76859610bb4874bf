/** What can be set of each model of a study: the keys of `settings` and of a search, with their defaults. */
import { z } from "zod";

const count = z.int().positive().max(1_000_000);
const share = z.number().min(0).lt(1);
const widths = z.array(count).max(8);

/** Of every model that is trained. */
const training = {
  /** Weight of the KL. */
  beta: z.number().min(0).default(1),
  epochs: count.default(20),
  batchSize: count.default(128),
  learningRate: z.number().positive().default(1e-3),
  weightDecay: z.number().min(0).default(0),
  clip: z.number().positive().default(5),
  /** Epochs without a better bound on the validation part after which a network's best weights stay; 0 for no early end. */
  patience: z.int().min(0).max(1_000_000).default(0),
};

const schemas = {
  vae: z.strictObject({
    ...training,
    latent: count.default(8),
    encoder: z.enum(["linear", "mlp", "lstm", "transformer"]).default("mlp"),
    hidden: widths.default([64, 32]),
    dropout: share.default(0),
    targetWeight: z.number().min(0).default(1),
  }),
  "beta-vae": z.strictObject({
    ...training,
    latent: count.default(8),
    hidden: widths.default([64, 32]),
    /** Of p(x | z); that of a linear model with as many dimensions where it is left out. */
    noiseVariance: z.number().positive().optional(),
  }),
  bnn: z.strictObject({
    ...training,
    hidden: widths.default([64, 32]),
    noise: z.enum(["each", "learned"]).default("each"),
  }),
  plain: z.strictObject({
    ...training,
    hidden: widths.default([64, 32]),
    dropout: share.default(0),
    noise: z.enum(["each", "learned"]).default("each"),
  }),
  /** Trains nothing: what a queue costs by itself is measured with it. */
  none: z.strictObject({
    beta: z.number().min(0).default(1),
    epochs: count.default(1),
    /** Of work for each network. */
    milliseconds: z.number().min(0).default(0),
    /** Whether it fails at every try. */
    fails: z.boolean().default(false),
  }),
} as const;

/** The models that a study can be of. */
export const FAMILIES = ["vae", "beta-vae", "bnn", "plain", "none"] as const;

/** The name of a model that a study can be of. */
export type Family = (typeof FAMILIES)[number];

/** A value of a setting. */
export type SettingValue = number | string | boolean | readonly number[];

/** Settings by name. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** The names of a model's settings. */
export function settingNames(family: Family): string[] {
  return Object.keys(schemas[family].shape);
}

/** The schema of one setting, which its default belongs to; undefined where the model has none of that name. */
export function settingSchema(family: Family, name: string): z.ZodType | undefined {
  const { shape } = schemas[family];
  return Object.hasOwn(shape, name) ? (shape as Record<string, z.ZodType>)[name] : undefined;
}

/** The settings of a model, whole and with defaults, or what is wrong with them. */
export function readSettings(family: Family, settings: object) {
  return schemas[family].safeParse(settings);
}

/** All settings of a trial, in the order in which they are declared. @throws RangeError when they cannot be. */
export function wholeSettings(family: Family, settings: object): Settings {
  const read = readSettings(family, settings);
  if (read.success) return read.data as Settings;
  const { path, message } = read.error.issues[0]!;
  throw new RangeError(`settings.${path.map(String).join(".")}: ${message}`);
}
