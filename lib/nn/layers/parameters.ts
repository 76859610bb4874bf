/** The parameters of R replicas of a network in one flat tensor [R,P]. */
import * as tf from "@tensorflow/tfjs";
import { checkShape, fold, type Key, normals32 } from "../../core/index.js";

/** One trainable tensor of a network, of the given shape in each replica. */
export interface ParameterSpec {
  readonly name: string;
  /** Without the replica axis. */
  readonly shape: readonly number[];
  /** `size` values to start from. */
  readonly initial: (key: Key, size: number) => Float32Array;
}

/** Places of the parameters in a replica's P numbers. */
export interface Layout {
  readonly specs: readonly ParameterSpec[];
  readonly sizes: readonly number[];
  /** P */
  readonly total: number;
}

/** Named tensors [R, …shape], views of a flat one. */
export type Views = Readonly<Record<string, tf.Tensor>>;

/** @throws RangeError when two parameters have one name. */
export function layoutOf(specs: readonly ParameterSpec[]): Layout {
  const names = specs.map((spec) => spec.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`parameters: expected each name once, got ${twice} twice`);
  const sizes = specs.map((spec) => spec.shape.reduce((a, b) => a * b, 1));
  return { specs, sizes, total: sizes.reduce((a, b) => a + b, 0) };
}

/**
 * First values of R replicas, one key each: a replica of a key is the same whatever stands beside it.
 * @returns [R,P] row-major
 */
export function initialValues(layout: Layout, keys: readonly Key[]): Float32Array {
  const out = new Float32Array(keys.length * layout.total);
  keys.forEach((key, r) => {
    let at = r * layout.total;
    layout.specs.forEach((spec, i) => {
      out.set(spec.initial(fold(key, spec.name), layout.sizes[i]!), at);
      at += layout.sizes[i]!;
    });
  });
  return out;
}

/**
 * Named views of a flat tensor, differentiable. Call it inside `tidy`.
 * @param flat  [R,P]
 * @throws RangeError when its second axis is not the layout's.
 */
export function viewsOf(flat: tf.Tensor, layout: Layout): Views {
  checkShape("parameters", flat.shape, [-1, layout.total]);
  const replicas = flat.shape[0]!;
  if (layout.specs.length === 0) return {};
  const parts = layout.specs.length > 1 ? tf.split(flat, [...layout.sizes], 1) : [flat];
  const shaped = parts.map((part, i) => part.reshape([replicas, ...layout.specs[i]!.shape]));
  return Object.fromEntries(layout.specs.map((spec, i) => [spec.name, shaped[i]!]));
}

/** All zeros. */
export function zeros(_key: Key, size: number): Float32Array {
  return new Float32Array(size);
}

/** All the same value. */
export function filled(value: number): ParameterSpec["initial"] {
  return (_key, size) => new Float32Array(size).fill(value);
}

/** N(0, gain² / inputs): gain √2 keeps the variance through rectifiers (He et al. 2015), 1 through linear layers. */
export function scaledNormal(inputs: number, gain: number): ParameterSpec["initial"] {
  const sd = gain / Math.sqrt(inputs);
  return (key, size) => normals32(key, size).map((n) => n * sd);
}
