/** Completes what tfjs leaves to TensorFlow's eager mode, and puts faster operations in the place of those that it chooses. */
import type { Attribute, GraphNode, Source } from "./protobuf.js";

/** A node, and what its outputs are. */
export interface ShapedNode extends GraphNode {
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: number }[];
}

/** Operations of which tfjs names no type, because eager execution infers it. */
const UNTYPED = new Set(["ExpandDims", "Where"]);

type Lookup = (source: Source) => ShapedNode;

/** The same graph, complete and by faster operations; names of what others use stay. */
export function rewrite(nodes: readonly ShapedNode[]): readonly ShapedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const nodeOf: Lookup = ({ node }) => byName.get(node)!;
  return nodes.map((node) => {
    if (UNTYPED.has(node.operation)) return typed(node, nodeOf);
    return leakyReluGradient(node, nodeOf) ?? node;
  });
}

function typed(node: ShapedNode, nodeOf: Lookup): ShapedNode {
  const input = node.inputs[0]!;
  const type = { kind: "type", value: nodeOf(input).outputs[input.index]!.dtype } as const;
  return { ...node, attributes: { ...node.attributes, T: type } };
}

/** One operation for where(x > 0, dy, α dy), which tfjs makes of three; undefined where the node is no such thing. */
function leakyReluGradient(node: ShapedNode, nodeOf: Lookup): ShapedNode | undefined {
  if (node.operation !== "SelectV2" && node.operation !== "Select") return undefined;
  const [condition, dy, small] = node.inputs as [Source, Source, Source];
  const [greater, product] = [nodeOf(condition), nodeOf(small)];
  if (greater.operation !== "Greater" || product.operation !== "Mul") return undefined;
  const [x, zero] = greater.inputs as [Source, Source];
  const factors = product.inputs.filter((factor) => !isSame(factor, dy));
  const alpha = factors.length === 1 ? scalarOf(nodeOf(factors[0]!)) : undefined;
  const shapes = [x, dy].map((source) => nodeOf(source).outputs[source.index]!.shape.join());
  if (alpha === undefined || scalarOf(nodeOf(zero)) !== 0 || shapes[0] !== shapes[1]) return undefined;
  const attributes: Record<string, Attribute> = {
    T: product.attributes.T!,
    alpha: { kind: "float", value: alpha },
  };
  return { ...node, operation: "LeakyReluGrad", inputs: [dy, x], attributes };
}

function isSame(a: Source, b: Source): boolean {
  return a.node === b.node && a.index === b.index;
}

/** The value of a constant of one float32; undefined for anything else. */
function scalarOf({ attributes, outputs }: ShapedNode): number | undefined {
  const value = attributes.value;
  if (value?.kind !== "tensor" || outputs[0]!.shape.length > 0) return undefined;
  const { buffer, byteOffset, byteLength } = value.value.values;
  return byteLength === 4 ? new DataView(buffer, byteOffset).getFloat32(0, true) : undefined;
}
