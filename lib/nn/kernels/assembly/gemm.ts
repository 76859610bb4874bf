/**
 * Matrix products of R replicas, in all transpositions.
 *
 * Four rows of the result by eight columns are summed in registers over the whole inner axis; the columns of `b` are first
 * gathered into a panel that stays in the nearest cache, and a transposed `a`, unless it is small, into strips.
 */
import { storeRow } from "./blocks";
import { floats, HEIGHT, loadBias, PACKED, packPanel, packStrips, WIDTH } from "./panels";
import { madd } from "./vector";

/** Rows that pass under a panel before the next one comes. */
const BLOCK: i32 = 256;

/** Columns of the result, and numbers of a transposed `a`, up to which packing it would cost more than it saves. */
const NARROW: i32 = 64;
const SMALL: i32 = 4096;

/** Bytes that `gemm` needs at `scratch`: a panel, its bias, and the strips of a transposed `a`. */
export function gemmScratch(transposeA: i32, rows: i32, inner: i32): i32 {
  const strips = transposeA ? (rows + HEIGHT - 1) & ~(HEIGHT - 1) : 0;
  return (WIDTH * (inner + 1) + strips * inner) << 2;
}

/**
 * c = a · b + bias for each replica: a [rows, inner], b [inner, columns], or stored transposed; c [rows, columns].
 *
 * @param transposeB  0, 1, or PACKED where b lies in panels already (`packPanels`)
 * @param strideA     elements from one replica to the next, 0 where all share one; so too strideB and strideBias
 * @param bias        address of [columns], or 0 for none
 */
export function gemm(
  transposeA: i32,
  transposeB: i32,
  replicas: i32,
  rows: i32,
  columns: i32,
  inner: i32,
  a: usize,
  strideA: i32,
  b: usize,
  strideB: i32,
  c: usize,
  bias: usize,
  strideBias: i32,
  scratch: usize,
): void {
  const strips = scratch + floats(WIDTH * (inner + 1));
  const packed = transposeA != 0 && (columns > NARROW || rows * inner > SMALL);
  const row = transposeA ? <usize>4 : floats(inner);
  const along = transposeA ? floats(rows) : <usize>4;
  for (let r = 0; r < replicas; r++) {
    const left = a + floats(r * strideA);
    const right = b + floats(r * strideB);
    const shift = bias ? bias + floats(r * strideBias) : 0;
    if (packed && (r == 0 || strideA != 0)) packStrips(left, strips, rows, inner);
    for (let i = 0; i < rows; i += BLOCK) {
      const height = min(BLOCK, rows - i);
      const from = packed ? strips + floats(i * inner) : left + <usize>i * row;
      const to = c + floats((r * rows + i) * columns);
      multiplyBlock(packed, transposeB, height, columns, inner, from, row, along, right, to, shift, scratch);
    }
  }
}

/** A block of rows by all columns. @param a its rows, `row` bytes apart and their numbers `along`, or strips where it is packed */
function multiplyBlock(
  packed: bool,
  transposeB: i32,
  rows: i32,
  columns: i32,
  inner: i32,
  a: usize,
  row: usize,
  along: usize,
  b: usize,
  c: usize,
  bias: usize,
  panel: usize,
): void {
  const begin = panel + floats(WIDTH * inner);
  const next = floats(columns);
  for (let j = 0; j < columns; j += WIDTH) {
    const width = min(WIDTH, columns - j);
    loadBias(bias ? bias + floats(j) : 0, begin, width);
    // For a few rows, packing would cost more than it saves.
    const direct = transposeB == 0 && rows < 8 && width == WIDTH;
    const ready = transposeB == PACKED;
    if (!direct && !ready) packPanel(b, panel, j, width, columns, inner, transposeB);
    const under = ready ? b + floats(j * inner) : direct ? b + floats(j) : panel;
    const step = floats(direct ? columns : WIDTH);
    const to = c + floats(j);
    if (packed) multiplyStrips(a, under, step, begin, to, next, rows, inner, width);
    else multiplyRows(a, row, along, under, step, begin, to, next, rows, inner, width);
  }
}

/** A panel of the result from rows of a as they lie. */
function multiplyRows(
  a: usize,
  row: usize,
  along: usize,
  b: usize,
  step: usize,
  begin: usize,
  c: usize,
  next: usize,
  rows: i32,
  inner: i32,
  width: i32,
): void {
  let i = 0;
  for (; i + HEIGHT <= rows; i += HEIGHT) {
    if (along == 4) fourRows(a, row, 4, b, step, begin, c, next, inner, width, HEIGHT);
    else fourRows(a, 4, along, b, step, begin, c, next, inner, width, HEIGHT);
    a += <usize>HEIGHT * row;
    c += <usize>HEIGHT * next;
  }
  for (; i < rows; i++) {
    oneRow(a, along, b, step, begin, c, inner, width);
    a += row;
    c += next;
  }
}

/** A panel of the result from packed strips of a. */
function multiplyStrips(
  strips: usize,
  b: usize,
  step: usize,
  begin: usize,
  c: usize,
  next: usize,
  rows: i32,
  inner: i32,
  width: i32,
): void {
  for (let i = 0; i < rows; i += HEIGHT) {
    fourRows(strips, 4, 16, b, step, begin, c, next, inner, width, min(HEIGHT, rows - i));
    strips += floats(HEIGHT * inner);
    c += <usize>HEIGHT * next;
  }
}

/**
 * Four rows by eight columns.
 *
 * @param row     bytes between the rows of a, `along` between its columns
 * @param begin   eight numbers that the sums of each row begin with
 * @param height  rows that are stored, of the four
 */
@inline
function fourRows(
  a: usize,
  row: usize,
  along: usize,
  b: usize,
  step: usize,
  begin: usize,
  c: usize,
  next: usize,
  inner: i32,
  width: i32,
  height: i32,
): void {
  const low = v128.load(begin);
  const high = v128.load(begin, 16);
  let low0 = low, low1 = low, low2 = low, low3 = low;
  let high0 = high, high1 = high, high2 = high, high3 = high;
  let a0 = a, a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row;
  for (let k = 0; k < inner; k++) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load_splat<f32>(a0);
    low0 = madd(x, left, low0);
    high0 = madd(x, right, high0);
    x = v128.load_splat<f32>(a1);
    low1 = madd(x, left, low1);
    high1 = madd(x, right, high1);
    x = v128.load_splat<f32>(a2);
    low2 = madd(x, left, low2);
    high2 = madd(x, right, high2);
    x = v128.load_splat<f32>(a3);
    low3 = madd(x, left, low3);
    high3 = madd(x, right, high3);
    b += step;
    a0 += along;
    a1 += along;
    a2 += along;
    a3 += along;
  }
  storeRow(c, low0, high0, width);
  if (height > 1) storeRow(c + next, low1, high1, width);
  if (height > 2) storeRow(c + 2 * next, low2, high2, width);
  if (height > 3) storeRow(c + 3 * next, low3, high3, width);
}

/** One row by eight columns. */
function oneRow(
  a: usize,
  along: usize,
  b: usize,
  step: usize,
  begin: usize,
  c: usize,
  inner: i32,
  width: i32,
): void {
  let low = v128.load(begin);
  let high = v128.load(begin, 16);
  for (let k = 0; k < inner; k++) {
    const x = v128.load_splat<f32>(a);
    low = madd(x, v128.load(b), low);
    high = madd(x, v128.load(b, 16), high);
    a += along;
    b += step;
  }
  storeRow(c, low, high, width);
}
