/** Records which kernels a run calls, on what, with which attributes. */
import * as tf from "@tensorflow/tfjs";
import { type Program, programBuilder } from "./program.js";

/** Kernels whose result is another each time they run. */
const RANDOM = /^(Multinomial|Random|TruncatedNormal|StatelessRandom|Dropout)/;

/** The backends whose kernels are being recorded now. */
const recorded = new WeakSet<tf.KernelBackend>();

/** Whether the running backend is being recorded. */
export function isRecording(): boolean {
  return recorded.has(backend());
}

export function backend(): tf.KernelBackend {
  return tf.backend() as tf.KernelBackend;
}

/**
 * Runs `run` for real and notes each kernel call that it makes.
 *
 * A kernel called inside another counts as part of that one. What forbids a replay is noted in the program and stops nothing.
 * The caller owns the result, and the program's constants.
 * @param inputs     the tensors that `run` is given; no two share their data
 * @param constants  tensors that it may use besides, always with the same values
 * @param leavesOf   the tensors of its result
 */
export function record<B>(
  { inputs, constants }: { readonly inputs: readonly tf.Tensor[]; readonly constants: readonly tf.Tensor[] },
  run: () => B,
  leavesOf: (result: B) => readonly tf.Tensor[],
): { readonly result: B; readonly program: Program } {
  const running = backend();
  const builder = programBuilder(inputs, constants);
  const restore: (() => void)[] = [];
  recorded.add(running);
  let done = false;
  try {
    let depth = 0;
    const outside = () => depth === 0;
    for (const config of tf.getKernelsForBackend(tf.getBackend())) {
      const { kernelName, kernelFunc } = config;
      const watched: tf.KernelFunc = (call) => {
        if (!outside()) return kernelFunc(call);
        if (RANDOM.test(kernelName)) builder.refuse(`it draws random numbers by ${kernelName}`);
        const operands = builder.use(kernelName, call.inputs);
        depth++;
        try {
          const out = kernelFunc(call);
          builder.note({ kernelName, kernelFunc, attributes: call.attrs }, operands, out);
          return out;
        } finally {
          depth--;
        }
      };
      restore.push(replaceMember(config, "kernelFunc", watched));
    }
    restore.push(...watchData(running, builder, outside));
    const result = run();
    const program = builder.finish(leavesOf(result));
    done = true;
    return { result, program };
  } finally {
    for (const back of restore.reverse()) back();
    recorded.delete(running);
    if (!done) builder.discard();
  }
}

/** Notes tensors that are made from numbers, and refuses that values are read. */
function watchData(
  running: tf.KernelBackend,
  builder: ReturnType<typeof programBuilder>,
  outside: () => boolean,
): (() => void)[] {
  const { write, read, readSync } = running;
  // A kernel that reads values reads those of its operands again whenever it runs.
  const refuseReading = () => {
    if (outside()) builder.refuse("it reads the values of a tensor (dataSync, data, arraySync or array)");
  };
  return [
    replaceMember(running, "write", (...args) => {
      const dataId = write.apply(running, args);
      if (outside()) builder.born(dataId);
      return dataId;
    }),
    replaceMember(running, "readSync", (dataId) => {
      refuseReading();
      return readSync.call(running, dataId);
    }),
    replaceMember(running, "read", (dataId) => {
      refuseReading();
      return read.call(running, dataId);
    }),
  ];
}

/** Puts `member` in the place of the object's own or inherited one; the result puts that back exactly. */
export function replaceMember<T extends object, K extends keyof T>(
  object: T,
  name: K,
  member: T[K],
): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, {
    value: member,
    configurable: true,
    enumerable: before?.enumerable ?? false,
    writable: true,
  });
  return () => {
    if (before) Object.defineProperty(object, name, before);
    else delete object[name];
  };
}
