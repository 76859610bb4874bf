/** All steps of a long short-term memory, replica by replica: what is laid out [R, T, B, …] here is read step by step. */
import { gemm, gemmScratch } from "./gemm";
import { lstmBackward, lstmForward } from "./lstm";
import { PACKED, packPanels, panelBytes } from "./panels";

/** Bytes that either pass needs at `scratch`. */
export function lstmScratch(steps: i32, rows: i32, units: i32): i32 {
  const forward = gemmScratch(0, rows, units);
  const backward = max(gemmScratch(0, rows, 4 * units), gemmScratch(1, units, (steps - 1) * rows));
  return ((4 * rows * units) << 2) + recallBytes(units) + max(forward, backward);
}

/** Bytes of the panels of a replica's recall weights, or of their transpose. */
@inline
function recallBytes(units: i32): i32 {
  return max(panelBytes(4 * units, units), panelBytes(units, 4 * units));
}

/**
 * @param inputs   [R, T, B, 4H] sums of the gates without what is recalled
 * @param recall   [R, H, 4H]
 * @param last     takes the last hidden state [R, B, H]; `hidden` and `cells` all [R, T, B, H], `gates` [R, T, B, 4H]
 */
export function lstmSequence(
  replicas: i32,
  steps: i32,
  rows: i32,
  units: i32,
  inputs: usize,
  recall: usize,
  last: usize,
  hidden: usize,
  cells: usize,
  gates: usize,
  scratch: usize,
): void {
  const state = <usize>(rows * units) << 2;
  const panels = scratch + 4 * state;
  const work = panels + recallBytes(units);
  for (let r = 0; r < replicas; r++) {
    if (steps > 1) packPanels(recall + (<usize>(4 * r * units * units) << 2), panels, 4 * units, units, 0);
    for (let t = 0; t < steps; t++) {
      const at = <usize>(r * steps + t) * state;
      const sums = inputs + 4 * at;
      if (t == 0) lstmForward(rows, units, sums, 0, 0, gates + 4 * at, cells + at, hidden + at);
      else {
        gemm(0, PACKED, 1, rows, 4 * units, units, hidden + at - state, 0, panels, 0, scratch, 0, 0, work);
        lstmForward(rows, units, sums, scratch, cells + at - state, gates + 4 * at, cells + at, hidden + at);
      }
    }
    const end = <usize>((r + 1) * steps - 1) * state;
    memory.copy(last + <usize>r * state, hidden + end, state);
  }
}

/**
 * @param dy         gradient of the last hidden state [R, B, H], or of all of them [R, T, B, H] where `all` is 1
 * @param dInputs    takes that of `inputs` [R, T, B, 4H], dRecall that of `recall`
 */
export function lstmSequenceGradient(
  all: i32,
  replicas: i32,
  steps: i32,
  rows: i32,
  units: i32,
  dy: usize,
  recall: usize,
  hidden: usize,
  cells: usize,
  gates: usize,
  dInputs: usize,
  dRecall: usize,
  scratch: usize,
): void {
  const state = <usize>(rows * units) << 2;
  const square = <usize>(4 * units * units) << 2;
  const work = scratch + 4 * state + recallBytes(units);
  for (let r = 0; r < replicas; r++) {
    const first = <usize>(r * steps) * state;
    const weight = recall + <usize>r * square;
    const from = dy + <usize>(all ? r * steps : r) * state;
    const dGates = dInputs + 4 * first;
    backwardInTime(all, steps, rows, units, from, weight, cells + first, gates + 4 * first, dGates, scratch);
    const inner = (steps - 1) * rows;
    const later = dGates + 4 * state;
    gemm(1, 0, 1, units, 4 * units, inner, hidden + first, 0, later, 0, dRecall + <usize>r * square, 0, 0, work);
  }
}

/** One replica's gradients of its gates, from the last step to the first. */
function backwardInTime(
  all: i32,
  steps: i32,
  rows: i32,
  units: i32,
  dy: usize,
  weight: usize,
  cells: usize,
  gates: usize,
  dGates: usize,
  scratch: usize,
): void {
  const state = <usize>(rows * units) << 2;
  const dRecalled = scratch;
  const dCell = scratch + state;
  const panels = scratch + 4 * state;
  const work = panels + recallBytes(units);
  memory.fill(dCell, 0, state);
  if (steps > 1) packPanels(weight, panels, units, 4 * units, 1);
  for (let t = steps - 1; t >= 0; t--) {
    const at = <usize>t * state;
    const isLast = t == steps - 1;
    const before = t > 0 ? cells + at - state : 0;
    const fromOutside = all ? dy + at : isLast ? dy : 0;
    const fromNext = isLast ? <usize>0 : dRecalled;
    const to = dGates + 4 * at;
    lstmBackward(rows, units, gates + 4 * at, cells + at, before, fromOutside, fromNext, dCell, to);
    if (t > 0) gemm(0, PACKED, 1, rows, units, 4 * units, to, 0, panels, 0, dRecalled, 0, 0, work);
  }
}
