/** Makes the kernel calls of a program again, without engine, tape and scopes: the compiled step of the wasm backend. */
import * as tf from "@tensorflow/tfjs";
import type { Call, Operand, Program } from "./program.js";
import { backend } from "./recording.js";

/** A program that runs on other tensors of the same shapes. */
export interface Compiled {
  /** The caller owns what it returns: new tensors, even where they hold an input's data. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** A tensor as a kernel sees it, pointed at other data before each call. */
interface Pointer {
  readonly slot: number;
  readonly info: { dataId: tf.DataId; readonly shape: number[]; readonly dtype: tf.DataType };
}

/** A call with all that can be made ready before it. */
interface Prepared {
  readonly kernelFunc: tf.KernelFunc;
  readonly call: Parameters<tf.KernelFunc>[0];
  readonly pointers: readonly Pointer[];
  /** Slot of each output; −1 where nobody reads it. */
  readonly outputs: readonly number[];
  /** Slots that nobody reads after this call. */
  readonly free: readonly number[];
}

/** The program on the running backend; the program's constants must outlive it. */
export function replayOf(program: Program): Compiled {
  const running = backend();
  const calls = prepare(program, running);
  const data = new Array<tf.DataId | undefined>(program.slots).fill(undefined);
  for (const [slot, tensor] of program.constants) data[slot] = tensor.dataId;
  return {
    run(inputs) {
      for (let i = 0; i < inputs.length; i++) data[i] = inputs[i]!.dataId;
      try {
        for (const call of calls) make(call, data, running);
      } catch (error) {
        release(program, data, running);
        throw error;
      }
      return handOut(program, data, running);
    },
    dispose: () => {},
  };
}

function prepare(program: Program, running: tf.KernelBackend): Prepared[] {
  const lastUse = new Map<number, number>();
  const prepared = program.calls.map((call, i) => {
    const pointers: Pointer[] = [];
    const pointer = (operand: Operand | undefined) => {
      if (!operand) return undefined;
      const { slot, shape, dtype } = operand;
      const info = { dataId: {}, shape: [...shape], dtype };
      pointers.push({ slot, info });
      lastUse.set(slot, i);
      return info;
    };
    const inputs = mapOperands(call.operands, pointer) as unknown as tf.NamedTensorInfoMap;
    return {
      kernelFunc: call.kernelFunc,
      call: { inputs, backend: running, attrs: call.attributes as tf.NamedAttrMap },
      pointers,
      outputs: call.outputs,
    };
  });
  const kept = new Set([...program.outputs.map(({ slot }) => slot), ...program.constants.keys()]);
  const isFreed = (slot: number) => slot >= program.inputs && !kept.has(slot);
  const freedAt = program.calls.map((): number[] => []);
  for (const [slot, at] of lastUse) if (isFreed(slot)) freedAt[at]!.push(slot);
  return prepared.map(({ outputs, ...call }, i) => ({
    ...call,
    outputs: outputs.map((slot) => (slot !== undefined && (lastUse.has(slot) || kept.has(slot)) ? slot : -1)),
    free: freedAt[i]!,
  }));
}

function mapOperands<T>(operands: Call["operands"], of: (operand: Operand | undefined) => T) {
  if (Array.isArray(operands)) return operands.map(of);
  return Object.fromEntries(
    Object.entries(operands).map(([name, operand]) => [name, of(operand as Operand | undefined)]),
  );
}

function make(prepared: Prepared, data: (tf.DataId | undefined)[], running: tf.KernelBackend): void {
  const { pointers, outputs, free } = prepared;
  for (let i = 0; i < pointers.length; i++) pointers[i]!.info.dataId = data[pointers[i]!.slot]!;
  const out = prepared.kernelFunc(prepared.call);
  if (Array.isArray(out)) {
    for (let i = 0; i < out.length; i++) place(out[i]!, outputs[i]!, data, running);
  } else place(out, outputs[0]!, data, running);
  for (let i = 0; i < free.length; i++) {
    running.disposeData(data[free[i]!]!);
    data[free[i]!] = undefined;
  }
}

function place(
  { dataId }: tf.TensorInfo,
  slot: number,
  data: (tf.DataId | undefined)[],
  running: tf.KernelBackend,
): void {
  if (slot < 0) running.disposeData(dataId);
  else data[slot] = dataId;
}

/** Tensors of the results. Data that is not the run's own, or is handed out twice, counts one reader more. */
function handOut(
  { inputs, constants, outputs }: Program,
  data: (tf.DataId | undefined)[],
  running: tf.KernelBackend,
): tf.Tensor[] {
  const engine = tf.engine();
  const seen = new Set<number>();
  const tensors = outputs.map(({ slot, shape, dtype }) => {
    const dataId = data[slot]!;
    if (slot < inputs || constants.has(slot) || seen.has(slot)) running.incRef(dataId);
    seen.add(slot);
    return engine.makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
  });
  for (const { slot } of outputs) if (!constants.has(slot)) data[slot] = undefined;
  for (let i = 0; i < inputs; i++) data[i] = undefined;
  return tensors;
}

/** Gives back what a run that broke off has made. */
function release(
  { inputs, constants }: Program,
  data: (tf.DataId | undefined)[],
  running: tf.KernelBackend,
): void {
  for (let slot = 0; slot < data.length; slot++) {
    if (constants.has(slot)) continue;
    if (slot >= inputs && data[slot]) running.disposeData(data[slot]!);
    data[slot] = undefined;
  }
}
