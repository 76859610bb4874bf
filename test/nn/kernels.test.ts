import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { startBackend } from "../../lib/nn/backend.js";
import { registerKernels } from "../../lib/nn/kernels/wasm.js";
import { composedSteps, lstmSteps } from "../../lib/nn/layers/lstmSteps.js";
import { adamState, adamStep, composedStep } from "../../lib/nn/training/adam.js";

const root = key("kernels");
const stock = new Map<string, tf.KernelFunc>();
type Info = tf.TensorInfo;

let refusal: unknown;

beforeAll(async () => {
  process.env.VITRADE_KERNELS = "fast";
  refusal = await startBackend("wasm").catch((error: unknown) => error);
  process.env.VITRADE_KERNELS = "stock";
  await startBackend("wasm");
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("wasm")) stock.set(kernelName, kernelFunc);
  expect(registerKernels({ fused: true })).toBe(true);
});

/** What a kernel makes of its inputs: the values of all its outputs, and their shapes. */
function call(kernel: tf.KernelFunc, inputs: object, attrs: object) {
  const backend = tf.backend() as tf.KernelBackend;
  const made = kernel({ inputs: inputs as tf.NamedTensorInfoMap, attrs: attrs as tf.NamedAttrMap, backend });
  const outputs = Array.isArray(made) ? made : [made];
  const values = outputs.map((each: Info) => Array.from(backend.readSync(each.dataId) as Float32Array));
  const shapes = outputs.map((each: Info) => each.shape);
  const sizes = shapes.map((shape) => tf.util.sizeFromShape(shape));
  for (const each of outputs) backend.disposeData(each.dataId);
  return { values: values.map((all, i) => all.slice(0, sizes[i])), shapes };
}

const ours = (name: string, inputs: object, attrs: object = {}) =>
  call(tf.getKernel(name, "wasm").kernelFunc, inputs, attrs);
const theirs = (name: string, inputs: object, attrs: object = {}) => call(stock.get(name)!, inputs, attrs);

function tensor(shape: readonly number[], name: string | number = 0): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(normals32(fold(root, name), size), [...shape], "float32");
}

/** Relative to the larger of 1 and the expected value; NaN and infinities must be the same. */
function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < got.length; i++) {
    const [g, e] = [got[i]!, expected[i]!];
    if (Number.isFinite(e)) {
      const error = Math.abs(g - e) / Math.max(1, Math.abs(e));
      if (!(error <= tolerance)) expect.fail(`at ${i}: expected ${e}, got ${g}`);
    } else expect(g).toBe(e);
  }
}

/** a · b in float64. */
function product(a: tf.Tensor, b: tf.Tensor, ta: boolean, tb: boolean): number[] {
  const [ra, ma, na] = a.shape as [number, number, number];
  const [rb, mb, nb] = b.shape as [number, number, number];
  const [x, y] = [a.dataSync(), b.dataSync()];
  const [rows, inner, columns] = [ta ? na : ma, ta ? ma : na, tb ? mb : nb];
  const out: number[] = [];
  for (let r = 0; r < (ra === 0 || rb === 0 ? 0 : Math.max(ra, rb)); r++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = x[((r % ra) * ma + (ta ? k : i)) * na + (ta ? i : k)]!;
          sum += left * y[((r % rb) * mb + (tb ? j : k)) * nb + (tb ? k : j)]!;
        }
        out.push(sum);
      }
    }
  }
  return out;
}

test("a choice of kernels that there is not is refused", () => {
  expect(refusal).toBeInstanceOf(RangeError);
  expect(String(refusal)).toContain("VITRADE_KERNELS: expected own, fused or stock, got fast");
});

