/** Oddities of sound candles as a series: nothing is changed by them, but nobody should train on them unawares. */
import type { Bars } from "../../core/index.js";
import { isoOf } from "./timeUnit.js";

/** Something found: in how many bars, and the first. */
export interface Finding {
  readonly found: "jump" | "flat" | "no volume" | "coarse ticks";
  readonly bars: number;
  readonly example: string;
}

/** Trailing median moves that a jump has at least: a split, a redenomination, another contract under the same name. */
const JUMP = 50;
/** Moves that are remembered, and how many must be known. */
const MEMORY = 100;
const LEAST_KNOWN = 20;
/** Bars before and after a jump between whose medians it must lie. */
const AFTER = 5;
/** Bars in a row that count as a stretch. */
const STRETCH = 20;
const HOUR = 3_600_000;

/**
 * Jumps that stay, stretches without a move or without volume, and ticks as large as the moves, of candles on their complete grid,
 * whose holes are NaN. A jump needs the bars after it; of the latest bar none can be told.
 */
export function findings(bars: Bars): Finding[] {
  return [jumps(bars), flat(bars), withoutVolume(bars), coarseTicks(bars)].filter(
    (finding) => finding.bars > 0,
  );
}

function jumps({ close, openTime }: Bars): Finding {
  const known = Array.from(close.keys()).filter((t) => Number.isFinite(close[t]));
  const usual = trailingMedian(MEMORY);
  const level = (from: number, to: number): number =>
    middle(known.slice(Math.max(0, from), to).map((t) => Math.log(close[t]!))); // NaN of none
  const found: string[] = [];
  for (let k = 1; k < known.length; k++) {
    const [before, t] = [known[k - 1]!, known[k]!];
    const move = Math.log(close[t]! / close[before]!);
    const limit = JUMP * usual.median() * Math.sqrt(t - before); // a hole is a longer move
    const stays =
      Math.sign(move) * (level(k + 1, k + 1 + AFTER) - level(k - AFTER, k)) > 0.5 * Math.abs(move);
    if (usual.count() >= LEAST_KNOWN && Math.abs(move) >= limit && stays)
      found.push(
        `${isoOf(openTime[t]!)} close ${close[before]} → ${close[t]} (×${(close[t]! / close[before]!).toPrecision(3)})`,
      );
    if (move !== 0) usual.add(Math.abs(move));
  }
  return { found: "jump", bars: found.length, example: found[0] ?? "" };
}

function flat({ open, high, low, close, openTime }: Bars): Finding {
  const still = (t: number) => high[t] === low[t] && open[t] === close[t] && close[t] === close[t - 1];
  return stretches("flat", openTime, still, (t, count) => `${count} bars at ${close[t]}`);
}

function withoutVolume({ volume, openTime }: Bars): Finding {
  return stretches(
    "no volume",
    openTime,
    (t) => volume[t] === 0,
    (_, count) => `${count} bars`,
  );
}

/** Bars in stretches of at least `STRETCH` of which `is` is true. */
function stretches(
  found: Finding["found"],
  openTime: Float64Array,
  is: (t: number) => boolean,
  words: (t: number, count: number) => string,
): Finding {
  let [run, bars, example] = [0, 0, ""];
  for (let t = 0; t <= openTime.length; t++) {
    if (t < openTime.length && is(t)) {
      run++;
      continue;
    }
    if (run >= STRETCH) {
      bars += run;
      example ||= `${isoOf(openTime[t - run]!)} ${words(t - run, run)}`;
    }
    run = 0;
  }
  return { found, bars, example };
}

/** Bars that move by at most one tick, where the usual move is one tick of at least a thousandth of the price. */
function coarseTicks({ close, openTime }: Bars): Finding {
  const moves = close.subarray(1).map((price, t) => Math.abs(price - close[t]!));
  const real = moves.filter((move) => move > 0).sort();
  const tick = real[0] ?? Number.NaN;
  const share = tick / middle(Array.from(close.filter(Number.isFinite)));
  const isCoarse = real.length >= LEAST_KNOWN && share >= 1e-3 && real[real.length >> 1]! < 1.5 * tick;
  const bars = isCoarse ? moves.filter((move) => move < 1.5 * tick).length : 0;
  const size = `ticks of ${Number(tick.toPrecision(3))}, ${(100 * share).toPrecision(2)} % of the price`;
  return { found: "coarse ticks", bars, example: isCoarse ? `${isoOf(openTime[0]!)} ${size}` : "" };
}

/** Whether all holes are of exactly one hour, and as rare as changes of clocks. */
export function isClockChange({ close, stepMs }: Pick<Bars, "close" | "stepMs">): boolean {
  const holes: number[] = [];
  let run = 0;
  close.forEach((price) => {
    if (Number.isNaN(price)) run++;
    else if (run > 0) {
      holes.push(run);
      run = 0;
    }
  });
  const years = (close.length * stepMs) / (365 * 24 * HOUR);
  return holes.length > 0 && holes.length <= 2 * years + 1 && holes.every((bars) => bars * stepMs === HOUR);
}

/** The median of the last values, kept in order. */
function trailingMedian(memory: number) {
  const [recent, sorted]: [number[], number[]] = [[], []];
  const place = (value: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if (sorted[half]! < value) low = half + 1;
      else high = half;
    }
    return low;
  };
  return {
    count: () => recent.length,
    median: () => middleOf(sorted),
    add(value: number): void {
      sorted.splice(place(value), 0, value);
      if (recent.push(value) > memory) sorted.splice(place(recent.shift()!), 1);
    },
  };
}

function middle(values: readonly number[]): number {
  return middleOf([...values].sort((a, b) => a - b));
}

function middleOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
