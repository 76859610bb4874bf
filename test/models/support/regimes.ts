/** Rows with planted clusters and regimes. */
import { fold, type Key, key, normals, uniforms } from "../../../lib/core/random.js";

/** Three clouds in the plane, not in any order of time: the rows that scikit-learn was given. */
export function blobs(): { x: Float64Array; truth: Uint8Array } {
  const rows = 300;
  const u = uniforms(key("blobs regime"), rows);
  const truth = Uint8Array.from(u, (v) => (v < 0.5 ? 0 : v < 0.8 ? 1 : 2));
  const centre = [
    [0, 0],
    [4, 1],
    [1, 5],
  ];
  const scale = [
    [1, 1],
    [0.5, 1.5],
    [1.2, 0.4],
  ];
  const x = normals(key("blobs"), rows * 2).map((z, i) => {
    const c = truth[i >> 1]!;
    return centre[c]![i % 2]! + scale[c]![i % 2]! * z;
  });
  return { x, truth };
}

/** A chain of `states` [T] that stays with probability `stay` and else goes to any other. */
export function chain(
  k: Key,
  rows: number,
  { states, stay }: { readonly states: number; readonly stay: number },
): Uint8Array {
  const [leave, where] = [uniforms(fold(k, "leave"), rows), uniforms(fold(k, "where"), rows)];
  const path = new Uint8Array(rows);
  for (let t = 0; t < rows; t++) {
    const before = t === 0 ? 0 : path[t - 1]!;
    path[t] = leave[t]! < stay ? before : (before + 1 + Math.floor(where[t]! * (states - 1))) % states;
  }
  return path;
}
