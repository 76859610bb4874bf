/** One step of a long short-term memory, without its matrix products: gates in the order input, forget, cell, output. */
import { put, take } from "./blocks";
import { constant, sigmoid4, tanh4 } from "./vector";

/**
 * New cell and hidden state [rows, units] from the sums of the gates [rows, 4·units].
 *
 * @param recalled    what the last hidden state adds to the gates, address 0 at the first step; so too `before`, the last cell
 * @param gates       takes the gates after their sigmoid or tanh
 */
export function lstmForward(
  rows: i32,
  units: i32,
  inputs: usize,
  recalled: usize,
  before: usize,
  gates: usize,
  cell: usize,
  hidden: usize,
): void {
  const bytes = <usize>units << 2;
  for (let row = 0; row < rows; row++) {
    const gate = <usize>(4 * row * units) << 2;
    const state = <usize>(row * units) << 2;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      forward(true, bytes, gate + j, state + j, inputs, recalled, before, gates, cell, hidden);
    }
    for (; j < bytes; j += 4) {
      forward(false, bytes, gate + j, state + j, inputs, recalled, before, gates, cell, hidden);
    }
  }
}

/** Four units, or one. @param gate bytes to the first gate @param state bytes to the cell and the hidden state */
@inline
function forward(
  four: bool,
  bytes: usize,
  gate: usize,
  state: usize,
  inputs: usize,
  recalled: usize,
  before: usize,
  gates: usize,
  cell: usize,
  hidden: usize,
): void {
  const i = sigmoid4(gateSum(four, gate, inputs, recalled));
  const f = sigmoid4(gateSum(four, gate + bytes, inputs, recalled));
  const g = tanh4(gateSum(four, gate + 2 * bytes, inputs, recalled));
  const o = sigmoid4(gateSum(four, gate + 3 * bytes, inputs, recalled));
  const old = before ? take(four, before + state) : constant(0);
  const fresh = f32x4.add(f32x4.mul(f, old), f32x4.mul(i, g));
  put(four, gates + gate, i);
  put(four, gates + gate + bytes, f);
  put(four, gates + gate + 2 * bytes, g);
  put(four, gates + gate + 3 * bytes, o);
  put(four, cell + state, fresh);
  put(four, hidden + state, f32x4.mul(o, tanh4(fresh)));
}

@inline
function gateSum(four: bool, at: usize, inputs: usize, recalled: usize): v128 {
  const sum = take(four, inputs + at);
  return recalled ? f32x4.add(sum, take(four, recalled + at)) : sum;
}

/**
 * Gradients of the sums of the gates [rows, 4·units] from those of the hidden state.
 *
 * @param dHidden     from what read the hidden state of this step, address 0 for none
 * @param dRecalled   from the gates of the next step, address 0 at the last
 * @param dCell       holds the gradient of this step's cell, and then that of the cell before
 */
export function lstmBackward(
  rows: i32,
  units: i32,
  gates: usize,
  cell: usize,
  before: usize,
  dHidden: usize,
  dRecalled: usize,
  dCell: usize,
  dGates: usize,
): void {
  const bytes = <usize>units << 2;
  for (let row = 0; row < rows; row++) {
    const gate = <usize>(4 * row * units) << 2;
    const state = <usize>(row * units) << 2;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      backward(true, bytes, gate + j, state + j, gates, cell, before, dHidden, dRecalled, dCell, dGates);
    }
    for (; j < bytes; j += 4) {
      backward(false, bytes, gate + j, state + j, gates, cell, before, dHidden, dRecalled, dCell, dGates);
    }
  }
}

@inline
function backward(
  four: bool,
  bytes: usize,
  gate: usize,
  state: usize,
  gates: usize,
  cell: usize,
  before: usize,
  dHidden: usize,
  dRecalled: usize,
  dCell: usize,
  dGates: usize,
): void {
  const i = take(four, gates + gate);
  const f = take(four, gates + gate + bytes);
  const g = take(four, gates + gate + 2 * bytes);
  const o = take(four, gates + gate + 3 * bytes);
  const squashed = tanh4(take(four, cell + state));
  const old = before ? take(four, before + state) : constant(0);
  let dh = dHidden ? take(four, dHidden + state) : constant(0);
  if (dRecalled) dh = f32x4.add(dh, take(four, dRecalled + state));
  const dc = f32x4.add(take(four, dCell + state), f32x4.mul(f32x4.mul(dh, o), tanhSlope(squashed)));
  put(four, dGates + gate, f32x4.mul(f32x4.mul(dc, g), sigmoidSlope(i)));
  put(four, dGates + gate + bytes, f32x4.mul(f32x4.mul(dc, old), sigmoidSlope(f)));
  put(four, dGates + gate + 2 * bytes, f32x4.mul(f32x4.mul(dc, i), tanhSlope(g)));
  put(four, dGates + gate + 3 * bytes, f32x4.mul(f32x4.mul(dh, squashed), sigmoidSlope(o)));
  put(four, dCell + state, f32x4.mul(dc, f));
}

/** Slopes from the values of the functions. */
@inline
function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(constant(1), y));
}

@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(constant(1), f32x4.mul(y, y));
}