describe("matrix products", () => {
  const size = fc.integer({ min: 0, max: 37 });
  const replicas = fc.constantFrom([1, 1], [3, 3], [1, 4], [4, 1]);

  test("all sizes, transpositions and broadcasts are the sums of products in float64", () => {
    fc.assert(
      fc.property(size, size, size, replicas, fc.boolean(), fc.boolean(), (m, n, k, [ra, rb], ta, tb) => {
        const a = tensor([ra!, ...(ta ? [k, m] : [m, k])], "a");
        const b = tensor([rb!, ...(tb ? [n, k] : [k, n])], "b");
        const got = ours("BatchMatMul", { a, b }, { transposeA: ta, transposeB: tb });
        expect(got.shapes).toEqual([[Math.max(ra!, rb!), m, n]]);
        expectClose(got.values[0]!, product(a, b, ta, tb), 1e-5);
        tf.dispose([a, b]);
      }),
      { numRuns: 150 },
    );
  });

  test("more rows than a block, and long inner axes", () => {
    for (const [m, n, k] of [
      [530, 9, 5],
      [64, 12, 1111],
      [30, 9, 301],
      [13, 70, 21],
    ] as const) {
      for (const ta of [false, true]) {
        const [a, b] = [tensor([1, ...(ta ? [k, m] : [m, k])], "a"), tensor([1, k, n], "b")];
        const got = ours("BatchMatMul", { a, b }, { transposeA: ta, transposeB: false });
        expectClose(got.values[0]!, product(a, b, ta, false), 1e-4);
      }
    }
  });

  test("a replica gives the same bits alone and beside others", () => {
    const [a, b] = [tensor([3, 13, 21], "a"), tensor([3, 21, 18], "b")];
    const all = ours("BatchMatMul", { a, b }, { transposeA: false, transposeB: false }).values[0]!;
    const second = { a: a.slice([1], [1]), b: b.slice([1], [1]) };
    const alone = ours("BatchMatMul", second, { transposeA: false, transposeB: false }).values[0];
    expect(all.slice(13 * 18, 2 * 13 * 18)).toEqual(alone);
  });

  test("a column of a transposed product has the same bits alone and beside many others", () => {
    for (const [rows, inner] of [
      [13, 21],
      [60, 60],
      [64, 1111],
    ] as const) {
      const [a, b] = [tensor([1, inner, rows], "a"), tensor([1, inner, 75], "b")];
      const attrs = { transposeA: true, transposeB: false };
      const all = ours("BatchMatMul", { a, b }, attrs).values[0]!;
      for (const columns of [1, 8, 19]) {
        const few = ours("BatchMatMul", { a, b: b.slice([0, 0, 0], [1, inner, columns]) }, attrs).values[0]!;
        expect(all.filter((_, at) => at % 75 < columns)).toEqual(few);
      }
    }
  });

  test("NaN and infinity reach the cells they belong to, and no other", () => {
    const a = tf.tensor([1, Number.POSITIVE_INFINITY, 2, 3], [1, 2, 2]);
    const b = tf.tensor([0, 1, 0, Number.NaN], [1, 2, 2]);
    const got = ours("BatchMatMul", { a, b }, { transposeA: false, transposeB: false }).values[0];
    expect(got).toEqual([Number.NaN, Number.NaN, 0, Number.NaN]);
  });

  test("batches that broadcast over some axes only, and inputs of rank 2 and 4, are as the stock kernel has them", () => {
    const shapes = [
      [
        [5, 3],
        [3, 4],
      ],
      [
        [2, 3, 5, 3],
        [2, 3, 3, 4],
      ],
      [
        [2, 1, 5, 3],
        [1, 3, 3, 4],
      ],
      [
        [5, 3],
        [6, 3, 4],
      ],
    ] as const;
    for (const [left, right] of shapes) {
      const [a, b] = [tensor(left, "a"), tensor(right, "b")];
      const attrs = { transposeA: false, transposeB: false };
      const [own, other] = [ours("BatchMatMul", { a, b }, attrs), theirs("BatchMatMul", { a, b }, attrs)];
      expect(own.shapes).toEqual(other.shapes);
      expectClose(own.values[0]!, other.values[0]!, 1e-5);
    }
  });

  test("a dense product is the product and the bias, of one replica and of each", () => {
    for (const r of [1, 3]) {
      const [x, weight, bias] = [tensor([1, 5, 6], "x"), tensor([r, 6, 11], "w"), tensor([r, 1, 11], "b")];
      const got = ours("vitradeDense", { x, weight, bias }).values[0]!;
      expectClose(
        got,
        tf.tidy(() => x.matMul(weight).add(bias).dataSync()),
        1e-5,
      );
    }
  });
});

