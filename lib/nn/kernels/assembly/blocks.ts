/** Small blocks of numbers between memory and registers. */

/** Four by four numbers, transposed in registers. @param fromStep bytes between rows */
@inline
export function transpose4(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + fromStep);
  const r2 = v128.load(from + 2 * fromStep);
  const r3 = v128.load(from + 3 * fromStep);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toStep, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toStep, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toStep, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** The first `width` of eight numbers. */
@inline
export function storeRow(c: usize, low: v128, high: v128, width: i32): void {
  if (width == 8) {
    v128.store(c, low);
    v128.store(c, high, 16);
  } else {
    storePart(c, low, high, width);
  }
}

function storePart(c: usize, low: v128, high: v128, width: i32): void {
  let part = low;
  if (width >= 4) {
    v128.store(c, low);
    c += 16;
    part = high;
    width -= 4;
  }
  if (width > 0) store<f32>(c, f32x4.extract_lane(part, 0));
  if (width > 1) store<f32>(c, f32x4.extract_lane(part, 1), 4);
  if (width > 2) store<f32>(c, f32x4.extract_lane(part, 2), 8);
}

/** Four numbers, or one. */
@inline
export function take(four: bool, at: usize): v128 {
  return four ? v128.load(at) : v128.load_splat<f32>(at);
}

@inline
export function put(four: bool, at: usize, x: v128): void {
  if (four) v128.store(at, x);
  else store<f32>(at, f32x4.extract_lane(x, 0));
}
