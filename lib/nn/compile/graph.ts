/** Records the operations of TensorFlow and runs them again as one graph: the compiled step of the native backend. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { attributeOf, type Binding, type NativeBackend } from "./native.js";
import type { Program } from "./program.js";
import { type Attribute, type GraphNode, nameOf, type Source, savedModel, TAG } from "./protobuf.js";
import { backend, replaceMember } from "./recording.js";
import type { Compiled } from "./replay.js";
import { rewrite, type ShapedNode } from "./rewrite.js";

/** Operations that have been executed, as nodes of a graph. */
export interface WatchedGraph {
  /** Names the results among what was executed. */
  finish(results: readonly tf.Tensor[]): void;
  /** Puts the backend back as it was. */
  stop(): void;
  /** @throws Error saying why no graph can be made. */
  compile(program: Program): Compiled;
}

/** Notes from here on what the native backend executes, inputs being the placeholders of the graph and `constants` part of it. */
export function watchGraph(inputs: readonly tf.Tensor[], constants: readonly tf.Tensor[]): WatchedGraph {
  const native = backend() as unknown as NativeBackend;
  const { binding } = native;
  const nodes: ShapedNode[] = [];
  const sourceOf = new Map<number, Source>();
  const order = orderOfVariables();
  let problem: string | undefined;
  const add = (ids: readonly number[], node: Omit<ShapedNode, "name">) => {
    const name = `n${nodes.length}`;
    nodes.push({ name, ...node });
    ids.forEach((id, index) => {
      sourceOf.set(id, { node: name, index });
    });
  };
  native.getInputTensorIds(inputs).forEach((id, i) => {
    add([id], placeholder(native, inputs[i]!));
  });
  native.getInputTensorIds(constants).forEach((id, i) => {
    const { shape, dtype } = constants[i]!;
    add([id], constant(binding, shape, native.getDTypeInteger(dtype), constants[i]!.dataSync()));
  });
  const createTensor: Binding["createTensor"] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    if (dtype === binding.TF_STRING) problem ??= "it makes a tensor of strings";
    else add([id], constant(binding, shape, dtype, values));
    return id;
  };
  const executeOp: Binding["executeOp"] = (operation, attributes, ids, count) => {
    const made = binding.executeOp(operation, attributes, ids, count);
    const sources = ids.map((id) => sourceOf.get(id));
    if (sources.includes(undefined)) problem ??= `${operation} uses a tensor from outside`;
    const after = order(sources, `n${nodes.length}`);
    const named = attributes.map((each): [string, Attribute] => [each.name, attributeOf(binding, each)]);
    add(
      made.map(({ id }) => id),
      {
        ...{ operation, inputs: sources as Source[], after, attributes: Object.fromEntries(named) },
        outputs: made.map(({ shape, dtype }) => ({ shape: [...shape], dtype })),
      },
    );
    for (const { id, dtype } of made) if (dtype === binding.TF_RESOURCE) order.variable(sourceOf.get(id)!);
    return made;
  };
  const watched = Object.create(binding, {
    createTensor: { value: createTensor },
    executeOp: { value: executeOp },
  }) as Binding;
  const stop = replaceMember(native, "binding", watched);
  let results: readonly (Source | undefined)[] = [];
  return {
    stop,
    finish(tensors) {
      results = native.getInputTensorIds(tensors).map((id) => sourceOf.get(id));
    },
    compile(program) {
      if (problem !== undefined || results.includes(undefined))
        throw new Error(problem ?? "it returns a tensor from outside");
      return load(native, rewrite(nodes), program, results as readonly Source[]);
    },
  };
}

/** Operations on one variable run in the order in which they were executed: each after the one before. */
function orderOfVariables() {
  const lastUser = new Map<string, string | undefined>();
  const after = (sources: readonly (Source | undefined)[], user: string): string[] => {
    const variables = sources.flatMap((source) => (source ? [nameOf(source)] : []));
    const touched = variables.filter((variable) => lastUser.has(variable));
    const before = touched.flatMap((variable) => lastUser.get(variable) ?? []);
    for (const variable of touched) lastUser.set(variable, user);
    return [...new Set(before)];
  };
  const variable = (source: Source) => {
    lastUser.set(nameOf(source), undefined);
  };
  return Object.assign(after, { variable });
}

