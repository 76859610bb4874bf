/** TensorFlow's SavedModel of one graph, written in the wire format of protocol buffers. */

/** Where a node's input comes from: output `index` of node `node`. */
export interface Source {
  readonly node: string;
  readonly index: number;
}

/** An attribute in the terms of TensorFlow's `AttrValue`. */
export type Attribute =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "int" | "float" | "type"; readonly value: number | readonly number[] }
  | { readonly kind: "bool"; readonly value: boolean | readonly boolean[] }
  | { readonly kind: "shape"; readonly value: readonly number[] }
  | { readonly kind: "tensor"; readonly value: TensorValue };

/** A constant: TensorFlow's number of its dtype, its shape, its bytes. */
export interface TensorValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/** One operation of a graph. */
export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly Source[];
  /** Names of nodes that must have run before. */
  readonly after?: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Under this tag a session finds the graph. */
export const TAG = "serve";
/** Version of the graph's semantics: operations behave as in TensorFlow 2.16. */
const PRODUCER = 1882;

/**
 * The bytes of `saved_model.pb`.
 * @see tensorflow/core/protobuf/{saved_model,meta_graph}.proto and tensorflow/core/framework/{graph,node_def,attr_value,tensor}.proto
 */
export function savedModel(nodes: readonly GraphNode[]): Buffer {
  const graph = [...nodes.map((node) => message(1, nodeMessage(node))), message(4, [integer(1, PRODUCER)])];
  const meta = [message(1, [text(4, TAG)]), message(2, graph)];
  return Buffer.concat([integer(1, 1), message(2, meta)]);
}

function nodeMessage({ name, operation, inputs, after = [], attributes }: GraphNode): Buffer[] {
  const entries = Object.entries(attributes).map(([key, attribute]) =>
    message(5, [text(1, key), message(2, [attributeMessage(attribute)])]),
  );
  const sources = [...inputs.map(nameOf), ...after.map((each) => `^${each}`)];
  return [text(1, name), text(2, operation), ...sources.map((source) => text(3, source)), ...entries];
}

/** `node:index`, as TensorFlow names a tensor. */
export function nameOf({ node, index }: Source): string {
  return `${node}:${index}`;
}

function attributeMessage(attribute: Attribute): Buffer {
  switch (attribute.kind) {
    case "string":
      return text(2, attribute.value);
    case "int":
      return oneOrList(attribute.value, (value) => integer(3, value));
    case "float":
      return oneOrList(attribute.value, (value) => float(4, value));
    case "bool":
      return oneOrList(attribute.value, (value) => integer(5, Number(value)));
    case "type":
      return oneOrList(attribute.value, (value) => integer(6, value));
    case "shape":
      return message(7, shapeMessage(attribute.value));
    case "tensor":
      return message(8, tensorMessage(attribute.value));
  }
}

function oneOrList<T>(value: T | readonly T[], write: (value: T) => Buffer): Buffer {
  return Array.isArray(value) ? message(1, (value as readonly T[]).map(write)) : write(value as T);
}

function tensorMessage({ dtype, shape, values }: TensorValue): Buffer[] {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return [integer(1, dtype), message(2, shapeMessage(shape)), message(4, [bytes])];
}

function shapeMessage(shape: readonly number[]): Buffer[] {
  return shape.map((size) => message(2, [integer(1, size)]));
}

const [VARINT, LENGTH, FIXED32] = [0, 2, 5];

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + VARINT!), varint(value)]);
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + FIXED32!), bytes]);
}

function text(field: number, value: string): Buffer {
  return message(field, [Buffer.from(value)]);
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(field * 8 + LENGTH!), varint(size), ...parts]);
}

/** Seven bits a byte, lowest first; negative numbers in two's complement of 64 bits. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}
