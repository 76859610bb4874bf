/** Kernels that work number by number, on one tensor or on two that broadcast. */
import type * as tf from "@tensorflow/tfjs";
import { isFloat, type Machine, sizeOf } from "./machine.js";
import type { Kernels, Planner, Work } from "./planned.js";

/** tfjs's names in the order of the numbers in assembly/unary.ts. */
const UNARY = [
  ...["Exp", "Log", "Log1p", "Tanh", "Sigmoid", "Softplus", "Sqrt", "Rsqrt"],
  ...["Square", "Neg", "Relu", "LeakyRelu", "Step"],
];

/** tfjs's names in the order of the numbers in assembly/binary.ts. */
const BINARY = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
const [LEAKY_GRADIENT, CLIP_GRADIENT] = [BINARY.length, BINARY.length + 1];

/** The stock names, and what LeakyReLU of slope `alpha` and a clip to `min` … `max` of x pass back of dy. */
export function elementwiseKernels(machine: Machine): Kernels {
  const unary = UNARY.map((name, operation): [string, Planner] => [
    name,
    ({ x }, { alpha }) => map(machine, operation, x!, (alpha as number | undefined) ?? 0, 0),
  ]);
  const binary = BINARY.map((name, operation): [string, Planner] => [
    name,
    ({ a, b }) => zip(machine, operation, a!, b!, 0, 0),
  ]);
  return {
    ...Object.fromEntries([...unary, ...binary]),
    ClipByValue: ({ x }, { clipValueMin, clipValueMax }) =>
      map(machine, UNARY.length, x!, clipValueMin as number, clipValueMax as number),
    vitradeLeakyReluGrad: ({ dy, x }, { alpha }) => zip(machine, LEAKY_GRADIENT, dy!, x!, alpha as number, 0),
    vitradeClipGrad: ({ dy, x }, { min, max }) =>
      zip(machine, CLIP_GRADIENT, dy!, x!, min as number, max as number),
  };
}

function map(
  { code }: Machine,
  operation: number,
  x: tf.TensorInfo,
  first: number,
  second: number,
): Work | undefined {
  if (!isFloat(x)) return undefined;
  const count = sizeOf(x.shape);
  return {
    inputs: [x],
    outputs: [x.shape],
    scratch: 0,
    run: (at) => code.unary(operation, count, at[0]!, at[1]!, first, second),
  };
}

/** Undefined where the tensors broadcast in more than three runs of axes: the stock kernel does it. */
function zip(
  { code }: Machine,
  operation: number,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  first: number,
  second: number,
): Work | undefined {
  if (!isFloat(a) || !isFloat(b)) return undefined;
  const plan = isSame(a.shape, b.shape) ? samePlan(a.shape) : broadcastPlan(a.shape, b.shape);
  if (!plan) return undefined;
  const [outer, middle, inner] = plan.sizes;
  const [a0, a1, a2] = plan.a;
  const [b0, b1, b2] = plan.b;
  return {
    inputs: [a, b],
    outputs: [plan.shape],
    scratch: 0,
    run: ({ 0: x, 1: y, 2: to }) =>
      code.binary(operation, outer, middle, inner, x!, a0, a1, a2, y!, b0, b1, b2, to!, first, second),
  };
}

type Triple = [number, number, number];

/** How two tensors are walked: sizes of the loops, and the steps of each tensor in them. */
interface BroadcastPlan {
  readonly shape: readonly number[];
  readonly sizes: Triple;
  readonly a: Triple;
  readonly b: Triple;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

function samePlan(shape: readonly number[]): BroadcastPlan {
  return { shape, sizes: [1, 1, sizeOf(shape)], a: [0, 0, 1], b: [0, 0, 1] };
}

/** A run of neighbouring axes along which each of the two tensors has all its numbers, or one. */
interface Run {
  size: number;
  readonly a: boolean;
  readonly b: boolean;
}

function broadcastPlan(a: readonly number[], b: readonly number[]): BroadcastPlan | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  const runs: Run[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1) return undefined;
    const size = m === 1 ? n : m;
    shape.push(size);
    if (size === 1) continue;
    const last = runs.at(-1);
    if (last && last.a === (m === size) && last.b === (n === size)) last.size *= size;
    else runs.push({ size, a: m === size, b: n === size });
  }
  if (runs.length > 3) return undefined;
  while (runs.length < 3) runs.unshift({ size: 1, a: true, b: true });
  return { shape, sizes: runs.map((run) => run.size) as Triple, a: steps(runs, "a"), b: steps(runs, "b") };
}

function steps(runs: readonly Run[], of: "a" | "b"): Triple {
  let step = 1;
  const out: Triple = [0, 0, 0];
  for (let i = 2; i >= 0; i--) {
    const { size, [of]: whole } = runs[i]!;
    out[i] = whole ? step : 0;
    if (whole) step *= size;
  }
  return out;
}
