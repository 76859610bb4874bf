/** The replicas of a training shared out among threads. */
import { availableParallelism } from "node:os";
import * as tf from "@tensorflow/tfjs";
import { compiles, threadLimit } from "../../core/index.js";
import { type Plan, planOf } from "../compile/plan.js";
import { chunkFrom, type EvaluationPass } from "./evaluate.js";
import {
  batchesOf,
  chunkOf,
  disposeInput,
  type EpochSettings,
  inputOf,
  type Lane,
  type LaneTask,
  laneHere,
  type Passes,
  type StateValues,
  stateOf,
} from "./lane.js";
import { type LanePlans, laneElsewhere, shared } from "./laneElsewhere.js";
import { disposeState } from "./step.js";

/** A lane and its replicas `from` … `to` − 1. */
export interface ShareOfLane {
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
}

/** What lanes are made of. */
export interface LanesOf {
  readonly task: LaneTask;
  readonly state: StateValues;
  /** Compiled for this thread. */
  readonly here: Passes;
  /** The same as they are written. */
  readonly written: { readonly step: Passes["step"]; readonly evaluation: EvaluationPass };
  /** The first epoch. */
  readonly settings: EpochSettings;
  readonly threads: number;
}

/** Seconds of work below which another thread is not worth its start. */
const WORTH_A_THREAD = 3;
/** Seconds of an epoch below which threads would wait for each other more than they work. */
const WORTH_MEETING = 2e-3;

/**
 * How many threads a training pays for: those asked for, or as many as the machine has where the work is long enough; 1 on another
 * backend than wasm, and never more than replicas.
 */
export function threadsOf(task: LaneTask, parameters: number, { epochs, asked }: ThreadsAsked): number {
  if (tf.getBackend() !== "wasm" || !compiles()) return 1;
  const replicas = task.keys.length;
  const limit = asked ?? threadLimit();
  if (limit !== undefined) return Math.min(limit, replicas);
  const repeats = task.inputShape.length > 1 ? task.inputShape[0]! : 1;
  const steps = Math.floor(task.rows / task.batchSize);
  // Six operations a parameter and row, at some 20 GFLOP/s, and what each step of a replica costs besides.
  const ofStep = (6 * parameters * task.batchSize * repeats) / 20e9 + 20e-6;
  const ofEpoch = replicas * steps * ofStep;
  const pays = ofEpoch > WORTH_MEETING && ofEpoch * epochs > WORTH_A_THREAD;
  return pays ? Math.min(availableParallelism(), replicas) : 1;
}

interface ThreadsAsked {
  readonly epochs: number;
  readonly asked: number | undefined;
}

/** Lanes for all replicas, the first on this thread. A step that cannot be written down as a plan runs on this thread alone. */
export function openLanes(of: LanesOf): ShareOfLane[] {
  const replicas = of.task.keys.length;
  const cuts = Array.from({ length: of.threads + 1 }, (_, i) => Math.ceil((i * replicas) / of.threads));
  const parts = cuts.slice(1).map((to, i) => partOf(of, cuts[i]!, to));
  const [first, ...others] = parts;
  const plans = new Map<number, LanePlans | string>();
  for (const part of others) {
    const count = part.to - part.from;
    if (!plans.has(count)) plans.set(count, plansOf(of, part));
  }
  const made = [...plans.values()];
  if (made.some((each) => typeof each === "string"))
    return [{ lane: laneHere(of.task, of.here, of.state), from: 0, to: replicas }];
  const data = sharedData(of.task);
  const elsewhere = others.map(({ task, state, from, to }) => ({
    ...{ from, to },
    lane: laneElsewhere({ ...task, ...data }, plans.get(to - from) as LanePlans, state, [from, to]),
  }));
  return [{ lane: laneHere(first!.task, of.here, first!.state), from: 0, to: first!.to }, ...elsewhere];
}

/** The state of all replicas. */
export function readLanes(shares: readonly ShareOfLane[]): StateValues {
  const states = shares.map(({ lane }) => lane.read());
  const joined = (name: "parameters" | "buffers" | "first" | "second") => {
    if (states.length === 1) return states[0]![name];
    const out = new Float32Array(states.reduce((sum, state) => sum + state[name].length, 0));
    let at = 0;
    for (const state of states) {
      out.set(state[name], at);
      at += state[name].length;
    }
    return out;
  };
  return {
    ...{ parameters: joined("parameters"), buffers: joined("buffers") },
    ...{ first: joined("first"), second: joined("second"), count: states[0]!.count },
  };
}

interface Part extends Pick<ShareOfLane, "from" | "to"> {
  readonly task: LaneTask;
  readonly state: StateValues;
}

function partOf({ task, state }: LanesOf, from: number, to: number): Part {
  const replicas = task.keys.length;
  const take = (values: Float32Array) => {
    const size = values.length / replicas;
    return values.subarray(from * size, to * size);
  };
  return {
    ...{ from, to },
    task: { ...task, keys: task.keys.slice(from, to), rowsOf: task.rowsOf?.slice(from, to) },
    state: {
      ...{ parameters: take(state.parameters), buffers: take(state.buffers) },
      ...{ first: take(state.first), second: take(state.second), count: state.count },
    },
  };
}

/** The plans of so many replicas, or why there are none. */
function plansOf({ written, settings }: LanesOf, { task, state, from, to }: Part): LanePlans | string {
  const own = { ...settings, beta: settings.beta.slice(from, to) };
  const tensors = stateOf(state, to - from);
  const sums = tf.zeros([2, to - from]);
  const rows = batchesOf(task, settings.epoch).next().value as Uint32Array[];
  const steps = [0, Math.min(1, settings.learningRate.length - 1)];
  const inputs = steps.map((at) => inputOf(task, rows, own, at));
  try {
    const step = planOf(
      written.step,
      inputs.map((input) => [tensors, sums, input] as [typeof tensors, tf.Tensor, typeof input]),
    );
    if (typeof step === "string") return step;
    const evaluation = evaluationPlans(written.evaluation, task, tensors);
    return typeof evaluation === "string" ? evaluation : { step, evaluation };
  } finally {
    inputs.forEach(disposeInput);
    disposeState(tensors);
    sums.dispose();
  }
}

/** A plan for a whole chunk of the validation part, and one for the rest. */
function evaluationPlans(
  pass: EvaluationPass,
  task: LaneTask,
  { parameters, buffers }: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor },
): Plan[] | string {
  if (!task.validation) return [];
  const [{ rows }, chunk, plans] = [task.validation, chunkOf(task), [] as Plan[]];
  const starts = new Set([0, rows - (rows % chunk || chunk)]);
  for (const from of starts) {
    const { batch, noise } = chunkFrom(task, task.validation, { keys: task.keys, chunk, from });
    const plan = planOf(pass, [[{ parameters, buffers }, noise, batch]]);
    tf.dispose([batch.x, batch.y, ...Object.values(noise)]);
    if (typeof plan === "string") return plan;
    plans.push(plan);
  }
  return plans;
}

function sharedData({ data, validation }: LaneTask): Pick<LaneTask, "data" | "validation"> {
  const copy = ({ x, y, rows }: LaneTask["data"]) => ({ x: shared(x), y: shared(y), rows });
  return { data: copy(data), validation: validation && copy(validation) };
}
