/** The memory in which compiled steps of the wasm backend keep what they compute on the way. */
import type * as tf from "@tensorflow/tfjs";
import { type Memory, memoryOf } from "../kernels/machine.js";

/** Buffers begin at multiples of so many bytes: a line of the processor's cache. */
const ALIGNMENT = 64;

/** The next multiple of a line of the processor's cache. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Memory that all compiled steps of a backend share: they run one at a time, and nothing in it outlives a run.
 *
 * It is as large as the most that one of them has needed, and is given back when none is left.
 */
export interface Arena extends Memory {
  /** Counts one step more, until it leaves. */
  join(): { leave(): void };
  /** The address of at least `bytes` bytes, until a call asks for more. @throws RangeError when there is no more memory. */
  base(bytes: number): number;
}

const arenas = new WeakMap<tf.KernelBackend, Arena>();

/** The arena of a wasm backend. */
export function arenaOf(backend: tf.KernelBackend): Arena {
  const found = arenas.get(backend);
  if (found) return found;
  const made = openArena(memoryOf(backend));
  arenas.set(backend, made);
  return made;
}

function openArena(memory: Memory): Arena {
  const steps = new Set<object>();
  let [address, size] = [0, 0];
  const empty = () => {
    if (size > 0) memory.giveBack(address);
    [address, size] = [0, 0];
  };
  return {
    ...memory,
    join() {
      const step = {
        leave() {
          if (steps.delete(step) && steps.size === 0) empty();
        },
      };
      steps.add(step);
      return step;
    },
    base(bytes) {
      if (bytes > size) {
        empty(); // first, so that the larger one may take its place
        address = memory.take(bytes + ALIGNMENT);
        size = bytes;
      }
      return aligned(address);
    },
  };
}
