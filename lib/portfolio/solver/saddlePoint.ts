/** Linear systems of constrained quadratics, dense and row-major: [H −Aᵀ; A 0] [x; y] = [r; p]. */

/** Share of a diagonal entry that is left when all of it should be gone. */
const ROUNDING = 1e-14;

/** H = L Lᵀ and A H⁻¹ Aᵀ = M Mᵀ, once factorised. H is [N,N], A holds rows of length N. */
export interface SaddlePoint {
  readonly size: number;
  readonly lower: Float64Array;
  readonly rows: readonly Float64Array[];
  /** H⁻¹ aᵢ */
  readonly reached: readonly Float64Array[];
  readonly schur: Float64Array;
}

/**
 * Both factors, of positive semidefinite matrices.
 *
 * A pivot that rounding may have made of nothing leaves its unknown at zero: where the system has many solutions that
 * is one of them, where it has none the callers see it by the residual.
 */
export function factorise(h: Float64Array, rows: readonly Float64Array[]): SaddlePoint {
  const size = Math.round(Math.sqrt(h.length));
  const lower = choleskyOf(h, size);
  const reached = rows.map((row) => solveFactor(lower, size, row));
  const m = rows.length;
  const gram = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) gram[i * m + j] = dot(rows[i]!, reached[j]!);
  return { size, lower, rows, reached, schur: choleskyOf(gram, m) };
}

/** x with its multipliers y, for the right-hand sides r [N] and p [rows]. */
export function solveSaddlePoint(
  { size, lower, rows, reached, schur }: SaddlePoint,
  r: Float64Array,
  p: Float64Array,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const x = solveFactor(lower, size, r);
  const rest = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) rest[i] = p[i]! - dot(rows[i]!, x);
  const y = solveFactor(schur, rows.length, rest);
  for (let i = 0; i < rows.length; i++) {
    const own = reached[i]!;
    for (let k = 0; k < size; k++) x[k]! += y[i]! * own[k]!;
  }
  return { x, y };
}

/** Σ aᵢ bᵢ */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** Q x for a row-major square Q. */
export function product(q: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let total = 0;
    for (let j = 0; j < size; j++) total += q[i * size + j]! * x[j]!;
    out[i] = total;
  }
  return out;
}

/** L [N,N], column by column; four rows at a time, because each sum waits for its own last term alone. */
function choleskyOf(a: Float64Array, size: number): Float64Array {
  const l = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const own = j * size;
    let rest = a[own + j]!;
    for (let k = 0; k < j; k++) rest -= l[own + k]! * l[own + k]!;
    const pivot = rest > ROUNDING * a[own + j]! ? Math.sqrt(rest) : Number.POSITIVE_INFINITY;
    l[own + j] = pivot;
    let i = j + 1;
    for (; i + 3 < size; i += 4) {
      const r0 = i * size;
      const r1 = r0 + size;
      const r2 = r1 + size;
      const r3 = r2 + size;
      let s0 = a[r0 + j]!;
      let s1 = a[r1 + j]!;
      let s2 = a[r2 + j]!;
      let s3 = a[r3 + j]!;
      for (let k = 0; k < j; k++) {
        const factor = l[own + k]!;
        s0 -= l[r0 + k]! * factor;
        s1 -= l[r1 + k]! * factor;
        s2 -= l[r2 + k]! * factor;
        s3 -= l[r3 + k]! * factor;
      }
      l[r0 + j] = s0 / pivot;
      l[r1 + j] = s1 / pivot;
      l[r2 + j] = s2 / pivot;
      l[r3 + j] = s3 / pivot;
    }
    for (; i < size; i++) {
      let left = a[i * size + j]!;
      for (let k = 0; k < j; k++) left -= l[i * size + k]! * l[own + k]!;
      l[i * size + j] = left / pivot;
    }
  }
  return l;
}

function solveFactor(l: Float64Array, size: number, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    let rest = x[i]!;
    for (let k = 0; k < i; k++) rest -= l[i * size + k]! * x[k]!;
    x[i] = rest / l[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let rest = x[i]!;
    for (let k = i + 1; k < size; k++) rest -= l[k * size + i]! * x[k]!;
    x[i] = rest / l[i * size + i]!;
  }
  return x;
}
