/** Kernels that sum along axes. */
import type * as tf from "@tensorflow/tfjs";
import { axisOf, isFloat, type Machine, sizeOf } from "./machine.js";
import type { Kernels, Work } from "./planned.js";

export function reduceKernels(machine: Machine): Kernels {
  const { code } = machine;
  return {
    Sum: ({ x }, { axis, keepDims }) => reduce(machine, x!, axis as Axes, !!keepDims, false),
    Mean: ({ x }, { axis, keepDims }) => reduce(machine, x!, axis as Axes, !!keepDims, true),
    Softmax: ({ logits }, { dim }) => {
      const rank = logits!.shape.length;
      if (!isFloat(logits!) || axisOf(dim as number, rank) !== rank - 1) return undefined;
      const [rows, columns] = [sizeOf(logits!.shape, 0, rank - 1), logits!.shape[rank - 1]!];
      return {
        inputs: [logits!],
        outputs: [logits!.shape],
        scratch: 0,
        run: (at) => code.softmax(rows, columns, at[0]!, at[1]!),
      };
    },
  };
}

/** Undefined for all of them. */
type Axes = number | number[] | undefined;

/** From the last run of neighbouring axes to the first; sums on the way lie in the scratch memory, one after the other. */
function reduce(
  { code }: Machine,
  x: tf.TensorInfo,
  axis: Axes,
  keepDims: boolean,
  mean: boolean,
): Work | undefined {
  if (!isFloat(x)) return undefined;
  const axes = axesOf(axis, x.shape);
  const factor = mean ? 1 / axes.reduce((product, each) => product * x.shape[each]!, 1) : 1;
  let shape: readonly number[] = x.shape;
  let scratch = 0;
  const passes = runsOf(axes).map(([begin, end]) => {
    const sizes = [sizeOf(shape, 0, begin), sizeOf(shape, begin, end), sizeOf(shape, end)] as const;
    shape = shape.map((n, i) => (i >= begin && i < end ? 1 : n));
    const pass = { sizes, offset: scratch };
    scratch += 4 * sizeOf(shape);
    return pass;
  });
  const last = passes.pop()!;
  return {
    inputs: [x],
    outputs: [keepDims ? shape : x.shape.filter((_, i) => !axes.includes(i))],
    scratch: last.offset,
    run: ({ 0: address, 1: to, 2: between }) => {
      let from = address!;
      for (const { sizes, offset } of passes) {
        code.sum(...sizes, from, between! + offset, 1);
        from = between! + offset;
      }
      code.sum(...last.sizes, from, to!, factor);
    },
  };
}

function axesOf(axis: Axes, shape: readonly number[]): number[] {
  if (typeof axis === "number") return [axisOf(axis, shape.length)];
  return axis ? axis.map((each) => axisOf(each, shape.length)) : shape.map((_, i) => i);
}

/** Runs of neighbouring axes as begin and end, the last first; one empty run where there is no axis. */
function runsOf(axes: readonly number[]): [begin: number, end: number][] {
  const runs: [number, number][] = [];
  for (const axis of axes.length > 1 ? [...axes].sort((a, b) => b - a) : axes) {
    const last = runs.at(-1);
    if (last && last[0] === axis + 1) last[0] = axis;
    else runs.push([axis, axis + 1]);
  }
  return runs.length > 0 ? runs : [[0, 0]];
}
