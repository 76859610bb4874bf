import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { startBackend } from "../../lib/nn/backend.js";
import { arenaOf } from "../../lib/nn/compile/arena.js";
import { placesOf } from "../../lib/nn/compile/memoryPlan.js";
import { trace } from "../../lib/nn/compile/trace.js";
import { memoryOf } from "../../lib/nn/kernels/machine.js";

beforeAll(async () => {
  await startBackend("wasm"); // compiled steps keep their buffers in its memory
});

const running = () => tf.backend() as tf.KernelBackend;

test("buffers that are never needed together share their place, others do not", () => {
  const chain = [0, 1, 2, 3].map((i) => ({ bytes: 128, from: i, to: i + 1 }));
  expect(placesOf(chain)).toEqual({ offsets: [0, 128, 0, 128], bytes: 256 });
  const together = [0, 1, 2].map(() => ({ bytes: 100, from: 0, to: 5 }));
  expect(placesOf(together)).toEqual({ offsets: [0, 128, 256], bytes: 356 });
  expect(placesOf([])).toEqual({ offsets: [], bytes: 0 });
});

test("whatever the buffers, those needed together do not overlap, and each begins at a line of the cache", () => {
  const lifetime = fc
    .tuple(fc.integer({ min: 0, max: 500 }), fc.nat(20), fc.nat(6))
    .map(([bytes, from, length]) => ({ bytes, from, to: from + length }));
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 30 }), (buffers) => {
      const { offsets, bytes } = placesOf(buffers);
      buffers.forEach((a, i) => {
        expect(offsets[i]! % 64).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
        buffers.slice(0, i).forEach((b, j) => {
          if (a.to < b.from || b.to < a.from) return;
          const apart = offsets[i]! >= offsets[j]! + b.bytes || offsets[j]! >= offsets[i]! + a.bytes;
          expect(apart || a.bytes === 0 || b.bytes === 0).toBe(true);
        });
      });
    }),
  );
});

test("the arena is as large as the most that was asked for, and is given back when its last user leaves", () => {
  const arena = arenaOf(Object.create(running())); // the same memory, and no other step in it
  tf.zeros([1]).dispose(); // at their first call these two put others in their place
  const { wasm } = running() as unknown as {
    wasm: { _malloc(bytes: number): number; _free(at: number): void };
  };
  const [taken, given] = [vi.spyOn(wasm, "_malloc"), vi.spyOn(wasm, "_free")];
  const [first, second] = [arena.join(), arena.join()];
  const small = arena.base(1000);
  expect(small % 64).toBe(0);
  expect(arena.base(500)).toBe(small);
  expect(taken).toHaveBeenCalledTimes(1);
  arena.base(1_000_000);
  expect([taken.mock.calls.length, given.mock.calls.length]).toEqual([2, 1]);
  first.leave();
  first.leave();
  expect(given).toHaveBeenCalledTimes(1);
  second.leave();
  expect(given).toHaveBeenCalledTimes(2);
  expect(given.mock.calls.map(([at]) => at >>> 0)).toEqual(
    taken.mock.results.map(({ value }) => value >>> 0),
  );
  vi.restoreAllMocks();
});

test("what follows from constants alone is computed once, and a tensor that is neither is refused", () => {
  const [weight, x, stranger] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 1, 1]), tf.tensor1d([5, 5, 5])];
  const step = trace((given: tf.Tensor) => given.add(weight.square().exp()), {
    constants: [weight],
    report: (reason) => expect.unreachable(reason),
  });
  const [first, second] = [step(x), step(x)];
  const expected = tf.tidy(() => x.add(weight.square().exp()).dataSync());
  expect(second.dataSync()).toEqual(expected);
  expect(first.dataSync()).toEqual(expected);
  expect(step.compiled()).toBe(1);
  // Written over behind its back, the constant is no longer looked at.
  memoryOf(running()).numbers(weight.dataId, 3).fill(0);
  const third = step(x);
  expect(third.dataSync()).toEqual(expected);
  const reasons: string[] = [];
  const other = trace((given: tf.Tensor) => given.add(weight).add(stranger), {
    constants: [weight],
    report: (reason) => void reasons.push(reason),
  });
  const fourth = other(x);
  expect(reasons).toEqual([expect.stringContaining("not among its inputs")]);
  step.dispose();
  tf.dispose([weight, x, stranger, first, second, third, fourth]);
});
