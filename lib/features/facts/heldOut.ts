/** Stylised facts of bars that had no part in setting the simulated market, and what the simulation has in their place. */
import { createHash } from "node:crypto";
import { type Bars, fold, type Key, readSmall } from "../../core/index.js";
import { files, simulate } from "../../market/index.js";
import {
  type FactName,
  type FactRange,
  factRanges,
  factsOverWindows,
  type WindowOptions,
} from "./rangesOfFacts.js";

/** Facts of one set of bars, and all that is needed to know the bars again. */
export interface HeldOutSet {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** Opening of the first and of the last bar, ISO UTC to the minute. */
  readonly first: string;
  readonly last: string;
  /** Bars of all symbols together. */
  readonly rows: number;
  /** Of time, open, high, low, close and volume of every symbol, as float64, little-endian. */
  readonly sha256: string;
  readonly windows: WindowOptions;
  /** 5 %, 50 % and 95 % quantiles over windows and symbols; without joint facts where there is one symbol. Four digits. */
  readonly facts: Readonly<Partial<Record<FactName, FactRange>>>;
}

/** A fact of a set beside the simulation's. */
export type HeldOutRow = {
  readonly fact: FactName;
  /** Median over the real windows. */
  readonly real: number;
  /** 5 % and 95 % quantiles over simulated windows of the same length, interval and symbols. */
  readonly low: number;
  readonly high: number;
  readonly held: boolean;
};

/**
 * The facts of bars over windows, with range, rows and hash of the bars.
 *
 * Facts are named by hours and count bars: of bars of five minutes `sizeAutocorrelation24` is two hours apart.
 * @throws RangeError as `factsOverWindows`.
 */
export function heldOutSet(name: string, bars: readonly Bars[], windows: WindowOptions): HeldOutSet {
  const ranges = Object.entries(factRanges(factsOverWindows(bars, windows)));
  const opened = bars.flatMap(({ openTime }) => [openTime[0]!, openTime[openTime.length - 1]!]);
  return {
    ...{ name, symbols: bars.map(({ symbol }) => symbol), stepMs: bars[0]!.stepMs },
    ...{ first: minutes(Math.min(...opened)), last: minutes(Math.max(...opened)) },
    rows: bars.reduce((total, { openTime }) => total + openTime.length, 0),
    ...{ sha256: hashOf(bars), windows },
    facts: Object.fromEntries(
      ranges
        .filter(([, range]) => range.every(Number.isFinite))
        .map(([fact, range]) => [fact, range.map((value) => Number(value.toPrecision(4)))]),
    ),
  };
}

/**
 * Each fact of a set against simulated windows of the same symbols, interval and length: held where the real median lies in their
 * 5 % to 95 % range.
 * @param paths    independent simulations, each of `windows` windows a symbol
 */
export function confront(
  set: HeldOutSet,
  { key, paths, windows }: { readonly key: Key; readonly paths: number; readonly windows: number },
): HeldOutRow[] {
  const { length } = set.windows;
  const all: Partial<Record<FactName, number[]>> = {};
  for (let path = 0; path < paths; path++) {
    const { bars } = simulate.simulate({
      ...{ symbols: set.symbols, stepMs: set.stepMs, bars: windows * (length - 1) + 1 },
      ...{ start: Date.parse(set.first), key: fold(key, path) },
    });
    const found = factsOverWindows(bars, { length, step: length - 1 });
    for (const [name, values] of Object.entries(found) as [FactName, number[]][])
      all[name] = [...(all[name] ?? []), ...values];
  }
  const ranges = factRanges(all as Record<FactName, number[]>);
  return (Object.keys(set.facts) as FactName[]).map((fact) => {
    const [low, , high] = ranges[fact];
    const real = set.facts[fact]![1];
    return { fact, real, low, high, held: real >= low && real <= high };
  });
}

/** The sets of data/hold-out.json, which `node scripts/hold-out.mjs` measures. @throws Error where the file is not there. */
export function readHeldOut(path = files.nearestData("hold-out.json")): HeldOutSet[] {
  const text = readSmall(path, 4_000_000);
  if (text === undefined)
    throw new Error(`${path}: expected facts of bars that set nothing, got no such file`);
  return (JSON.parse(text) as { readonly sets: HeldOutSet[] }).sets;
}

function minutes(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

function hashOf(bars: readonly Bars[]): string {
  const hash = createHash("sha256");
  for (const { symbol, openTime, open, high, low, close, volume } of bars) {
    hash.update(symbol);
    for (const column of [openTime, open, high, low, close, volume]) {
      const view = new DataView(new ArrayBuffer(8 * column.length));
      column.forEach((value, t) => {
        view.setFloat64(8 * t, value, true);
      });
      hash.update(new Uint8Array(view.buffer));
    }
  }
  return hash.digest("hex");
}
