/** Which of a program's buffers lie where in one stretch of memory: those that are never needed together share their place. */
import { aligned } from "./arena.js";

/** A buffer and the calls between which it is needed, the first and the last one included. */
export interface Lifetime {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Offsets of buffers such that those needed together do not overlap: the largest first, each as low as it can be. */
export function placesOf(buffers: readonly Lifetime[]): {
  readonly offsets: readonly number[];
  readonly bytes: number;
} {
  const offsets = new Array<number>(buffers.length).fill(0);
  const order = buffers.map((_, i) => i).sort((a, b) => buffers[b]!.bytes - buffers[a]!.bytes || a - b);
  const placed: number[] = []; // by offset
  let bytes = 0;
  for (const i of order) {
    const own = buffers[i]!;
    let offset = 0;
    for (const other of placed) {
      const { bytes: size, from, to } = buffers[other]!;
      if (to < own.from || from > own.to) continue;
      if (offsets[other]! - offset >= own.bytes) break;
      offset = Math.max(offset, aligned(offsets[other]! + size));
    }
    offsets[i] = offset;
    bytes = Math.max(bytes, offset + own.bytes);
    const after = placed.findIndex((other) => offsets[other]! > offset);
    placed.splice(after < 0 ? placed.length : after, 0, i);
  }
  return { offsets, bytes };
}
