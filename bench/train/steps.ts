/** A race of training steps: ours, PyTorch's, and the bare products both are made of. */
import { type Contestant, race } from "../support/interleaved.js";
import { ours, oursOnThreads, productsAlone } from "./contestants.js";
import { torch, torchProductsAlone } from "./peers.js";
import { flopsOf, type Subject } from "./subjects.js";

const THREADS = [1, 2];

/** Prints time a step and replica, speed in GFLOP/s and ratios to PyTorch, for R replicas of the subject. */
export function raceSteps(subject: Subject, replicas: number, rounds = 7): void {
  const products = 20;
  const canStack = replicas > 1 && subject.config.encoder.kind === "mlp";
  const peers: Record<string, Contestant> = Object.assign(
    {},
    ...THREADS.map((threads) => torch(subject, { replicas, threads, stacked: false })),
    ...(canStack ? THREADS.map((threads) => torch(subject, { replicas, threads, stacked: true })) : []),
  );
  const own = {
    "ours, traced": ours(subject, replicas, true),
    "ours, as written": ours(subject, replicas, false),
    ...(replicas > 1 ? { "ours, on 2 threads": oursOnThreads(subject, replicas, 2) } : {}),
  };
  const peer = Object.keys(peers).find((name) => name.includes("1 thread"));
  const goal = subject.goals?.[replicas];
  race(`${subject.name}, batch ${subject.batch}, R = ${replicas}`, {
    unit: "step and replica",
    rounds,
    flops: flopsOf(subject),
    against: peer ?? "ours, traced",
    goals: goal && peer ? [{ ...goal, peer }] : [],
    contestants: {
      ...own,
      ...peers,
      "products alone, ours": productsAlone(subject, products),
      ...Object.assign({}, ...THREADS.map((threads) => torchProductsAlone(subject, products, threads))),
    },
  });
}
