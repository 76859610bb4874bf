import { expect, test } from "vitest";
import { fromFlat, fromRows } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { type DenseLayer, decoderJacobian, finiteJacobian } from "../../../lib/models/vae/decoderJacobian.js";

const root = key("jacobian");

function layer(
  name: string,
  shape: readonly [number, number],
  activation: DenseLayer["activation"],
): DenseLayer {
  return {
    weights: fromFlat(normals(fold(root, name), shape[0] * shape[1]), shape[0], shape[1]),
    bias: normals(fold(root, name, "bias"), shape[0]),
    activation,
  };
}

function run(layers: readonly DenseLayer[], z: Float64Array): Float64Array {
  return layers.reduce((h, { weights, bias, activation }) => {
    const linear = Float64Array.from(bias, (b, i) => weights.getRow(i).reduce((s, w, j) => s + w * h[j]!, b));
    if (activation === "linear") return linear;
    return linear.map(activation === "tanh" ? Math.tanh : (x) => Math.max(0, x));
  }, z);
}

test("the derivative of three layers is that of central differences to 1e-6", () => {
  const layers = [
    layer("one", [7, 3], "tanh"),
    layer("two", [5, 7], "relu"),
    layer("three", [4, 5], "linear"),
  ];
  const z = Float64Array.of(0.4, -0.2, 0.9);
  const exact = decoderJacobian(layers, z);
  const finite = finiteJacobian((code) => run(layers, code), z);
  for (let i = 0; i < 4; i++)
    for (let k = 0; k < 3; k++) expect(Math.abs(exact.get(i, k) - finite.get(i, k))).toBeLessThan(1e-6);
});

test("a linear decoder's Jacobian is its matrix, everywhere", () => {
  const only = layer("only", [4, 2], "linear");
  expect(decoderJacobian([only], [3, -1]).to2DArray()).toEqual(only.weights.to2DArray());
});

test("layers that do not fit are named", () => {
  const narrow = { weights: fromRows([[1]]), bias: [0], activation: "relu" as const };
  expect(() => decoderJacobian([narrow], [1, 2])).toThrow("layer 0: input: expected 1 values, got 2");
});
