/** Copies of parts of tensors: the ways of split, concat, slice and transpose. */

import { transpose4 } from "./blocks";

/** `rows` runs of `length` floats, `fromStep` and `toStep` floats apart. */
export function copyRows(rows: i32, length: i32, from: usize, fromStep: i32, to: usize, toStep: i32): void {
  const bytes = <usize>length << 2;
  for (let i = 0; i < rows; i++) {
    copyRun(from, to, bytes);
    from += <usize>fromStep << 2;
    to += <usize>toStep << 2;
  }
}

/** Short runs by registers, as a call for each would cost more than the copy. */
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(to, from, bytes);
    return;
  }
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, v128.load(from + at));
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
}

/** [a, b, c, d] to [a, c, b, d]. */
export function swapMiddle(a: i32, b: i32, c: i32, d: i32, from: usize, to: usize): void {
  if (d == 1) {
    for (let i = 0; i < a; i++) {
      const block = <usize>(i * b * c) << 2;
      transposeMatrix(b, c, from + block, to + block);
    }
    return;
  }
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const source = from + (<usize>((i * b + j) * c * d) << 2);
      const target = to + (<usize>((i * c * b + j) * d) << 2);
      copyRows(c, d, source, d, target, b * d);
    }
  }
}

/** [rows, columns] to [columns, rows], in blocks of four by four. */
function transposeMatrix(rows: i32, columns: i32, from: usize, to: usize): void {
  const whole = columns & ~3;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    for (let j = 0; j < whole; j += 4) {
      const source = from + (<usize>(i * columns + j) << 2);
      transpose4(source, <usize>columns << 2, to + (<usize>(j * rows + i) << 2), <usize>rows << 2);
    }
    for (let j = whole; j < columns; j++) copyColumn(i, i + 4, j, rows, columns, from, to);
  }
  for (let j = 0; j < columns; j++) copyColumn(i, rows, j, rows, columns, from, to);
}

function copyColumn(begin: i32, end: i32, j: i32, rows: i32, columns: i32, from: usize, to: usize): void {
  for (let i = begin; i < end; i++) {
    store<f32>(to + (<usize>(j * rows + i) << 2), load<f32>(from + (<usize>(i * columns + j) << 2)));
  }
}
