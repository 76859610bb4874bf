/** The networks of a study in stacks that are trained at once: what a job is. */
import { createHash } from "node:crypto";
import type { Settings } from "../study/settings.js";
import type { Study, Trial } from "../study/studyFile.js";

/** One network of a stack. */
export interface StackNetwork {
  /** Its number in the study, from 0: by trial, then fold, then seed. */
  readonly network: number;
  readonly trial: number;
  readonly beta: number;
  readonly seed: number;
}

/** Networks that differ by β and seed alone, trained for so many epochs. */
export interface Stack {
  /** Equal for equal networks of equal epochs. */
  readonly id: string;
  /** Which comparison the training is for, from 0. */
  readonly rung: number;
  readonly fold: number;
  readonly epochs: number;
  /** All but β, epochs included as they are at the end of the study. */
  readonly settings: Settings;
  readonly networks: readonly StackNetwork[];
}

/** Size of a network, by which stacks are cut. */
export interface ModelSize {
  /** Numbers that one network learns. */
  readonly parameters: number;
  /** Numbers of a row of a batch, through all layers. */
  readonly activations: number;
  /** Rows of the training part. */
  readonly rows: number;
}

/** Epochs at which settings are compared, the last those of the whole training. */
export function rungsOf({ stopping }: Study, epochs: number): number[] {
  return [...(stopping?.epochs ?? []), epochs];
}

/** Number of networks of the trials. */
export function networkCount({ data, seeds }: Study, trials: number): number {
  return trials * data.folds * seeds;
}

/**
 * The stacks of a rung: networks of equal settings but β on one fold, in the order of their numbers, cut by the budget's limits.
 *
 * It depends on the study alone, not on the machine. Networks that `isDone` are left out.
 */
export function stacksOf(
  study: Study,
  { trials, rung }: { readonly trials: readonly Trial[]; readonly rung: number },
  sizeOf: (settings: Settings) => ModelSize,
  isDone: (network: number) => boolean = () => false,
): Stack[] {
  const groups = new Map<string, { settings: Settings; fold: number; networks: StackNetwork[] }>();
  const { folds } = study.data;
  for (const { trial, settings: whole } of trials) {
    const { beta, ...settings } = whole;
    const name = JSON.stringify(settings);
    for (let fold = 0; fold < folds; fold++) {
      const place = `${fold} ${name}`;
      const group = groups.get(place) ?? { settings, fold, networks: [] };
      groups.set(place, group);
      for (let seed = 0; seed < study.seeds; seed++) {
        const network = (trial * folds + fold) * study.seeds + seed;
        if (!isDone(network)) group.networks.push({ network, trial, beta: beta as number, seed });
      }
    }
  }
  return [...groups.values()].flatMap(({ settings, fold, networks }) => {
    const epochs = rungsOf(study, settings.epochs as number)[rung]!;
    const most = networks.length > 0 ? stackLimit(study, settings, epochs, sizeOf(settings)) : 1;
    return chunks(networks, most).map((own) => stackOf({ rung, fold, epochs, settings, networks: own }));
  });
}

/** The stack of one network each. */
export function singles({ id: _, ...stack }: Stack): Stack[] {
  return stack.networks.map((network) => stackOf({ ...stack, networks: [network] }));
}

function stackOf(stack: Omit<Stack, "id">): Stack {
  const { rung, networks } = stack;
  const hash = createHash("sha256").update(JSON.stringify(stack)).digest("hex").slice(0, 12);
  return { id: `r${rung}-n${String(networks[0]!.network).padStart(7, "0")}-${hash}`, ...stack };
}

/** Floating-point operations a second, and seconds of a step of one network besides: a small core of today. */
const SPEED = 20e9;
const STEP_SECONDS = 20e-6;
/** Copies of the parameters in a training: themselves, the best, gradient, two moments, scratch. */
const COPIES = 6;

/** The most networks of a stack by number, memory and expected time. */
export function stackLimit(
  { budget }: Pick<Study, "budget">,
  settings: Settings,
  epochs: number,
  { parameters, activations, rows }: ModelSize,
): number {
  const batch = Math.min(rows, Number(settings.batchSize ?? 1));
  const bytes = 4 * (COPIES * parameters + 3 * batch * activations);
  const steps = epochs * Math.floor(rows / Math.max(1, batch));
  const seconds =
    steps * ((6 * parameters * batch) / SPEED + STEP_SECONDS) + Number(settings.milliseconds ?? 0) / 1000;
  const fit = (limit: number, each: number) =>
    each > 0 ? Math.floor(limit / each) : Number.POSITIVE_INFINITY;
  const most = Math.min(
    budget.stackNetworks,
    fit(1e6 * budget.stackMegabytes, bytes),
    fit(budget.stackSeconds, seconds),
  );
  return Math.max(1, most);
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}
