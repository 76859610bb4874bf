/** One recorded run of a step on nested tensors, and what compiles it. */
import * as tf from "@tensorflow/tfjs";
import { watchGraph } from "./graph.js";
import type { Program } from "./program.js";
import { record } from "./recording.js";
import { type Compiled, replayOf } from "./replay.js";
import { type Flat, type Form, flatten, rebuild } from "./structure.js";

export interface RecordedStep<B> {
  /** What the step returned; the caller owns it until `discardResult`. */
  readonly result: B;
  readonly input: Form;
  readonly output: Form;
  readonly program: Program;
  /** @throws Error saying why, where the running backend cannot compile the program. */
  compile(): Compiled;
  /** Gives back what the run itself has made, and leaves alone what it was given. */
  discardResult(): void;
}

/**
 * Runs the step for real, and notes what it does. The caller owns the result and the program.
 * @param constants  tensors that the step may use beside its inputs, always with the same values
 */
export function recordStep<A extends readonly unknown[], B>(
  step: (...inputs: A) => B,
  inputs: A,
  constants: readonly tf.Tensor[] = [],
): RecordedStep<B> {
  const { form, leaves, problem } = flatten("input", inputs);
  const { apart, copies } = dataApart(leaves);
  const given = rebuild(form, apart) as A;
  const graph = tf.getBackend() === "tensorflow" ? watchGraph(apart, constants) : undefined;
  let results: Flat = flatten("result", undefined);
  try {
    const { result, program } = record(
      { inputs: apart, constants },
      () => tf.tidy(() => step(...given) as B & tf.TensorContainer) as B,
      (result) => {
        results = flatten("result", result);
        graph?.finish(results.leaves);
        return results.leaves;
      },
    );
    const own = new Set(results.leaves);
    const refusal = program.refusal ?? problem ?? results.problem;
    for (const tensor of leaves) own.delete(tensor);
    return {
      ...{ result, input: form, output: results.form, program: { ...program, refusal } },
      compile: () => (graph ? graph.compile(program) : replayOf(program)),
      discardResult: () => tf.dispose([...own]),
    };
  } finally {
    graph?.stop();
    for (const copy of copies) if (!results.leaves.includes(copy)) copy.dispose();
  }
}

/** Tensors of the same values of which no two share their data, so that a recording can tell them apart. */
function dataApart(tensors: readonly tf.Tensor[]) {
  const seen = new Set<object>();
  const copies: tf.Tensor[] = [];
  const apart = tensors.map((tensor) => {
    if (!seen.has(tensor.dataId)) {
      seen.add(tensor.dataId);
      return tensor;
    }
    const copy = tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype);
    copies.push(copy);
    return copy;
  });
  return { apart, copies };
}