const EDGES = [
  ...[0, -0, 1e-45, -1e-45, 1e-38, 1e-7, -1e-7, 0.5, -0.5, 0.624, 0.626, 1, -1, 5, -5, 20, -20, 87, -87],
  ...[88.7, 88.8, -88, -100, -103, -104, -150, 1e30, -1e30, 3e38],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
].map(Math.fround);

describe("functions of one tensor", () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const references: Record<string, (x: number) => number> = {
    Exp: Math.exp,
    Log: Math.log,
    Log1p: Math.log1p,
    Tanh: Math.tanh,
    Sigmoid: sigmoid,
    Softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    Sqrt: Math.sqrt,
    Rsqrt: (x) => 1 / Math.sqrt(x),
    Square: (x) => x * x,
    Neg: (x) => -x,
    Relu: (x) => (Number.isNaN(x) ? x : Math.max(x, 0)),
    LeakyRelu: (x) => (x < 0 ? 0.2 * x : x),
    Step: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0.2),
  };

  test.each(Object.entries(references))(
    "%s is right to 4e-7 of its value, edges and all sizes included",
    (name, f) => {
      const grid = Array.from({ length: 1001 }, (_, i) => Math.fround((i - 500) / 20));
      for (const values of [EDGES, grid, [], [0.3], [1, 2, 3, 4, 5]]) {
        const got = ours(name, { x: tf.tensor1d(values, "float32") }, { alpha: 0.2 }).values[0]!;
        expect(got.length).toBe(values.length);
        values.forEach((x, i) => {
          const expected = Math.fround(f(x));
          if (!Number.isFinite(expected)) expect(got[i], `${name}(${x})`).toBe(expected);
          // Below the normal numbers a float has fewer digits: there the error is counted in its smallest steps.
          const error = Math.abs(got[i]! - f(x)) / (Math.abs(f(x)) + 1e-37);
          if (Number.isFinite(expected) && !(error <= 4e-7))
            expect.fail(`${name}(${x}): expected ${expected}, got ${got[i]}`);
        });
      }
    },
  );

  test("a clip keeps what lies between its bounds, and NaN", () => {
    const x = tf.tensor1d([-5, -1, 0.5, 2, 9, Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(ours("ClipByValue", { x }, { clipValueMin: -1, clipValueMax: 2 }).values[0]).toEqual([
      ...[-1, -1, 0.5, 2, 2, Number.NaN, -1],
    ]);
  });

  test("whole numbers go to the stock kernel", () => {
    const x = tf.tensor1d([-2, 0, 3], "int32");
    for (const name of ["Square", "Neg", "Relu", "LeakyRelu"]) {
      expect(ours(name, { x }, { alpha: 0.2 })).toEqual(theirs(name, { x }, { alpha: 0.2 }));
    }
  });
});

