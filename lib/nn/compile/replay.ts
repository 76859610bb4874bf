/** Makes the kernel calls of a program again, without engine, tape and scopes: the compiled step of the wasm backend. */
import * as tf from "@tensorflow/tfjs";
import { type Arena, arenaOf } from "./arena.js";
import type { Program } from "./program.js";
import { backend } from "./recording.js";
import { type SettledCall, settle } from "./settled.js";

/** A program that runs on other tensors of the same shapes. */
export interface Compiled {
  /** The caller owns what it returns: new tensors, even where they hold an input's data. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Gives back what it holds of the memory that compiled steps share; it runs no more. */
  dispose(): void;
}

/** What a run moves on, by slot. */
interface Running {
  readonly backend: tf.KernelBackend;
  readonly arena: Arena;
  /** Of slots that the backend holds. */
  readonly data: (tf.DataId | undefined)[];
  /** Of slots that own kernels read or write, and of the memory that each of them uses while it runs. */
  readonly addresses: number[];
}

/** The program on the running backend; the program's constants must outlive it. */
export function replayOf(program: Program): Compiled {
  const { calls, places, bytes } = settle(program);
  const running = startOf(program, calls.length);
  const { arena, data, addresses } = running;
  const addressed = new Set(calls.flatMap(({ own }) => own?.slots ?? []));
  const inputs = Array.from({ length: program.inputs }, (_, slot) => slot).filter((slot) =>
    addressed.has(slot),
  );
  const steps = calls.map((call) =>
    stepOf(call, running, (slot) => addressed.has(slot) && !places.has(slot)),
  );
  const handOut = handingOut(program, running);
  for (const [slot, { dataId }] of program.constants) {
    data[slot] = dataId;
    if (addressed.has(slot)) addresses[slot] = arena.address(dataId);
  }
  let base = -1;
  const moveTo = (now: number) => {
    for (const [slot, offset] of places) addresses[slot] = now + offset;
    base = now;
  };
  const user = arena.join();
  return {
    run(given) {
      const now = arena.base(bytes);
      if (now !== base) moveTo(now);
      for (let i = 0; i < given.length; i++) data[i] = given[i]!.dataId;
      for (const slot of inputs) addresses[slot] = arena.address(data[slot]!);
      try {
        for (const step of steps) step();
      } catch (error) {
        release(program, running);
        throw error;
      }
      return handOut();
    },
    dispose: () => user.leave(),
  };
}

function startOf({ slots }: Program, calls: number): Running {
  const running = backend();
  return {
    ...{ backend: running, arena: arenaOf(running) },
    data: new Array<tf.DataId | undefined>(slots).fill(undefined),
    addresses: new Array<number>(slots + calls).fill(0),
  };
}

/** Makes one call. @param isAddressed  whether an own kernel takes the address of what the backend holds for a slot */
function stepOf(settled: SettledCall, running: Running, isAddressed: (slot: number) => boolean): () => void {
  const make = settled.own
    ? ownWork(settled, running, isAddressed)
    : stockWork(settled, running, isAddressed);
  const { free } = settled;
  if (free.length === 0) return make;
  const { backend, data } = running;
  return () => {
    make();
    for (const slot of free) {
      backend.disposeData(data[slot]!);
      data[slot] = undefined;
    }
  };
}

/** An own kernel on addresses; outputs that the backend holds are made before it. */
function ownWork(
  { own, outputs }: SettledCall,
  { arena, data, addresses }: Running,
  isAddressed: (slot: number) => boolean,
): () => void {
  const { work, slots } = own!;
  const at = new Array<number>(slots.length).fill(0);
  const made = outputs.flatMap((slot, i) => (isAddressed(slot) ? [{ slot, shape: work.outputs[i]! }] : []));
  return () => {
    for (const { slot, shape } of made) {
      const { dataId } = arena.output(shape);
      data[slot] = dataId;
      addresses[slot] = arena.address(dataId);
    }
    for (let i = 0; i < slots.length; i++) at[i] = addresses[slots[i]!]!;
    work.run(at);
  };
}

/** A stock kernel on tensors. */
function stockWork(
  { call, inputs, pointers, outputs }: SettledCall,
  { backend, arena, data, addresses }: Running,
  isAddressed: (slot: number) => boolean,
): () => void {
  const given = { inputs, backend, attrs: call.attributes as tf.NamedAttrMap };
  const addressed = outputs.map(isAddressed);
  const place = ({ dataId }: tf.TensorInfo, i: number) => {
    const slot = outputs[i]!;
    if (slot < 0) backend.disposeData(dataId);
    else data[slot] = dataId;
    if (addressed[i]) addresses[slot] = arena.address(dataId);
  };
  return () => {
    for (const { info, slot } of pointers) info.dataId = data[slot]!;
    const out = call.kernelFunc(given);
    if (Array.isArray(out)) out.forEach(place);
    else place(out, 0);
  };
}

/** Makes tensors of the results. Data that is not the run's own, or is handed out twice, counts one reader more. */
function handingOut({ inputs, constants, outputs }: Program, { backend, data }: Running): () => tf.Tensor[] {
  const engine = tf.engine();
  const results = outputs.map(({ slot, shape, dtype }, i) => ({
    ...{ slot, shape, dtype },
    isShared: slot < inputs || constants.has(slot) || outputs.findIndex((each) => each.slot === slot) < i,
  }));
  const left = [
    ...results.map(({ slot }) => slot).filter((slot) => !constants.has(slot)),
    ...Array(inputs).keys(),
  ];
  return () => {
    const tensors = results.map(({ slot, shape, dtype, isShared }) => {
      const dataId = data[slot]!;
      if (isShared) backend.incRef(dataId);
      return engine.makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
    });
    for (const slot of left) data[slot] = undefined;
    return tensors;
  };
}

/** Gives back what a run that broke off has made. */
function release({ inputs, constants }: Program, { backend, data }: Running): void {
  for (let slot = 0; slot < data.length; slot++) {
    if (constants.has(slot)) continue;
    if (slot >= inputs && data[slot]) backend.disposeData(data[slot]!);
    data[slot] = undefined;
  }
}
