/** Affine maps of the plane as SVG writes them: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** The map of an SVG `transform` attribute; skews do not occur in what Plotly writes and are left out. */
export function parseTransform(text: string | null): Matrix {
  let matrix = IDENTITY;
  for (const [, name, list] of (text ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    matrix = compose(
      matrix,
      step(
        name!,
        list!
          .trim()
          .split(/[\s,]+/)
          .map(Number),
      ),
    );
  }
  return matrix;
}

function step(name: string, v: readonly number[]): Matrix {
  const [first = 0, second] = v;
  if (name === "translate") return [1, 0, 0, 1, first, second ?? 0];
  if (name === "scale") return [first, 0, 0, second ?? first, 0, 0];
  if (name === "rotate") return rotation(first, second ?? 0, v[2] ?? 0);
  if (name === "matrix" && v.length === 6) return v as unknown as Matrix;
  return IDENTITY;
}

/** Rotation by `degrees` about (x, y). */
function rotation(degrees: number, x: number, y: number): Matrix {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}
