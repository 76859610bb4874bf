/** A recorded run in numbered slots instead of tensors, so that it can be done again with others. */
import { isDeepStrictEqual } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { sameNumbers } from "../numbers.js";

/** The tensor in a slot, in the shape in which a kernel sees it. */
export interface Operand {
  readonly slot: number;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** Operands as the kernel takes them: by name, or a list. */
export type Operands = Readonly<Record<string, Operand | undefined>> | readonly (Operand | undefined)[];

/** One call of a kernel. */
export interface Call {
  readonly kernelName: string;
  readonly kernelFunc: tf.KernelFunc;
  readonly attributes: tf.NamedAttrMap | undefined;
  readonly operands: Operands;
  /** Slot of each output; undefined where it is data that has a slot already. */
  readonly outputs: readonly (number | undefined)[];
}

/** A run without its tensors. Slots count the inputs first, then all else in the order of its first use. */
export interface Program {
  readonly inputs: number;
  readonly slots: number;
  readonly calls: readonly Call[];
  /** What the run made from plain numbers alone, by slot; kept until `disposeProgram`. */
  readonly constants: ReadonlyMap<number, tf.Tensor>;
  readonly outputs: readonly Operand[];
  /** Why it must not be run again with other tensors; undefined where nothing speaks against it. */
  readonly refusal: string | undefined;
}

export function disposeProgram({ constants }: Program): void {
  for (const tensor of constants.values()) tensor.dispose();
}

const slotIn = ({ slot }: Operand): number => slot;

/** Operands that are there. */
export function operandsOf(operands: Operands): readonly Operand[] {
  return Object.values(operands).filter((operand): operand is Operand => operand !== undefined);
}

/** Gathers the calls of a run into a program. @param given  tensors that the run may use beside its inputs, as constants */
export function programBuilder(inputs: readonly tf.Tensor[], given: readonly tf.Tensor[]) {
  const slotOf = new Map<object, number>(inputs.map((tensor, i) => [tensor.dataId, i]));
  const bornHere = new WeakSet<object>(given.map(({ dataId }) => dataId));
  const constantSlots = new Set<number>();
  const constants = new Map<number, tf.Tensor>();
  const calls: Call[] = [];
  let slots = inputs.length;
  let refusal: string | undefined;

  const refuse = (reason: string) => {
    refusal ??= reason;
  };
  const operandOf = (user: string, { dataId, shape, dtype }: tf.TensorInfo): Operand => {
    let slot = slotOf.get(dataId);
    if (slot === undefined) {
      if (!bornHere.has(dataId))
        refuse(`${user} uses a [${shape.join(",")}] tensor that is not among its inputs`);
      slot = slots++;
      slotOf.set(dataId, slot);
      constantSlots.add(slot);
    }
    return { slot, shape: [...shape], dtype };
  };
  const pin = (slot: number, info: tf.TensorInfo) => {
    if (constants.has(slot) || !constantSlots.has(slot)) return;
    tf.engine().backend.incRef(info.dataId);
    constants.set(slot, tf.keep(tf.engine().makeTensorFromTensorInfo(info)));
  };

  return {
    refuse,
    /** Data that the run writes from plain numbers. */
    born: (dataId: object) => bornHere.add(dataId),
    /** The operands of a call about to be made; constants among them are kept when the call is. */
    use(user: string, named: tf.NamedTensorInfoMap): Operands {
      const infos = Object.entries(named as Record<string, tf.TensorInfo | undefined>);
      const pairs = infos.map(([name, info]) => [name, info && operandOf(user, info)] as const);
      const isConstant = pairs.every(([, operand]) => !operand || constantSlots.has(operand.slot));
      infos.forEach(([, info], i) => {
        if (info && !isConstant) pin(pairs[i]![1]!.slot, info);
      });
      return Array.isArray(named) ? pairs.map(([, operand]) => operand) : Object.fromEntries(pairs);
    },
    /** A call that was made. One of constants alone makes constants and need not be made again. */
    note(
      call: Pick<tf.KernelConfig, "kernelName" | "kernelFunc"> & Pick<Call, "attributes">,
      operands: Operands,
      out: tf.TensorInfo | tf.TensorInfo[],
    ): void {
      const isConstant = operandsOf(operands).every(({ slot }) => constantSlots.has(slot));
      const outputs = [out].flat().map(({ dataId }) => {
        if (slotOf.has(dataId)) return undefined;
        slotOf.set(dataId, slots);
        if (isConstant) constantSlots.add(slots);
        return slots++;
      });
      const isNew = outputs.some((slot) => slot !== undefined);
      if (!isConstant && isNew) calls.push({ ...call, operands, outputs });
    },
    finish(results: readonly tf.Tensor[]): Program {
      const outputs = results.map((tensor) => operandOf("the result", tensor));
      results.forEach((tensor, i) => {
        pin(outputs[i]!.slot, tensor);
      });
      const needed = withoutDeadCalls(calls, outputs);
      const used = new Set([...needed.flatMap((call) => operandsOf(call.operands)), ...outputs].map(slotIn));
      for (const [slot, tensor] of constants) {
        if (used.has(slot)) continue;
        tensor.dispose();
        constants.delete(slot);
      }
      return { inputs: inputs.length, slots, calls: needed, constants, outputs, refusal };
    },
    discard(): void {
      for (const tensor of constants.values()) tensor.dispose();
    },
  };
}

/** The calls on whose outputs the results depend. */
function withoutDeadCalls(calls: readonly Call[], outputs: readonly Operand[]): Call[] {
  const needed = new Set(outputs.map(slotIn));
  const kept = [...calls].reverse().filter((call) => {
    if (!call.outputs.some((slot) => slot !== undefined && needed.has(slot))) return false;
    for (const { slot } of operandsOf(call.operands)) needed.add(slot);
    return true;
  });
  return kept.reverse();
}

/** How two runs of one step differ besides their tensors; undefined when they do not. */
export function differenceOf(before: Program, after: Program): string | undefined {
  for (let i = 0; i < Math.max(before.calls.length, after.calls.length); i++) {
    const [a, b] = [before.calls[i], after.calls[i]];
    if (!a || !b || a.kernelName !== b.kernelName)
      return `it calls ${b?.kernelName ?? "nothing"} where it called ${a?.kernelName ?? "nothing"} before`;
    const names = Object.keys({ ...a.attributes, ...b.attributes });
    const name = names.find((each) => !isDeepStrictEqual(a.attributes?.[each], b.attributes?.[each]));
    if (name !== undefined)
      return `${name} of ${a.kernelName} was ${show(a.attributes?.[name])} and is ${show(b.attributes?.[name])}; pass what changes as a tensor`;
    if (!isDeepStrictEqual([a.operands, a.outputs], [b.operands, b.outputs]))
      return `${a.kernelName} works on other tensors than before`;
    const constant = operandsOf(a.operands).find(({ slot }) => !sameValues(before, after, slot));
    if (constant)
      return `${a.kernelName} uses a [${constant.shape.join(",")}] tensor made of numbers that were others before; pass what changes, such as a schedule or noise, as a tensor`;
  }
  if (!isDeepStrictEqual(before.outputs, after.outputs)) return "it returns other tensors than before";
  const constant = before.outputs.find(({ slot }) => !sameValues(before, after, slot));
  return constant && "it returns numbers that were others before";
}

function sameValues(before: Program, after: Program, slot: number): boolean {
  const [a, b] = [before.constants.get(slot), after.constants.get(slot)];
  return a === undefined ? b === undefined : b !== undefined && sameNumbers(a, b);
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