function placeholder(native: NativeBackend, { shape, dtype }: tf.Tensor): Omit<ShapedNode, "name"> {
  const attributes = {
    dtype: { kind: "type", value: native.getDTypeInteger(dtype) },
    shape: { kind: "shape", value: shape },
  } as const;
  return {
    operation: "Placeholder",
    inputs: [],
    attributes,
    outputs: [{ shape, dtype: attributes.dtype.value }],
  };
}

/** A constant of values that nobody can change any more. */
export function constant(
  binding: Binding,
  shape: readonly number[],
  dtype: number,
  values: ArrayBufferView | readonly unknown[],
): Omit<ShapedNode, "name"> {
  const view = ArrayBuffer.isView(values) ? values : ofNumbers(binding, dtype, values as number[]);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const attributes = {
    dtype: { kind: "type", value: dtype },
    value: { kind: "tensor", value: { dtype, shape, values: bytes } },
  } as const;
  return { operation: "Const", inputs: [], attributes, outputs: [{ shape, dtype }] };
}

function ofNumbers(binding: Binding, dtype: number, values: readonly number[]): ArrayBufferView {
  if (dtype === binding.TF_FLOAT) return Float32Array.from(values);
  return dtype === binding.TF_INT32 ? Int32Array.from(values) : Uint8Array.from(values);
}

/** Gives the graph to a session of TensorFlow. */
function load(
  native: NativeBackend,
  nodes: readonly GraphNode[],
  program: Program,
  results: readonly Source[],
): Compiled {
  const { binding } = native;
  const computed = program.outputs.map(({ slot }) => slot >= program.inputs && !program.constants.has(slot));
  const fetched = [...new Set(results.filter((_, i) => computed[i]).map(nameOf))];
  const needed = reachable(nodes, results);
  const fed = Array.from({ length: program.inputs }, (_, i) => i).filter((i) => needed.has(nodes[i]!.name));
  const [feeds, fetches] = [fed.map((i) => `${nodes[i]!.name}:0`).join(","), fetched.join(",")];
  const model = loadModel(
    binding,
    nodes.filter(({ name }) => needed.has(name)),
  );
  return {
    run(inputs) {
      const ids = native.getInputTensorIds(fed.map((i) => inputs[i]!));
      const made = fetched.length > 0 ? binding.runSavedModel(model, ids, feeds, fetches) : [];
      const tensors = made.map((metadata) => native.createOutputTensor(metadata));
      const given = new Set<number>();
      return program.outputs.map(({ slot }, i) => {
        if (!computed[i]) return another(inputs[slot] ?? program.constants.get(slot)!);
        const at = fetched.indexOf(nameOf(results[i]!));
        if (given.has(at)) return another(tensors[at]!);
        given.add(at);
        return tensors[at]!;
      });
    },
    dispose: () => binding.deleteSavedModel(model),
  };
}

/** Another tensor of the same data. */
function another({ dataId, shape, dtype }: tf.Tensor): tf.Tensor {
  backend().incRef(dataId);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
}

/** Names of the nodes on which the results depend. */
function reachable(nodes: readonly GraphNode[], results: readonly Source[]): Set<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const open = results.map(({ node }) => node);
  while (open.length > 0) {
    const name = open.pop()!;
    if (needed.has(name)) continue;
    needed.add(name);
    const { inputs, after = [] } = byName.get(name)!;
    open.push(...inputs.map(({ node }) => node), ...after);
  }
  return needed;
}

/** TensorFlow loads graphs from folders alone: from a fresh one that is gone afterwards. */
function loadModel(binding: Binding, nodes: readonly GraphNode[]): number {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel(nodes));
    return binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
