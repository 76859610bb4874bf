/** Contestants timed turn by turn in one run, so that a busy machine slows all of them alike. */
import { appendFileSync } from "node:fs";
import { bench } from "vitest";
import { quantile } from "../../lib/core/stats.js";

export interface Contestant {
  /** Does the work once and says how many units of it were done; with the time, where it took that itself. */
  (): number | Timed | Promise<number | Timed>;
  /** Called after the last round, to give back what it holds. */
  readonly end?: () => void;
}

/** Work that timed itself, such as another program's, whose start is no part of it. */
export interface Timed {
  readonly units: number;
  readonly nanoseconds: number;
}

export interface Race {
  /** What is counted, such as "number" or "gradient". */
  readonly unit: string;
  readonly rounds: number;
  /** The name of the contestant the others are divided by. */
  readonly against: string;
  /** Floating-point operations in a unit, a multiply-add being two: with it, speed in GFLOP/s is printed too. */
  readonly flops?: number;
  /** What is aimed at; `npm run bench` says at its end which are missed. */
  readonly goals?: readonly Goal[];
  readonly contestants: Readonly<Record<string, Contestant>>;
}

/** A contestant that takes at most so many times what its peer takes, where the peer is there. */
export interface Goal {
  readonly own: string;
  readonly peer: string;
  readonly most: number;
}

/** One benchmark in which every round runs each contestant once; prints medians and ratios at its end. */
export function race(title: string, { unit, rounds, against, flops, goals = [], contestants }: Race): void {
  const names = Object.keys(contestants);
  const times = new Map(names.map((name) => [name, [] as number[]]));
  let round = 0;
  bench(
    title,
    async () => {
      const order = round++ % 2 ? [...names].reverse() : names;
      for (const name of order) times.get(name)!.push(await nanosecondsPerUnit(contestants[name]!));
    },
    {
      iterations: rounds,
      time: 0,
      warmupIterations: 2,
      warmupTime: 0,
      throws: true,
      setup: () => {
        for (const list of times.values()) list.length = 0;
      },
      teardown: (_, mode) => {
        if (mode !== "run") return;
        for (const name of names) contestants[name]!.end?.();
        print(title, { unit, against, flops }, times);
        for (const goal of goals) note(title, goal, times);
      },
    },
  );
}

async function nanosecondsPerUnit(contestant: Contestant): Promise<number> {
  const start = performance.now();
  const done = await contestant();
  if (typeof done === "number") return ((performance.now() - start) * 1e6) / done;
  return done.nanoseconds / done.units;
}

/** A line a contestant: median time a unit, and the median over rounds of the ratio with its quartiles. */
function print(
  title: string,
  { unit, against, flops }: { unit: string; against: string; flops: number | undefined },
  times: ReadonlyMap<string, number[]>,
): void {
  const peer = times.get(against)!;
  const lines = Array.from(times, ([name, own]) => {
    const ratios = own.map((value, i) => value / peer[i]!);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(ratios, p).toPrecision(3));
    const median = quantile(own, 0.5);
    const speed = flops ? `, ${(flops / median).toPrecision(3)} GFLOP/s` : "";
    return `  ${name}: ${inWords(median)} a ${unit}${speed}, ratio ${middle} (${low} to ${high})`;
  });
  console.log(`${title}; ratio to ${against}, ${peer.length} rounds\n${lines.join("\n")}`);
}

/** Adds the outcome of a goal to the file that `npm run bench` reads, a line of JSON each. */
function note(title: string, { own, peer, most }: Goal, times: ReadonlyMap<string, number[]>): void {
  const peers = times.get(peer);
  const file = process.env.VITRADE_BENCH_GOALS;
  if (!peers || !file) return;
  const ratios = times.get(own)!.map((value, i) => value / peers[i]!);
  const backend = process.env.VITRADE_BACKEND ?? "none";
  appendFileSync(
    file,
    `${JSON.stringify({ title, own, peer, most, backend, ratio: quantile(ratios, 0.5) })}\n`,
  );
}

/** A time in the unit that fits it, to three digits. */
export function inWords(nanoseconds: number): string {
  const units = ["ns", "µs", "ms", "s"];
  let at = 0;
  let value = nanoseconds;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${Number(value.toPrecision(3))} ${units[at]}`;
}
