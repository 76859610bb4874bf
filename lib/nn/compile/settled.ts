/** What is known of a program before it runs: the work of each call, how long each slot is needed, and what lies where. */
import type * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../kernels/machine.js";
import { type Inputs, type Work, workOf } from "../kernels/planned.js";
import { type Lifetime, placesOf } from "./memoryPlan.js";
import { type Call, type Operand, operandsOf, type Program } from "./program.js";

/** An operand as a kernel sees it; a run of a stock kernel points it at other data. */
export interface Pointer {
  readonly slot: number;
  readonly info: { dataId: tf.DataId; readonly shape: number[]; readonly dtype: tf.DataType };
}

/** A call with all that its shapes settle. */
export interface SettledCall {
  readonly call: Call;
  readonly inputs: tf.NamedTensorInfoMap;
  readonly pointers: readonly Pointer[];
  /** An own kernel's work and the slots of its addresses; undefined where a stock kernel makes the call. */
  readonly own: { readonly work: Work; readonly slots: readonly number[] } | undefined;
  /** Slot of each output; −1 where nobody reads it. */
  readonly outputs: readonly number[];
  /** Slots of the backend that nobody reads after this call. */
  readonly free: readonly number[];
}

/** A program's calls, and its part of the memory that compiled steps share. */
export interface Settled {
  readonly calls: readonly SettledCall[];
  /** Where each slot lies that has its place there, in bytes; the backend holds the others. */
  readonly places: ReadonlyMap<number, number>;
  readonly bytes: number;
}

/**
 * The calls of a program on the running backend, and a place for all that own kernels alone write and read.
 *
 * Inputs, constants, results and what a stock kernel touches are tensors of the backend.
 */
export function settle(program: Program): Settled {
  const calls = program.calls.map((call, i) => settledCall(call, program.slots + i));
  const lastUse = new Map<number, number>();
  calls.forEach(({ pointers }, i) => {
    for (const { slot } of pointers) lastUse.set(slot, i);
  });
  const kept = new Set([...program.outputs.map(({ slot }) => slot), ...program.constants.keys()]);
  const isBorn = (slot: number) => slot >= program.inputs && !kept.has(slot);
  const ofStock = new Set(calls.flatMap((call) => (call.own ? [] : slotsOf(call.call))));
  const freedAt = calls.map((): number[] => []);
  for (const [slot, at] of lastUse) if (isBorn(slot) && ofStock.has(slot)) freedAt[at]!.push(slot);
  return {
    ...placed(calls, lastUse, (slot) => isBorn(slot) && !ofStock.has(slot)),
    calls: calls.map((call, i) => ({
      ...call,
      outputs: call.outputs.map((slot) => (lastUse.has(slot) || kept.has(slot) ? slot : -1)),
      free: freedAt[i]!,
    })),
  };
}

/** @param scratch  a slot of its own for the memory that the kernel uses while it runs */
function settledCall(call: Call, scratch: number): Omit<SettledCall, "free"> {
  const pointers: Pointer[] = [];
  const pointer = (operand: Operand | undefined) => {
    if (!operand) return undefined;
    const info = { dataId: {}, shape: [...operand.shape], dtype: operand.dtype };
    pointers.push({ slot: operand.slot, info });
    return info;
  };
  const inputs = mapOperands(call.operands, pointer) as unknown as tf.NamedTensorInfoMap;
  const outputs = call.outputs.map((slot) => slot ?? -1);
  const work = workOf(call.kernelFunc, inputs as unknown as Inputs, call.attributes ?? {});
  const slotOf = new Map<object, number>(pointers.map(({ info, slot }) => [info, slot]));
  const read = work?.inputs.map((info) => slotOf.get(info)!) ?? [];
  return {
    ...{ call, inputs, pointers, outputs },
    own: work && { work, slots: [...read, ...outputs, scratch] },
  };
}

function mapOperands<T>(operands: Call["operands"], of: (operand: Operand | undefined) => T) {
  if (Array.isArray(operands)) return operands.map(of);
  return Object.fromEntries(
    Object.entries(operands).map(([name, operand]) => [name, of(operand as Operand | undefined)]),
  );
}

function slotsOf({ operands, outputs }: Call): (number | undefined)[] {
  return [...operandsOf(operands).map(({ slot }) => slot), ...outputs];
}

/** Places for the outputs of own kernels that have one, and for what they use while they run. */
function placed(
  calls: readonly Omit<SettledCall, "free">[],
  lastUse: ReadonlyMap<number, number>,
  hasPlace: (slot: number) => boolean,
): Pick<Settled, "places" | "bytes"> {
  const buffers = calls.flatMap(({ own, outputs }, i): (Lifetime & { readonly slot: number })[] => {
    if (!own) return [];
    const { work, slots } = own;
    const made = outputs.map((slot, o) => ({
      slot,
      bytes: 4 * sizeOf(work.outputs[o]!),
      from: i,
      to: lastUse.get(slot) ?? i,
    }));
    return [
      ...made.filter(({ slot }) => hasPlace(slot)),
      { slot: slots.at(-1)!, bytes: work.scratch, from: i, to: i },
    ];
  });
  const { offsets, bytes } = placesOf(buffers);
  return { places: new Map(buffers.map(({ slot }, i) => [slot, offsets[i]!])), bytes };
}
