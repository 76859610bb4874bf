/** A step that is recorded once and then run compiled: the same numbers, without the cost of building it anew each time. */
import * as tf from "@tensorflow/tfjs";
import { compiles } from "../../core/index.js";
import { differenceOf, disposeProgram, type Program } from "./program.js";
import { type RecordedStep, recordStep } from "./recordedStep.js";
import { isRecording } from "./recording.js";
import type { Compiled } from "./replay.js";
import { collect, type Form, rebuild } from "./structure.js";

/** Options of `trace`. */
export interface TraceOptions {
  /** Told once why the step runs as it is written; by default each reason is a warning on the console, once. */
  readonly report?: (reason: string) => void;
  /** True to compile; default what VITRADE_COMPILE says. */
  readonly enabled?: boolean;
  /**
   * Tensors that the step may use without being given them, and whose values never change: what follows from them alone is computed
   * once. Default none.
   */
  readonly constants?: readonly tf.Tensor[];
}

/** A step that compiles itself. */
export interface Traced<A extends readonly unknown[], B> {
  (...inputs: A): B;
  /** Gives back what compiled steps hold; another call compiles anew. */
  dispose(): void;
  /** How many forms of inputs are compiled now. */
  compiled(): number;
}

/** A step compiled for one form of inputs. */
interface Entry {
  readonly backend: string;
  readonly input: Form;
  readonly output: Form;
  readonly program: Program;
  readonly compiled: Compiled;
  /** The tensors of the call under way. */
  readonly leaves: tf.Tensor[];
  calls: number;
}

/** The step is recorded again and compared at its second call and then at the powers of this number. */
const RECHECK = 32;

/**
 * The same step, compiled at its first call for the shapes, dtypes and nesting of what it is given.
 *
 * The step must be a pure function from nested plain objects and lists of tensors to such. It is refused, and runs as it is
 * written from then on, when it uses a tensor that it is not given, reads values, draws random numbers, or does another thing at
 * its second call, such as use another number of JavaScript: what changes must come as a tensor. The caller owns what is returned:
 * new tensors, even where they hold an input's data.
 * @throws Error when a step that ran compiled is later found to have changed: numbers in between may be wrong.
 */
export function trace<A extends readonly unknown[], B>(
  step: (...inputs: A) => B,
  { enabled = compiles(), report = warnOnce, constants = [] }: TraceOptions = {},
): Traced<A, B> {
  let entries: Entry[] = [];
  let refused = !enabled;
  const refuse = (reason: string, result: B): B => {
    refused = true;
    report(`a step runs uncompiled: ${reason}`);
    return result;
  };
  const first = (inputs: A): B => {
    const recorded = recordStep(step, inputs, constants);
    const made = entryOf(recorded, inputs);
    if (typeof made === "string") return refuse(made, recorded.result);
    entries.push(made);
    recorded.discardResult();
    return run(made) as B;
  };
  const recheck = (entry: Entry, inputs: A): B => {
    const { program, result, discardResult } = recordStep(step, inputs, constants);
    const change = program.refusal ?? differenceOf(entry.program, program);
    disposeProgram(program);
    if (change !== undefined && entry.calls === 2) return refuse(change, result);
    discardResult();
    if (change === undefined) return run(entry) as B;
    throw new Error(
      `compiled step: found at call ${entry.calls} that ${change}; numbers before may be wrong`,
    );
  };
  const traced = (...inputs: A): B => {
    if (refused || !canTrace()) return step(...inputs);
    const entry = entries.find((each) => fits(each, inputs));
    if (!entry) return first(inputs);
    entry.calls++;
    return isRecheck(entry.calls) ? recheck(entry, inputs) : (run(entry) as B);
  };
  const dispose = () => {
    for (const { compiled, program } of entries) {
      compiled.dispose();
      disposeProgram(program);
    }
    entries = [];
  };
  return Object.assign(traced, { dispose, compiled: () => entries.length });
}

/** Reasons that the console has shown. */
const shown = new Set<string>();

function warnOnce(reason: string): void {
  if (!shown.has(reason)) console.warn(reason);
  shown.add(reason);
}

/** The recorded step compiled, or why it cannot be. */
function entryOf(recorded: RecordedStep<unknown>, inputs: readonly unknown[]): Entry | string {
  const { program, input, output } = recorded;
  try {
    if (program.refusal !== undefined) throw new Error(program.refusal);
    const compiled = recorded.compile();
    const entry = { backend: tf.getBackend(), input, output, program, compiled, leaves: [], calls: 1 };
    collect(inputs, input, entry.leaves);
    return entry;
  } catch (error) {
    disposeProgram(program);
    return (error as Error).message;
  }
}

function isRecheck(calls: number): boolean {
  let power = RECHECK;
  while (power < calls) power *= RECHECK;
  return calls === 2 || calls === power;
}

/** A tape needs each operation, and so does the recording of a step around this one. */
function canTrace(): boolean {
  return tf.engine().state.gradientDepth === 0 && !isRecording();
}

function fits({ backend, input, leaves }: Entry, inputs: readonly unknown[]): boolean {
  return backend === tf.getBackend() && collect(inputs, input, leaves);
}

/** @throws Error when an input is disposed. */
function run({ leaves, compiled, output }: Entry): unknown {
  if (leaves.some((tensor) => tensor.isDisposed))
    throw new Error("compiled step: expected tensors, got one that is disposed");
  return rebuild(output, compiled.run(leaves));
}
