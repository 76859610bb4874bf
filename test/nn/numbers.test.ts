import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { startBackend } from "../../lib/nn/backend.js";
import { copyNumbers, sameNumbers, writtenTensor } from "../../lib/nn/numbers.js";
import { takeBatch } from "../../lib/nn/training/batches.js";

beforeAll(async () => void (await startBackend()));

test("a tensor holds what was written, in its shape, and counts as any other", () => {
  const before = tf.memory();
  const tensor = writtenTensor([2, 3], (numbers) => numbers.set([1, 2, 3, 4, 5, 6]));
  expect(tensor.shape).toEqual([2, 3]);
  expect(tensor.dtype).toBe("float32");
  expect(Array.from(tensor.dataSync())).toEqual([1, 2, 3, 4, 5, 6]);
  expect(tf.memory().numTensors).toBe(before.numTensors + 1);
  tensor.dispose();
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  expect(tf.tidy(() => writtenTensor([0, 4], () => {}).size)).toBe(0);
});

test("a write that fails leaves nothing behind", () => {
  const backend = tf.backend() as tf.KernelBackend;
  const before = backend.numDataIds();
  const failing = () =>
    writtenTensor([4], () => {
      throw new RangeError("no numbers");
    });
  expect(failing).toThrow("no numbers");
  expect(backend.numDataIds()).toBe(before);
});

test("numbers are copied out of a tensor as they are read, also after the memory has grown", () => {
  const tensor = tf.tensor([1, -0, Number.NaN, 3e-45]);
  const room = tf.zeros([40_000_000]);
  const out = new Float32Array(4);
  copyNumbers(tensor, out);
  expect(new Uint32Array(out.buffer)).toEqual(new Uint32Array(tensor.dataSync().slice().buffer));
  const shared = new Float32Array(new SharedArrayBuffer(16));
  copyNumbers(tensor, shared);
  expect(Array.from(shared)).toEqual(Array.from(out));
  tf.dispose([tensor, room]);
});

test("a batch is made of the rows asked for, short ones and long ones", () => {
  for (const width of [1, 3, 63, 64, 200]) {
    const x = Float32Array.from({ length: 5 * width }, (_, i) => i);
    const shapes = { inputShape: [width], targetShape: [] };
    const data = { x, y: Float32Array.of(10, 11, 12, 13, 14), rows: 5 };
    const rows = [Uint32Array.of(4, 0), Uint32Array.of(2, 2)];
    const batch = takeBatch(data, shapes, rows);
    const expected = rows.flatMap((list) =>
      Array.from(list).flatMap((row) => Array.from(x.subarray(row * width, (row + 1) * width))),
    );
    expect(batch.x.shape).toEqual([2, 2, width]);
    expect(Array.from(batch.x.dataSync())).toEqual(expected);
    expect(Array.from(batch.y.dataSync())).toEqual([14, 10, 12, 12]);
    tf.dispose([batch.x, batch.y]);
  }
});

test("numbers are the same when their bits are", () => {
  const of = (values: number[], dtype: "float32" | "int32" | "bool" = "float32") =>
    tf.tensor(values, [values.length], dtype);
  const [a, b] = [of([1, Number.NaN, 0]), of([1, Number.NaN, 0])];
  expect(sameNumbers(a, a)).toBe(true);
  expect(sameNumbers(a, b)).toBe(true);
  for (const other of [of([1, Number.NaN, -0]), of([1, 2, 0]), of([1, Number.NaN]), of([1, 0, 0], "int32")]) {
    expect(sameNumbers(a, other)).toBe(false);
    other.dispose();
  }
  const [c, d, e] = [of([1, 0], "bool"), of([1, 0], "bool"), of([1, 1], "bool")];
  expect([sameNumbers(c, d), sameNumbers(c, e)]).toEqual([true, false]);
  tf.dispose([a, b, c, d, e]);
});
