/** The parts of matrices as `gemm` reads them: columns in panels of eight, rows of a transposed matrix in strips of four. */
import { transpose4 } from "./blocks";

/** Columns of a panel, rows of a strip. */
export const WIDTH: i32 = 8;
export const HEIGHT: i32 = 4;

/** How b lies where it is neither as it is nor transposed: in panels, one after the other. */
export const PACKED: i32 = 2;

/** Bytes of so many numbers. */
@inline
export function floats(count: i32): usize {
  return <usize>count << 2;
}

/** The bias of a panel's columns, 0 beyond them, at `to`. */
export function loadBias(bias: usize, to: usize, width: i32): void {
  for (let k = 0; k < WIDTH; k++) {
    store<f32>(to + floats(k), bias && k < width ? load<f32>(bias + floats(k)) : 0);
  }
}

/** Bytes of all panels of a matrix. */
export function panelBytes(columns: i32, inner: i32): i32 {
  return (((columns + WIDTH - 1) & ~(WIDTH - 1)) * inner) << 2;
}

/** All panels of b, for products that are made of it again and again. */
export function packPanels(b: usize, to: usize, columns: i32, inner: i32, transposed: i32): void {
  for (let j = 0; j < columns; j += WIDTH) {
    packPanel(b, to + floats(j * inner), j, min(WIDTH, columns - j), columns, inner, transposed);
  }
}

/** Columns j … j + 8 of b as [inner, 8], 0 beyond the last. */
export function packPanel(
  b: usize,
  to: usize,
  j: i32,
  width: i32,
  columns: i32,
  inner: i32,
  transposed: i32,
): void {
  if (transposed) packTransposedPanel(b + floats(j * inner), to, width, inner);
  else if (width == WIDTH) {
    const step = floats(columns);
    let from = b + floats(j);
    for (let k = 0; k < inner; k++, from += step, to += 32) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  } else {
    for (let k = 0; k < inner; k++, to += 32) {
      const from = b + floats(k * columns + j);
      for (let i = 0; i < WIDTH; i++) {
        store<f32>(to + floats(i), i < width ? load<f32>(from + floats(i)) : 0);
      }
    }
  }
}

/** Rows of [columns, inner] as [inner, 8], in blocks of four by four. */
function packTransposedPanel(b: usize, to: usize, width: i32, inner: i32): void {
  const step = floats(inner);
  const whole = width == WIDTH ? inner & ~3 : 0;
  for (let k = 0; k < whole; k += 4) {
    const from = b + floats(k);
    transpose4(from, step, to + floats(k * WIDTH), 32);
    transpose4(from + 4 * step, step, to + floats(k * WIDTH) + 16, 32);
  }
  for (let k = whole; k < inner; k++) {
    for (let i = 0; i < WIDTH; i++) {
      const from = b + floats(i * inner + k);
      store<f32>(to + floats(k * WIDTH + i), i < width ? load<f32>(from) : 0);
    }
  }
}

/** Strips that are filled together, as their numbers lie in one line of the cache. */
const TOGETHER: i32 = 4;

/** [inner, rows] as strips [inner, 4], one after the other, 0 beyond the last row. */
export function packStrips(a: usize, to: usize, rows: i32, inner: i32): void {
  const next = floats(HEIGHT * inner);
  const step = floats(rows);
  let i = 0;
  for (; i + TOGETHER * HEIGHT <= rows; i += TOGETHER * HEIGHT, to += <usize>TOGETHER * next) {
    let from = a + floats(i);
    let at = to;
    for (let k = 0; k < inner; k++, from += step, at += 16) {
      v128.store(at, v128.load(from));
      v128.store(at + next, v128.load(from, 16));
      v128.store(at + 2 * next, v128.load(from, 32));
      v128.store(at + 3 * next, v128.load(from, 48));
    }
  }
  for (; i < rows; i += HEIGHT, to += next) packStrip(a + floats(i), to, step, min(HEIGHT, rows - i), inner);
}

function packStrip(a: usize, to: usize, step: usize, height: i32, inner: i32): void {
  for (let k = 0; k < inner; k++, a += step, to += 16) {
    if (height == HEIGHT) v128.store(to, v128.load(a));
    else {
      for (let h = 0; h < HEIGHT; h++) {
        store<f32>(to + floats(h), h < height ? load<f32>(a + floats(h)) : 0);
      }
    }
  }
}
