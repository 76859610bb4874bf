/** Kernels that sum along axes. */
import type * as tf from "@tensorflow/tfjs";
import { axisOf, isFloat, type Kernels, type Machine, sizeOf } from "./machine.js";

export function reduceKernels(machine: Machine): Kernels {
  return {
    Sum: ({ x }, { axis, keepDims }) => reduce(machine, x!, axis as Axes, !!keepDims, false),
    Mean: ({ x }, { axis, keepDims }) => reduce(machine, x!, axis as Axes, !!keepDims, true),
    Softmax: ({ logits }, { dim }) => {
      const rank = logits!.shape.length;
      if (!isFloat(logits!) || axisOf(dim as number, rank) !== rank - 1) return undefined;
      const out = machine.output(logits!.shape);
      const rows = sizeOf(logits!.shape, 0, rank - 1);
      machine.code.softmax(rows, logits!.shape[rank - 1]!, machine.address(logits!), machine.address(out));
      return out;
    },
  };
}

/** Undefined for all of them. */
type Axes = number | number[] | undefined;

/** From the last run of neighbouring axes to the first. */
function reduce(
  machine: Machine,
  x: tf.TensorInfo,
  axis: Axes,
  keepDims: boolean,
  mean: boolean,
): tf.TensorInfo | undefined {
  if (!isFloat(x)) return undefined;
  const axes = axesOf(axis, x.shape);
  const factor = mean ? 1 / axes.reduce((product, each) => product * x.shape[each]!, 1) : 1;
  const runs = runsOf(axes);
  let current = x;
  for (let i = 0; i < runs.length; i++) {
    const [begin, end] = runs[i]!;
    const next = reduceRun(machine, current, begin, end, i === runs.length - 1 ? factor : 1);
    if (current !== x) machine.release(current);
    current = next;
  }
  return keepDims ? current : { ...current, shape: x.shape.filter((_, i) => !axes.includes(i)) };
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

/** Sums along the axes from `begin` to before `end`, which become 1. */
function reduceRun(
  machine: Machine,
  x: tf.TensorInfo,
  begin: number,
  end: number,
  factor: number,
): tf.TensorInfo {
  const out = machine.output(x.shape.map((n, i) => (i >= begin && i < end ? 1 : n)));
  const [outer, along, inner] = [
    sizeOf(x.shape, 0, begin),
    sizeOf(x.shape, begin, end),
    sizeOf(x.shape, end),
  ];
  machine.code.sum(outer, along, inner, machine.address(x), machine.address(out), factor);
  return out;
}
