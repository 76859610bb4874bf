/** Nested plain objects and lists of tensors: their form, their tensors in one list, and back. */
import * as tf from "@tensorflow/tfjs";

/** What a nest of tensors looks like, without its values. */
export type Form =
  | {
      readonly kind: "tensor";
      readonly at: number;
      readonly shape: readonly number[];
      readonly dtype: tf.DataType;
    }
  | { readonly kind: "list"; readonly parts: readonly Form[] }
  | { readonly kind: "record"; readonly keys: readonly string[]; readonly parts: readonly Form[] }
  | { readonly kind: "other"; readonly value: unknown };

export interface Flat {
  readonly form: Form;
  /** In the order of the form. */
  readonly leaves: tf.Tensor[];
  /** Names a leaf that is there and no tensor. */
  readonly problem: string | undefined;
}

/** The form of a nest and its tensors. */
export function flatten(name: string, nest: unknown): Flat {
  const leaves: tf.Tensor[] = [];
  let problem: string | undefined;
  const formOf = (part: unknown, place: string): Form => {
    if (part === null || part === undefined) return { kind: "other", value: part };
    if (part instanceof tf.Tensor) {
      leaves.push(part);
      return { kind: "tensor", at: leaves.length - 1, shape: [...part.shape], dtype: part.dtype };
    }
    if (Array.isArray(part))
      return { kind: "list", parts: part.map((each, i) => formOf(each, `${place}[${i}]`)) };
    if (!isPlain(part)) {
      problem ??= `${place}: expected a tensor, got ${nameOf(part)}`;
      return { kind: "other", value: part };
    }
    const keys = Object.keys(part);
    return { kind: "record", keys, parts: keys.map((key) => formOf(part[key], `${place}.${key}`)) };
  };
  const form = formOf(nest, name);
  return { form, leaves, problem };
}

/** Writes the tensors of a nest into `leaves`; false, with `leaves` half written, when it is of another form. */
export function collect(nest: unknown, form: Form, leaves: tf.Tensor[]): boolean {
  if (form.kind === "other") return nest === form.value;
  if (nest === null || typeof nest !== "object") return false;
  if (form.kind === "tensor") {
    const tensor = nest as tf.Tensor;
    leaves[form.at] = tensor;
    return tensor.dtype === form.dtype && sameShape(tensor.shape, form.shape);
  }
  if (form.kind === "list") {
    const list = nest as readonly unknown[];
    return (
      Array.isArray(nest) &&
      list.length === form.parts.length &&
      form.parts.every((part, i) => collect(list[i], part, leaves))
    );
  }
  const record = nest as Record<string, unknown>;
  for (let i = 0; i < form.keys.length; i++) {
    if (!collect(record[form.keys[i]!], form.parts[i]!, leaves)) return false;
  }
  return isPlain(nest) && Object.keys(nest).length === form.keys.length;
}

/** A nest of the form with the given tensors. */
export function rebuild(form: Form, leaves: readonly tf.Tensor[]): unknown {
  if (form.kind === "other") return form.value;
  if (form.kind === "tensor") return leaves[form.at]!;
  if (form.kind === "list") return form.parts.map((part) => rebuild(part, leaves));
  const record: Record<string, unknown> = {};
  for (let i = 0; i < form.keys.length; i++) record[form.keys[i]!] = rebuild(form.parts[i]!, leaves);
  return record;
}

function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  if (a?.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(value: unknown): string {
  return typeof value === "object" ? (value?.constructor?.name ?? "an object") : `a ${typeof value}`;
}
