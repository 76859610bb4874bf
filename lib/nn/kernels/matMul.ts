/** Batched matrix products, alone and with a bias. */
import type * as tf from "@tensorflow/tfjs";
import { isFloat, type Machine, sizeOf } from "./machine.js";
import type { Kernels, Work } from "./planned.js";

interface Product {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
  /** Numbers added to each row: [columns], or as many a replica. */
  readonly bias?: tf.TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** `BatchMatMul`, and `vitradeDense`: x [R or 1, B, I] · weight [R, I, O] + bias [R, 1, O]. */
export function matMulKernels(machine: Machine): Kernels {
  return {
    BatchMatMul: ({ a, b }, { transposeA, transposeB }) => {
      if (!isFloat(a!) || !isFloat(b!)) return undefined;
      return multiply(machine, { a: a!, b: b!, transposeA: !!transposeA, transposeB: !!transposeB });
    },
    vitradeDense: ({ x, weight, bias }) =>
      multiply(machine, { a: x!, b: weight!, bias: bias!, transposeA: false, transposeB: false }),
  };
}

/** Undefined for batches that broadcast over part of their axes only. */
function multiply({ code }: Machine, product: Product): Work | undefined {
  const { a, b, bias, transposeA, transposeB } = product;
  const [ra, rb] = [a.shape.length, b.shape.length];
  const [lefts, rights] = [sizeOf(a.shape, 0, ra - 2), sizeOf(b.shape, 0, rb - 2)];
  if (lefts !== rights && lefts !== 1 && rights !== 1) return undefined;
  const rows = a.shape[transposeA ? ra - 1 : ra - 2]!;
  const inner = a.shape[transposeA ? ra - 2 : ra - 1]!;
  const columns = b.shape[transposeB ? rb - 2 : rb - 1]!;
  if (inner !== b.shape[transposeB ? rb - 1 : rb - 2]) return undefined;
  const batch = lefts === rights ? longer(a, b) : lefts === 1 ? b : a;
  const replicas = lefts === 0 || rights === 0 ? 0 : Math.max(lefts, rights);
  const shifts = bias ? sizeOf(bias.shape) / columns : 1;
  // All replicas see one b: their rows are rows of one product.
  const folded = rights === 1 && lefts > 1 && !transposeA && shifts === 1;
  const [turnA, turnB] = [Number(transposeA), Number(transposeB)];
  const [products, height] = folded ? [1, replicas * rows] : [replicas, rows];
  const [aStep, bStep] = [lefts === 1 ? 0 : rows * inner, rights === 1 ? 0 : inner * columns];
  const biasStep = shifts === 1 ? 0 : columns;
  const sizes = [turnA, turnB, products, height, columns, inner] as const;
  return {
    inputs: bias ? [a, b, bias] : [a, b],
    outputs: [[...batch.shape.slice(0, -2), rows, columns]],
    scratch: code.gemmScratch(turnA, height, inner),
    run: bias
      ? (at) => code.gemm(...sizes, at[0]!, aStep, at[1]!, bStep, at[3]!, at[2]!, biasStep, at[4]!)
      : (at) => code.gemm(...sizes, at[0]!, aStep, at[1]!, bStep, at[2]!, 0, biasStep, at[3]!),
  };
}

function longer(a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  return b.shape.length > a.shape.length ? b : a;
}
