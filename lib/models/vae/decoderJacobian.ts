/** The derivative of a decoder at a latent vector, in float64. */
import { checkLength, checkPositive, Matrix } from "../../core/index.js";

/** One layer: activation(W h + b), W [out, in] and b [out]. */
export interface DenseLayer {
  readonly weights: Matrix;
  readonly bias: ArrayLike<number>;
  readonly activation: "linear" | "relu" | "tanh";
}

/**
 * ∂f/∂z [out, K] of layers one after another, by the chain rule.
 *
 * A ReLU's derivative at exactly zero is taken to be zero.
 * @throws RangeError when a layer does not fit the one before.
 */
export function decoderJacobian(layers: readonly DenseLayer[], z: ArrayLike<number>): Matrix {
  let h = Float64Array.from(z);
  let jacobian = Matrix.eye(h.length, h.length);
  layers.forEach(({ weights, bias, activation }, n) => {
    checkLength(`layer ${n}: input`, h, weights.columns);
    checkLength(`layer ${n}: bias`, bias, weights.rows);
    const before = weights.mmul(Matrix.columnVector(Array.from(h))).getColumn(0);
    const linear = before.map((value, i) => value + bias[i]!);
    jacobian = weights.mmul(jacobian);
    linear.forEach((value, i) => {
      jacobian.mulRow(i, slope(value, activation));
    });
    h = Float64Array.from(linear, (value) => activate(value, activation));
  });
  return jacobian;
}

/**
 * The Jacobian ∂f/∂z [out,K] of any function, by central differences of `step`; for functions of no known derivative.
 * @throws RangeError when the step is not positive.
 */
export function finiteJacobian(
  f: (z: Float64Array) => ArrayLike<number>,
  z: ArrayLike<number>,
  step = 1e-4,
): Matrix {
  checkPositive("step", step);
  const moved = (k: number, by: number) =>
    f(Float64Array.from(z, (value, i) => (i === k ? value + by : value)));
  const columns = Array.from({ length: z.length }, (_, k) => {
    const [up, down] = [moved(k, step), moved(k, -step)];
    return Array.from(up, (value, i) => (value - down[i]!) / (2 * step));
  });
  return new Matrix(columns).transpose();
}

function activate(x: number, activation: DenseLayer["activation"]): number {
  if (activation === "linear") return x;
  return activation === "tanh" ? Math.tanh(x) : Math.max(0, x);
}

function slope(x: number, activation: DenseLayer["activation"]): number {
  if (activation === "linear") return 1;
  return activation === "tanh" ? 1 - Math.tanh(x) ** 2 : Number(x > 0);
}
