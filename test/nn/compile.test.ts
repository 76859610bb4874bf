import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { fold, key, normals32 } from "../../lib/core/random.js";
import { compiles } from "../../lib/core/settings.js";
import { type EncoderConfig, type VaeConfig, vae } from "../../lib/models/vae/vae.js";
import { startBackend } from "../../lib/nn/backend.js";
import { type Traced, trace } from "../../lib/nn/compile/trace.js";
import { drawNoise, initialWeights, layoutsOf } from "../../lib/nn/layers/model.js";
import { adamState, adamStep, composedStep } from "../../lib/nn/training/adam.js";
import { type Predictor, predict } from "../../lib/nn/training/predict.js";
import { disposeState, type StepInput, type TrainState, trainingStep } from "../../lib/nn/training/step.js";
import { train } from "../../lib/nn/training/train.js";
import type { TrainOptions } from "../../lib/nn/training/trainOptions.js";
import { constant, linear } from "../../lib/prob/divergences/schedule.js";

beforeAll(async () => {
  await startBackend();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const root = key("compile");
const nothing = () => {};
const noReport = (reason: string) => expect.unreachable(reason);

/** Equal bits on wasm; on native, where a graph may round in another order, equal to 1e-6 of the largest number. */
function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  const [a, e] = [actual.dataSync(), expected.dataSync()];
  if (tf.getBackend() === "wasm") {
    expect(Buffer.from(a.buffer).equals(Buffer.from(e.buffer))).toBe(true);
    return;
  }
  const size = Math.max(1, ...Array.from(e, Math.abs));
  const gap = Math.max(0, ...Array.from(e, (value, i) => Math.abs(a[i]! - value)));
  expect(gap).toBeLessThanOrEqual(1e-6 * size);
}

const counts = () => ({ ...tf.memory(), ids: tf.engine().backend.numDataIds() });

/** A training of a small network: its state and what each step is given. */
function training(config: VaeConfig, replicas: number) {
  const model = vae(config);
  const layouts = layoutsOf(model);
  const keys = Array.from({ length: replicas }, (_, r) => fold(root, "replica", r));
  const size = config.inputShape.reduce((a, b) => a * b, 1);
  const start = (): TrainState => {
    const { parameters, buffers } = initialWeights(model, keys);
    return {
      parameters: tf.tensor2d(parameters, [replicas, layouts.parameters.total]),
      buffers: tf.tensor2d(buffers, [replicas, layouts.buffers.total]),
      adam: adamState([replicas, layouts.parameters.total]),
    };
  };
  const input = (n: number): StepInput => ({
    x: tf.tensor(normals32(fold(root, "x", n), 8 * size), [1, 8, ...config.inputShape]),
    y: tf.tensor(new Float32Array(0), [1, 8, 0]),
    noise: drawNoise(model.noise, keys, 8, ["step", n]),
    beta: tf.fill([replicas], Math.min(1, n / 50)),
    capacity: tf.zeros([replicas]),
    adam: {
      learningRate: tf.scalar(1e-2 / (1 + n)),
      weightDecay: tf.scalar(1e-2),
      clip: tf.scalar(5),
    },
  });
  return { start, input, step: trainingStep(model, layouts) };
}

type Step = ReturnType<typeof trainingStep>;

/** Trains by `step`; `look` is shown each step before its tensors are given back. */
function go(
  steps: number,
  { start, input }: Pick<ReturnType<typeof training>, "start" | "input">,
  step: Step,
  look: (n: number, before: TrainState, given: StepInput, after: ReturnType<Step>) => void = () => {},
): void {
  let state = start();
  for (let n = 0; n < steps; n++) {
    const given = input(n);
    const next = step(state, given);
    look(n, state, given, next);
    disposeState(state);
    tf.dispose([next.nll, next.kl, given as unknown as tf.TensorContainer]);
    state = next.state;
  }
  disposeState(state);
}

const encoders: Record<string, EncoderConfig> = {
  linear: { kind: "linear" },
  MLP: { kind: "mlp", hidden: [12, 8] },
  "MLP with dropout and batch normalisation": { kind: "mlp", hidden: [12], batchNorm: true, dropout: 0.2 },
  LSTM: { kind: "lstm", units: 5, hidden: [6] },
  Transformer: { kind: "transformer", width: 8, heads: 2, inner: 8, blocks: 1, hidden: [] },
};

describe.each(Object.entries(encoders))("%s", (_, encoder) => {
  // VI-105
  test.each([1, 8])("200 compiled steps are 200 steps, R = %i", (replicas) => {
    const windowed = encoder.kind === "lstm" || encoder.kind === "transformer";
    const run = training(
      { inputShape: windowed ? [4, 3] : [6], latents: 2, encoder, noise: "learned each" },
      replicas,
    );
    const compiled = trace(run.step, { report: noReport });
    const before = counts();
    // Where rounding differs, Adam makes steps of full length of gradients that are nothing but rounding: parameters differ.
    const exact = tf.getBackend() === "wasm";
    go(200, run, compiled, (n, state, given, { state: next, nll, kl }) => {
      if (!exact && n % 10 > 1) return;
      const written = run.step(state, given);
      expectSame(nll, written.nll);
      expectSame(kl, written.kl);
      expectSame(next.buffers, written.state.buffers);
      expectSame(next.adam.first, written.state.adam.first);
      expectSame(next.adam.second, written.state.adam.second);
      if (exact) expectSame(next.parameters, written.state.parameters);
      tf.dispose([written as unknown as tf.TensorContainer]);
    });
    expect(compiled.compiled()).toBe(1);
    compiled.dispose();
    expect(counts()).toEqual(before);
  });
});

test("a compiled gradient is the finite difference of the compiled function", () => {
  const loss = (x: tf.Tensor, w: tf.Tensor) =>
    tf.matMul(x, w).leakyRelu(0.2).square().mean().add(w.exp().sum()).asScalar();
  const value = trace((x: tf.Tensor, w: tf.Tensor) => loss(x, w), { report: noReport });
  const gradient = trace((x: tf.Tensor, w: tf.Tensor) => tf.grad((v) => loss(x, v))(w), { report: noReport });
  const x = tf.tensor2d(normals32(fold(root, "fd x"), 12), [4, 3]);
  const at = normals32(fold(root, "fd w"), 6);
  const with1 = (change: (values: Float32Array) => void) => {
    const values = at.slice();
    change(values);
    return tf.tensor2d(values, [3, 2]);
  };
  const numberOf = (w: tf.Tensor) => {
    const result = value(x, w);
    const [number] = result.dataSync();
    tf.dispose([result, w]);
    return number!;
  };
  const w = with1(nothing);
  for (let round = 0; round < 3; round++) {
    const slopes = gradient(x, w);
    slopes.dataSync().forEach((slope, i) => {
      const up = numberOf(with1((values) => (values[i]! += 1e-2)));
      const down = numberOf(with1((values) => (values[i]! -= 1e-2)));
      expect(slope).toBeCloseTo((up - down) / 2e-2, 2);
    });
    slopes.dispose();
  }
  tf.dispose([x, w]);
  value.dispose();
  gradient.dispose();
});

test("1,000 compiled steps leave no tensor and no data behind", () => {
  const run = training({ inputShape: [6], latents: 2, encoder: encoders.MLP!, noise: { variance: 1 } }, 2);
  const compiled = trace(run.step, { report: noReport });
  const fresh = counts();
  go(4, run, compiled);
  const [before, memory] = [counts(), wasmBytes()];
  go(1000, run, compiled);
  expect(counts()).toEqual(before);
  expect(wasmBytes()).toBe(memory);
  compiled.dispose();
  expect(counts()).toEqual(fresh);
});

/** Bytes of the wasm backend's memory; 0 on another. */
function wasmBytes(): number {
  const { wasm } = tf.engine().backend as unknown as { wasm?: { HEAPU8: Uint8Array } };
  return wasm?.HEAPU8.length ?? 0;
}

describe("a step is refused, runs as it is written and says why once", () => {
  /** Runs the step three times on one tensor; the values, and what was reported. */
  const runOf = (step: (x: tf.Tensor) => tf.Tensor | number, times = 3) => {
    const reports: string[] = [];
    const traced = trace(step, { report: (reason) => reports.push(reason) }) as Traced<
      [tf.Tensor],
      tf.Tensor
    >;
    const x = tf.tensor1d([1, 2, 3]);
    const values = Array.from({ length: times }, () => {
      const result = traced(x);
      return result instanceof tf.Tensor ? tf.tidy(() => [...result.dataSync()]) : result;
    });
    traced.dispose();
    return { values, reports };
  };

  test("when it uses a tensor that it is not given", () => {
    const outside = tf.tensor1d([10, 20, 30]);
    const { values, reports } = runOf((x) => x.add(outside));
    expect(values[2]).toEqual([11, 22, 33]);
    expect(reports).toEqual([expect.stringMatching(/Add uses a \[3\] tensor that is not among its inputs/)]);
    outside.dispose();
  });

  test("when it uses a tensor that it is not given and that no kernel has touched before", () => {
    const outside = tf.scalar(4);
    const { reports } = runOf((x) => x.mul(outside));
    expect(reports).toEqual([
      expect.stringContaining("Multiply uses a [] tensor that is not among its inputs"),
    ]);
    outside.dispose();
  });

  test("when it returns a tensor that it is not given", () => {
    const outside = tf.scalar(4);
    expect(runOf(() => outside.clone()).reports[0]).toContain("not among its inputs");
    outside.dispose();
  });

  test("when it reads values", () => {
    const { values, reports } = runOf((x) => x.mul(x.dataSync()[1]!));
    expect(values[0]).toEqual([2, 4, 6]);
    expect(reports).toEqual([expect.stringContaining("dataSync")]);
  });

  test("when a number of JavaScript changes", () => {
    let n = 0;
    const { values, reports } = runOf((x) => x.mul(++n));
    expect(values).toEqual([1, 2, 3].map((factor) => [factor, 2 * factor, 3 * factor]));
    expect(reports).toEqual([
      expect.stringMatching(/Multiply uses a \[\] tensor made of numbers that were others/),
    ]);
  });

  test("when an attribute changes", () => {
    let n = 0;
    const { reports } = runOf((x) => x.leakyRelu(++n / 10));
    expect(reports).toEqual([expect.stringMatching(/alpha of LeakyRelu was 0.1 and is 0.2/)]);
  });

  test("when it takes another path", () => {
    let n = 0;
    const { values, reports } = runOf((x) => (n++ === 0 ? x.square() : x.neg()));
    expect(values[1]).toEqual([-1, -2, -3]);
    expect(reports).toEqual([expect.stringContaining("calls Neg where it called Square before")]);
  });

  test("when it draws without a seed", () => {
    const { values, reports } = runOf((x) => x.add(tf.randomNormal([3])));
    expect(values[0]).not.toEqual(values[1]);
    expect(reports[0]).toContain("Add uses a [3] tensor made of numbers that were others before");
    if (tf.getKernel("Multinomial", tf.getBackend()))
      expect(runOf((x) => tf.multinomial(x as tf.Tensor1D, 2)).reports).toEqual([
        expect.stringContaining("Multinomial"),
      ]);
  });

  test("when it returns no tensor", () => {
    const { values, reports } = runOf(() => 7);
    expect(values).toEqual([7, 7, 7]);
    expect(reports).toEqual([expect.stringContaining("result: expected a tensor, got a number")]);
  });

  test("when it is given no tensor", () => {
    const reports: string[] = [];
    const traced = trace((x: tf.Tensor, factor: number) => x.mul(factor), {
      report: (reason) => reports.push(reason),
    });
    const x = tf.scalar(3);
    expect(traced(x, 2).dataSync()[0]).toBe(6);
    expect(traced(x, 3).dataSync()[0]).toBe(9);
    expect(reports).toEqual([expect.stringContaining("input[1]: expected a tensor, got a number")]);
  });

  test("and an error when numbers may be wrong: what changed after it had been compiled", () => {
    let n = 0;
    expect(() => runOf((x) => x.mul(n++ > 1 ? 2 : 1), 40)).toThrow(/found at call 32 that Multiply uses/);
  });
});

test("a form of inputs is compiled once, another form anew", () => {
  const traced = trace(({ a, b }: { a: tf.Tensor; b?: tf.Tensor }) => [a.add(1), { sum: b ? a.add(b) : a }], {
    report: noReport,
  });
  const run = (a: tf.Tensor, b?: tf.Tensor) =>
    tf.tidy(() => {
      const [plus, { sum }] = traced(b ? { a, b } : { a }) as [tf.Tensor, { sum: tf.Tensor }];
      return [plus.dataSync()[0], sum.dataSync()[0]];
    });
  const [one, two, three] = [tf.scalar(1), tf.tensor1d([2]), tf.tensor1d([3], "int32")];
  const before = counts();
  for (let i = 0; i < 3; i++) {
    expect(run(one)).toEqual([2, 1]);
    expect(run(two)).toEqual([3, 2]);
    expect(run(three, three)).toEqual([4, 6]);
    expect(run(two, one)).toEqual([3, 3]);
  }
  expect(traced.compiled()).toBe(4);
  traced.dispose();
  expect(traced.compiled()).toBe(0);
  expect(run(one)).toEqual([2, 1]);
  traced.dispose();
  expect(counts()).toEqual(before);
  tf.dispose([one, two, three]);
});

test("inputs that share data are told apart; results that share data are tensors of their own", () => {
  const traced = trace(
    (a: tf.Tensor, b: tf.Tensor) => {
      const sum = a.mul(10).add(b);
      return {
        sum,
        again: sum,
        shaped: sum.reshape([1, 2]),
        given: a.clone(),
        constant: tf.tensor1d([5, 6]),
      };
    },
    { report: noReport },
  );
  const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
  const before = counts();
  for (const [x, y, sum] of [
    [a, a, [11, 22]],
    [a, b, [13, 24]],
    [b, b, [33, 44]],
    [b, a, [31, 42]],
  ] as const) {
    const result = traced(x, y);
    const values = [result.sum, result.again, result.shaped, result.given, result.constant].map((tensor) => [
      ...tensor.dataSync(),
    ]);
    expect(values).toEqual([sum, sum, sum, [...x.dataSync()], [5, 6]]);
    expect(result.shaped.shape).toEqual([1, 2]);
    result.sum.dispose();
    expect([...result.shaped.dataSync()]).toEqual(sum);
    tf.dispose([result.again, result.shaped, result.given, result.constant]);
  }
  expect([...a.dataSync(), ...b.dataSync()]).toEqual([1, 2, 3, 4]);
  traced.dispose();
  expect(counts()).toEqual(before);
  tf.dispose([a, b]);
});

test("an error in the step comes through, and everything is as it was", () => {
  const name = tf.getBackend();
  const backend = tf.engine().backend as unknown as Record<string, unknown>;
  const picture = () => [
    tf.getKernelsForBackend(name).map(({ kernelFunc }) => kernelFunc),
    ["write", "read", "readSync", "binding"].map((member) => [
      Object.hasOwn(backend, member),
      backend[member],
    ]),
  ];
  const before = picture();
  const traced = trace((x: tf.Tensor) => {
    const y = x.add(1);
    if (y.size > 0) throw new RangeError("broken on purpose");
    return y;
  });
  const x = tf.tensor1d([1]);
  const held = counts();
  expect(() => traced(x)).toThrow("broken on purpose");
  expect(counts()).toEqual(held);
  expect(picture()).toEqual(before);
  const fine = trace((y: tf.Tensor) => y.add(1), { report: noReport });
  fine(x).dispose();
  expect(picture()).toEqual(before);
  fine.dispose();
  x.dispose();
});

test("an error in the middle of a compiled run gives back what was made", () => {
  if (tf.getBackend() !== "wasm") return;
  const config = tf.getKernel("Tanh", "wasm");
  const { kernelFunc } = config;
  let broken = false;
  config.kernelFunc = (call) => {
    if (broken) throw new RangeError("broken kernel");
    return kernelFunc(call);
  };
  const traced = trace((x: tf.Tensor) => x.add(1).exp().tanh().add(2), { report: noReport });
  const x = tf.tensor1d([1]);
  traced(x).dispose();
  traced(x).dispose();
  const held = counts();
  broken = true;
  expect(() => traced(x)).toThrow("broken kernel");
  broken = false;
  expect(counts().numTensors).toBe(held.numTensors);
  traced(x).dispose();
  expect(counts()).toEqual(held);
  config.kernelFunc = kernelFunc;
  traced.dispose();
  x.dispose();
});

test("a disposed input is refused", () => {
  const traced = trace((x: tf.Tensor) => x.add(1), { report: noReport });
  const x = tf.scalar(1);
  traced(x).dispose();
  traced(x).dispose();
  x.dispose();
  expect(() => traced(x)).toThrow("disposed");
  traced.dispose();
});

test("inside a gradient, and inside another compiled step, the step is as it is written", () => {
  const inner = trace((x: tf.Tensor) => x.square(), { report: noReport });
  const outer = trace((x: tf.Tensor) => inner(x).add(1), { report: noReport });
  const x = tf.scalar(3);
  expect(
    tf
      .grad((y) => inner(y))(x)
      .dataSync()[0],
  ).toBe(6);
  expect([1, 2, 3].map(() => outer(x).dataSync()[0])).toEqual([10, 10, 10]);
  expect(inner.compiled()).toBe(0);
  outer.dispose();
});

test("nothing is compiled where that is turned off", () => {
  const traced = trace((x: tf.Tensor) => x.add(1), { enabled: false });
  const x = tf.scalar(1);
  expect(traced(x).dataSync()[0]).toBe(2);
  expect(traced.compiled()).toBe(0);
});

const options: TrainOptions = {
  keys: [fold(root, "a"), fold(root, "b")],
  batchSize: 16,
  epochs: 4,
  beta: linear(0, 1, 10),
  learningRate: linear(1e-2, 1e-3, 10),
  clip: 5,
};
const rows = (count: number, name: string) => ({
  x: normals32(fold(root, name), 6 * count),
  y: new Float32Array(0),
  rows: count,
});
const net = vae({ inputShape: [6], latents: 2, encoder: encoders.MLP!, noise: "learned" });

/** The same, compiled and as it is written; neither may warn. */
async function bothWays<T>(run: () => T | Promise<T>): Promise<[T, T]> {
  const warn = vi.spyOn(console, "warn");
  const compiled = await run();
  vi.stubEnv("VITRADE_COMPILE", "off");
  const written = await run();
  expect(warn).not.toHaveBeenCalled();
  return [compiled, written];
}

test("a training is the same compiled and as it is written, and leaves nothing behind", async () => {
  const before = counts();
  const [compiled, written] = await bothWays(() =>
    train(net, rows(64, "train"), { ...options, validation: rows(20, "later") }),
  );
  expect(counts()).toEqual(before);
  if (tf.getBackend() === "wasm") expect(compiled).toEqual(written);
  compiled.history.forEach(({ elbo, validation }, i) => {
    expect(elbo[1]).toBeCloseTo(written.history[i]!.elbo[1]!, 4);
    expect(validation[0]).toBeCloseTo(written.history[i]!.validation[0]!, 4);
  });
});

test("a training that loses its way leaves nothing behind", async () => {
  const before = counts();
  const wild = train(net, rows(64, "train"), { ...options, learningRate: constant(1e30) });
  await expect(wild).rejects.toThrow("lost its way");
  expect(counts()).toEqual(before);
});

test("a prediction of many passes is the same compiled and as it is written", async () => {
  const noise = { name: "codes", kind: "normal", shape: ["batch", 1], role: "draw" } as const;
  const model: Predictor = {
    ...{ parameters: net.parameters, buffers: [], noise: [noise], inputShape: [6] },
    predict({ parameters, noise }, x) {
      const weight = parameters["encoder/0/weight"]!.mean(2);
      const mean = x.mul(weight.reshape([weight.shape[0]!, 1, 6])).sum(2);
      return { mean: mean.add(noise.codes!.squeeze([2])), variance: mean.square().add(1) };
    },
  };
  const { parameters } = initialWeights(net, options.keys);
  const weights = { replicas: 2, parameters, buffers: new Float32Array(0) };
  const { x } = rows(50, "predict");
  const before = counts();
  const [compiled, written] = await bothWays(() =>
    predict(model, weights, x, { draws: 9, key: root, room: 1 }),
  );
  expect(counts()).toEqual(before);
  if (tf.getBackend() === "wasm") expect(compiled).toEqual(written);
  for (const of of ["mean", "aleatoric", "epistemic"] as const)
    expect(compiled[of][7]).toBeCloseTo(written[of][7]!, 5);
});

test("fused Adam is Adam in single operations", () => {
  const random = (name: string): tf.Tensor => tf.tensor2d(normals32(fold(root, name), 12), [2, 6]);
  const parameters = random("p");
  const gradient = random("g").mul(10);
  for (const rate of [tf.scalar(0.1), tf.tensor2d([0.1, 0.3], [2, 1])]) {
    const settings = { learningRate: rate, weightDecay: tf.scalar(0.2), clip: tf.scalar(3) };
    let [one, other] = [
      { parameters, state: adamState([2, 6]) },
      { parameters, state: adamState([2, 6]) },
    ];
    for (let n = 0; n < 5; n++) {
      one = adamStep(one.parameters, gradient, one.state, settings);
      const [next, first, second, count] = composedStep(other.parameters, gradient, other.state, settings);
      other = { parameters: next, state: { first, second, count } };
    }
    one.parameters.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(other.parameters.dataSync()[i]!, 4);
    });
    expect(one.state.count.dataSync()).toEqual(other.state.count.dataSync());
  }
});

test("VITRADE_COMPILE is on or off", () => {
  expect(compiles()).toBe(true);
  vi.stubEnv("VITRADE_COMPILE", "no");
  expect(() => compiles()).toThrow("VITRADE_COMPILE: expected on or off, got no");
});
