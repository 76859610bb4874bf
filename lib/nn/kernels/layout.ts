/** Kernels that move numbers and change none: split, concat, slice, transpose, copies that are no copies. */
import type * as tf from "@tensorflow/tfjs";
import { axisOf, isFloat, type Machine, sizeOf } from "./machine.js";
import type { Alias, Kernels, Work } from "./planned.js";

export function layoutKernels(machine: Machine): Kernels {
  const { code } = machine;
  return {
    ...partKernels(machine),
    Transpose: ({ x }, { perm }) => {
      const swap = isFloat(x!) ? middleSwap(x!.shape, perm as number[]) : undefined;
      if (!swap) return undefined;
      return {
        inputs: [x!],
        outputs: [(perm as number[]).map((axis) => x!.shape[axis]!)],
        scratch: 0,
        run: (at) => code.swapMiddle(...swap, at[0]!, at[1]!),
      };
    },
    Identity: ({ x }) => (x!.dtype === "string" ? undefined : { alias: x!, shape: x!.shape }),
    Cast: ({ x }, { dtype }) =>
      x!.dtype === dtype && dtype !== "string" ? { alias: x!, shape: x!.shape } : undefined,
  };
}

function partKernels(machine: Machine): Kernels {
  return {
    SplitV: ({ x }, { numOrSizeSplits, axis }) => {
      const along = axisOf(axis as number, x!.shape.length);
      const sizes = splitSizes(numOrSizeSplits as number | number[], x!.shape[along]!);
      if (!isFloat(x!) || !sizes) return undefined;
      return split(machine, x!, along, sizes, (size) => x!.shape.map((n, i) => (i === along ? size : n)));
    },
    Unpack: ({ value }, { axis }) => {
      if (!isFloat(value!)) return undefined;
      const along = axisOf(axis as number, value!.shape.length);
      const shape = value!.shape.filter((_, i) => i !== along);
      return split(machine, value!, along, Array(value!.shape[along]!).fill(1), () => shape);
    },
    Concat: (inputs, { axis }) => {
      const parts = Object.values(inputs);
      const along = axisOf(axis as number, parts[0]!.shape.length);
      if (!parts.every(isFloat)) return undefined;
      const total = parts.reduce((sum, part) => sum + part.shape[along]!, 0);
      return join(
        machine,
        parts,
        along,
        parts[0]!.shape.map((n, i) => (i === along ? total : n)),
      );
    },
    Slice: ({ x }, { begin, size }) => slice(machine, x!, begin as number[], size as number[]),
  };
}

/** Sizes that add up to `length`; undefined where they do not, which the stock kernel names. */
function splitSizes(
  numberOrSizes: number | readonly number[],
  length: number,
): readonly number[] | undefined {
  const sizes =
    typeof numberOrSizes === "number"
      ? Array<number>(numberOrSizes).fill(length / numberOrSizes)
      : numberOrSizes;
  const total = sizes.reduce((a, b) => a + b, 0);
  return total === length && sizes.every((size) => Number.isInteger(size) && size >= 0) ? sizes : undefined;
}

function split(
  machine: Machine,
  x: tf.TensorInfo,
  axis: number,
  sizes: readonly number[],
  shapeOf: (size: number) => readonly number[],
): Work {
  const rows = sizeOf(x.shape, 0, axis);
  const inner = sizeOf(x.shape, axis + 1);
  const step = x.shape[axis]! * inner;
  const lengths = sizes.map((size) => size * inner);
  return {
    inputs: [x],
    outputs: sizes.map(shapeOf),
    isList: true,
    scratch: 0,
    run(at) {
      let from = at[0]!;
      for (let i = 0; i < lengths.length; i++) {
        machine.code.copyRows(rows, lengths[i]!, from, step, at[i + 1]!, lengths[i]!);
        from += 4 * lengths[i]!;
      }
    },
  };
}

function join(
  machine: Machine,
  parts: readonly tf.TensorInfo[],
  axis: number,
  shape: readonly number[],
): Work {
  const rows = sizeOf(shape, 0, axis);
  const step = sizeOf(shape, axis);
  const lengths = parts.map((part) => sizeOf(part.shape, axis));
  return {
    inputs: parts,
    outputs: [shape],
    scratch: 0,
    run(at) {
      let to = at[lengths.length]!;
      for (let i = 0; i < lengths.length; i++) {
        machine.code.copyRows(rows, lengths[i]!, at[i]!, lengths[i]!, to, step);
        to += 4 * lengths[i]!;
      }
    },
  };
}

/** Undefined where more than one axis is cut: the stock kernel does it. */
function slice(
  machine: Machine,
  x: tf.TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): Work | Alias | undefined {
  const shape = x.shape.map((n, i) => (size[i] === -1 ? n - begin[i]! : size[i]!));
  const cut = shape.flatMap((n, i) => (n === x.shape[i] ? [] : [i]));
  const fits = shape.every((n, i) => begin[i]! >= 0 && n >= 0 && begin[i]! + n <= x.shape[i]!);
  if (!isFloat(x) || cut.length > 1 || !fits) return undefined;
  const axis = cut[0];
  if (axis === undefined) return { alias: x, shape };
  const inner = sizeOf(shape, axis + 1);
  const [rows, length] = [sizeOf(shape, 0, axis), shape[axis]! * inner];
  const [skipped, step] = [4 * begin[axis]! * inner, x.shape[axis]! * inner];
  return {
    inputs: [x],
    outputs: [shape],
    scratch: 0,
    run: (at) => machine.code.copyRows(rows, length, at[0]! + skipped, step, at[1]!, length),
  };
}

/** Sizes [a,b,c,d] where the permutation exchanges two neighbouring runs of axes: [a,b,c,d] to [a,c,b,d]. */
function middleSwap(
  shape: readonly number[],
  perm: readonly number[],
): [number, number, number, number] | undefined {
  const rank = shape.length;
  let begin = 0;
  while (begin < rank && perm[begin] === begin) begin++;
  let end = rank;
  while (end > begin && perm[end - 1] === end - 1) end--;
  if (begin === end) return [1, 1, 1, sizeOf(shape)];
  const turn = perm[begin]! - begin;
  for (let i = begin; i < end; i++) {
    if (perm[i] !== begin + ((i - begin + turn) % (end - begin))) return undefined;
  }
  return [
    sizeOf(shape, 0, begin),
    sizeOf(shape, begin, begin + turn),
    sizeOf(shape, begin + turn, end),
    sizeOf(shape, end),
  ];
}
