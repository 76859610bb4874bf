/** A recorded step as plain data, so that a thread without the step can run it. */
import * as tf from "@tensorflow/tfjs";
import { type Call, differenceOf, disposeProgram, type Program } from "./program.js";
import { type RecordedStep, recordStep } from "./recordedStep.js";
import { replayOf } from "./replay.js";
import { collect, type Form, rebuild } from "./structure.js";

/** A tensor that the step makes of plain numbers. */
interface Constant {
  readonly slot: number;
  readonly values: tf.TypedArray;
  readonly shape: readonly number[];
  readonly dtype: tf.NumericDataType;
}

/** All that a step does for one form of inputs; it holds no tensors and can be sent to another thread. */
export interface Plan {
  readonly input: Form;
  readonly output: Form;
  readonly program: Omit<Program, "calls" | "constants" | "refusal">;
  readonly calls: readonly Omit<Call, "kernelFunc">[];
  readonly constants: readonly Constant[];
}

/**
 * The plan of a step from its runs on each of the inputs, which have one form, or why it has none: it is refused what `trace` refuses.
 *
 * Two inputs or more tell a step that changes from one that does not.
 */
export function planOf<A extends readonly unknown[], B>(
  step: (...inputs: A) => B,
  inputs: readonly A[],
): Plan | string {
  const runs: RecordedStep<B>[] = [];
  try {
    for (const each of inputs) {
      const run = recordStep(step, each);
      runs.push(run);
      run.discardResult();
      const change = run.program.refusal ?? differenceOf(runs[0]!.program, run.program);
      if (change !== undefined) return change;
    }
    return structuredClone(asData(runs[0]!));
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const run of runs) disposeProgram(run.program);
  }
}

function asData({ input, output, program }: RecordedStep<unknown>): Plan {
  const { inputs, slots, outputs } = program;
  const constants = Array.from(program.constants, ([slot, tensor]) => {
    if (tensor.dtype === "string" || tensor.dtype === "complex64")
      throw new TypeError(`plan: expected constants of numbers, got one of ${tensor.dtype}`);
    return { slot, values: tensor.dataSync(), shape: tensor.shape, dtype: tensor.dtype };
  });
  const calls = program.calls.map(({ kernelFunc: _, ...call }) => call);
  return { input, output, program: { inputs, slots, outputs }, calls, constants };
}

/** Steps of plans, on the backend that runs. */
export interface Planned<A extends readonly unknown[], B> {
  /**
   * The caller owns what is returned.
   * @throws Error when no plan is of the form of the inputs.
   */
  (...inputs: A): B;
  dispose(): void;
}

/** The step of some plans, one for each form of inputs. */
export function planned<A extends readonly unknown[], B>(plans: readonly Plan[]): Planned<A, B> {
  const entries = plans.map((plan) => {
    const program = programOf(plan);
    return { plan, program, compiled: replayOf(program), leaves: [] as tf.Tensor[] };
  });
  const step = (...inputs: A): B => {
    const entry = entries.find(({ plan, leaves }) => collect(inputs, plan.input, leaves));
    if (!entry) throw new Error("planned step: expected inputs of the form of a plan, got others");
    return rebuild(entry.plan.output, entry.compiled.run(entry.leaves)) as B;
  };
  const dispose = () => {
    for (const { compiled, program } of entries) {
      compiled.dispose();
      disposeProgram(program);
    }
  };
  return Object.assign(step, { dispose });
}

function programOf({ program, calls, constants }: Plan): Program {
  const backend = tf.getBackend();
  const withKernels = calls.map((call) => {
    const kernel = tf.getKernel(call.kernelName, backend);
    if (!kernel)
      throw new Error(`planned step: expected a kernel ${call.kernelName} of ${backend}, found none`);
    return { ...call, kernelFunc: kernel.kernelFunc };
  });
  const kept = constants.map(
    ({ slot, values, shape, dtype }) => [slot, tf.keep(tf.tensor(values, [...shape], dtype))] as const,
  );
  return { ...program, calls: withKernels, constants: new Map(kept), refusal: undefined };
}