describe("functions of two tensors", () => {
  const names = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
  const axis = fc.record({ size: fc.integer({ min: 0, max: 6 }), a: fc.boolean(), b: fc.boolean() });

  test("over all broadcasts the bits are the stock kernel's", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(axis, { maxLength: 4 }),
        fc.nat(2),
        (name, axes, cut) => {
          const a = tensor(axes.map((each) => (each.a ? each.size : 1)).slice(cut), "a");
          const b = tensor(
            axes.map((each) => (each.b ? each.size : 1)),
            "b",
          );
          const [own, other] = [ours(name, { a, b }), theirs(name, { a, b })];
          expect(own).toEqual(other);
          tf.dispose([a, b]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("NaN, infinities and zeros of both signs are as IEEE 754 has them", () => {
    const pairs = EDGES.flatMap((x) => EDGES.map((y) => [x, y] as const));
    const [a, b] = [tf.tensor1d(pairs.map(([x]) => x)), tf.tensor1d(pairs.map(([, y]) => y))];
    const exact: Record<string, (x: number, y: number) => number> = {
      ...{ Add: (x, y) => x + y, Sub: (x, y) => x - y, Multiply: (x, y) => x * y, RealDiv: (x, y) => x / y },
      ...{ Maximum: Math.max, Minimum: Math.min },
    };
    for (const [name, f] of Object.entries(exact)) {
      expect(ours(name, { a, b }).values[0], name).toEqual(pairs.map(([x, y]) => Math.fround(f(x, y))));
    }
  });

  test("whole numbers go to the stock kernel", () => {
    const [a, b] = [tf.tensor1d([7, -2], "int32"), tf.tensor1d([2, 3], "int32")];
    for (const name of ["Add", "Sub", "Multiply"])
      expect(ours(name, { a, b })).toEqual(theirs(name, { a, b }));
  });

  test("shapes that do not fit are refused", () => {
    expect(() => tf.add(tensor([2, 3]), tensor([2, 4]))).toThrow();
  });
});

describe("sums", () => {
  const shape = fc.array(fc.integer({ min: 0, max: 23 }), { minLength: 0, maxLength: 3 });

  test("over any axes, sums and means are those in float64", () => {
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        (sizes, pick, keepDims) => {
          const axis = sizes.flatMap((_, i) => (pick[i] ? [i] : []));
          if (axis.length === 0) return;
          const x = tensor(sizes, "x");
          for (const name of ["Sum", "Mean"]) {
            const got = ours(name, { x }, { axis, keepDims });
            expect(got.shapes[0]).toEqual(sizes.flatMap((n, i) => (!pick[i] ? [n] : keepDims ? [1] : [])));
            expectClose(got.values[0]!, reduced(x, axis, name === "Mean"), 1e-5);
          }
          x.dispose();
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a sum of nothing is 0, and a NaN stays in its own row", () => {
    expect(ours("Sum", { x: tf.zeros([2, 0]) }, { axis: 1, keepDims: false }).values[0]).toEqual([0, 0]);
    const x = tf.tensor2d([1, 2, Number.NaN, 4, 5, 6], [2, 3]);
    expect(ours("Sum", { x }, { axis: 1, keepDims: false }).values[0]).toEqual([Number.NaN, 15]);
    expect(ours("Sum", { x }, { axis: 0, keepDims: false }).values[0]).toEqual([5, 7, Number.NaN]);
  });

  test("without an axis all is summed; whole numbers go to the stock kernel", () => {
    expect(tf.tensor2d([1, 2, 3, 4], [2, 2]).sum().dataSync()[0]).toBe(10);
    expect(tf.scalar(3).sum().dataSync()[0]).toBe(3);
    expect(tf.tensor1d([1, 2], "int32").sum().dtype).toBe("int32");
  });

  test("a softmax is a share of exponentials, and survives numbers whose exponentials do not", () => {
    for (const n of [1, 3, 4, 60, 61]) {
      const logits = tensor([7, n], n);
      const got = ours("Softmax", { logits }, { dim: 1 }).values[0]!;
      expectClose(got, theirs("Softmax", { logits }, { dim: 1 }).values[0]!, 1e-6);
    }
    const broken = tf.tensor2d([1, 2, Number.NaN, 4, 5, 1, 1, 1, 1, 1], [2, 5]);
    const shares = ours("Softmax", { logits: broken }, { dim: 1 }).values[0]!;
    expectClose(shares, [...Array(5).fill(Number.NaN), ...Array(5).fill(0.2)], 1e-6);
    const logits = tf.tensor2d([1000, 1000, -1000, Number.NEGATIVE_INFINITY, 0, Math.log(3)], [3, 2]);
    expectClose(ours("Softmax", { logits }, { dim: 1 }).values[0]!, [0.5, 0.5, 1, 0, 0.25, 0.75], 1e-6);
  });
});

/** Sums or means over axes, in float64. */
function reduced(x: tf.Tensor, axis: readonly number[], mean: boolean): number[] {
  const kept = x.shape.map((n, i) => (axis.includes(i) ? 1 : n));
  const out = new Array<number>(kept.reduce((a, b) => a * b, 1)).fill(0);
  const count = axis.reduce((product, i) => product * x.shape[i]!, 1);
  x.dataSync().forEach((value, at) => {
    let [rest, to, step] = [at, 0, 1];
    for (let i = x.rank - 1; i >= 0; i--) {
      const place = rest % x.shape[i]!;
      rest = Math.floor(rest / x.shape[i]!);
      if (!axis.includes(i)) to += place * step;
      step *= kept[i]!;
    }
    out[to]! += value;
  });
  return mean ? out.map((sum) => sum / count) : out;
}

describe("parts of tensors", () => {
  const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

  test("every transposition is the stock kernel's", () => {
    for (const sizes of [[5], [5, 7], [4, 8], [3, 5, 4], [2, 3, 4, 5], [2, 1, 6, 1, 3]]) {
      const x = tensor(sizes);
      for (const perm of orders(sizes.map((_, i) => i))) {
        expect(ours("Transpose", { x }, { perm })).toEqual(theirs("Transpose", { x }, { perm }));
      }
    }
  });

  test("splits, unstacks, joins and slices along any axis are the stock kernel's", () => {
    fc.assert(
      fc.property(
        shape,
        fc.nat(3),
        fc.nat(8),
        fc.constantFrom("float32", "int32"),
        (sizes, at, cut, dtype) => {
          const axis = at % sizes.length;
          const x = tensor(sizes, "x")
            .mul(9)
            .cast(dtype as "float32");
          const first = cut % (sizes[axis]! + 1);
          const numOrSizeSplits = [first, sizes[axis]! - first];
          const begin = sizes.map((_, i) => (i === axis ? Math.min(first, sizes[i]! - 1) : 0));
          const size = sizes.map((n, i) => (i === axis ? n - begin[i]! : -1));
          const joined = [x, x.neg(), x];
          for (const [name, inputs, attrs] of [
            ["SplitV", { x }, { numOrSizeSplits, axis }],
            ["SplitV", { x }, { numOrSizeSplits: sizes[axis]!, axis: axis - sizes.length }],
            ["Unpack", { value: x }, { axis }],
            ["Concat", joined, { axis }],
            ["Slice", { x }, { begin, size }],
            ["Slice", { x }, { begin: sizes.map(() => 0), size: sizes.map(() => 1) }],
          ] as const) {
            expect(ours(name, inputs, attrs), name).toEqual(theirs(name, inputs, attrs));
          }
          tf.dispose([x, joined]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a copy without copying outlives its original, and nothing leaks", () => {
    const before = tf.memory();
    const original = tf.tensor1d([1, 2, 3]);
    const [copy, cast] = [original.clone(), original.cast("float32")];
    original.dispose();
    expect(Array.from(copy.dataSync())).toEqual([1, 2, 3]);
    copy.dispose();
    expect(Array.from(cast.dataSync())).toEqual([1, 2, 3]);
    cast.dispose();
    expect(tf.memory()).toEqual(before);
  });

  test("the kernels follow the memory when it grows", () => {
    const small = tensor([3, 4], "small");
    const expected = small.square().sum().dataSync()[0];
    const big = tf.zeros([40_000_000]);
    expect(small.square().sum().dataSync()[0]).toBe(expected);
    expect(big.add(1).sum().dataSync()[0]).toBeCloseTo(4e7, -2);
    big.dispose();
  });
});

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    orders(items.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

describe("Adam in one kernel", () => {
  const settings = (clip: number, rate: tf.Tensor) => ({
    learningRate: rate,
    weightDecay: tf.scalar(0.01),
    clip: tf.scalar(clip),
  });

  test.each([Number.POSITIVE_INFINITY, 0.5])("is the composed step to 1e-6, clip %d", (clip) => {
    const shape: [number, number] = [3, 301];
    const options = settings(clip, tf.tensor2d([1e-3, 1e-2, 1e-1], [3, 1]));
    let { parameters, state } = { parameters: tensor(shape, "p"), state: adamState(shape) };
    for (let step = 0; step < 20; step++) {
      const gradient = tensor(shape, step).mul(step === 3 ? 0 : 1);
      const own = adamStep(parameters, gradient, state, options);
      const other = composedStep(parameters, gradient, state, options);
      expectClose(own.parameters.dataSync(), other[0].dataSync(), 1e-6);
      expectClose(own.state.first.dataSync(), other[1].dataSync(), 1e-6);
      expectClose(own.state.second.dataSync(), other[2].dataSync(), 1e-6);
      ({ parameters, state } = own);
    }
    expect(state.count.dataSync()[0]).toBe(20);
  });

  test("a NaN stays in its replica", () => {
    const gradient = tf.tensor2d([1, Number.NaN, 1, 1], [2, 2]);
    const options = settings(5, tf.scalar(0.1));
    const next = adamStep(tf.ones([2, 2]), gradient, adamState([2, 2]), options);
    const values = next.parameters.dataSync();
    expect([Number.isNaN(values[1]), Number.isFinite(values[2]), Number.isFinite(values[3])]).toEqual([
      ...[true, true, true],
    ]);
  });
});

describe("the LSTM in one kernel", () => {
  test.each([
    [1, 5, 3, 8, false],
    [3, 4, 2, 6, true],
    [2, 1, 3, 5, false],
    [1, 3, 1, 3, true],
    [2, 4, 9, 20, true],
  ] as const)(
    "%d replicas, %d steps, %d rows, %d units, all states: %s: values and gradients of the loop",
    (replicas, steps, rows, units, sequence) => {
      const inputs = tensor([replicas, steps * rows, 4 * units], "inputs");
      const recall = tensor([replicas, units, 4 * units], "recall");
      const shape = sequence ? [replicas, rows, steps, units] : [replicas, rows, units];
      const weights = tensor(shape, "weights");
      const results = [
        (a: tf.Tensor, b: tf.Tensor) => lstmSteps(a, b, { steps, sequence }),
        (a: tf.Tensor, b: tf.Tensor) => composedSteps(a, b, steps, sequence),
      ].map((run) => {
        const loss = (a: tf.Tensor, b: tf.Tensor) =>
          run(a, b).mul(weights).sum().add(b.sum().mul(0)) as tf.Scalar;
        const { value, grads } = tf.valueAndGrads(loss as never)([inputs, recall]);
        return [value, ...grads, run(inputs, recall)] as tf.Tensor[];
      });
      const [own, other] = results as [tf.Tensor[], tf.Tensor[]];
      expect(own.map((each) => each.shape)).toEqual(other.map((each) => each.shape));
      own.forEach((each, i) => {
        expectClose(each.dataSync(), other[i]!.dataSync(), 1e-5);
      });
      expect(own.at(-1)!.dataSync(), "states to the bit").toEqual(other.at(-1)!.dataSync());
    },
  );
});

describe("gradients", () => {
  test("those of LeakyReLU, ReLU and a clip pass the slope, at the edges as the stock ones", () => {
    const x = tf.tensor1d([-2, -0, 0, 3, 4]);
    const slope = (f: (x: tf.Tensor) => tf.Tensor) =>
      Array.from(
        tf
          .grad((t) => f(t).mul(2).sum())(x)
          .dataSync(),
      );
    expectClose(
      slope((t) => t.leakyRelu(0.2)),
      [0.4, 0.4, 0.4, 2, 2],
      1e-7,
    );
    expectClose(
      slope((t) => t.clipByValue(-0.5, 3)),
      [0, 2, 2, 2, 0],
      1e-7,
    );
    expectClose(
      slope((t) => t.relu()),
      [0, 0, 0, 2, 2],
      1e-7,
    );
  });
});
