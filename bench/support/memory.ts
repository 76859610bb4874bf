/** Memory of the process after a collection, and how it moves over the steps of a training. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs";

/** What is held at a step. */
export interface Reading {
  readonly step: number;
  /** Of the whole process. */
  readonly residentMib: number;
  readonly tensors: number;
}

let collect: (() => void) | undefined;

/** Collects garbage first, so that what is read is held. */
export function reading(step: number): Reading {
  collect ??= collector();
  collect();
  return { step, residentMib: process.memoryUsage.rss() / 2 ** 20, tensors: tf.memory().numTensors };
}

/** The collector of V8, which it hides unless asked. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Slope of the least-squares line through resident memory, in kB per 1,000 steps. */
export function growth(readings: readonly Reading[]): number {
  const mean = (of: (r: Reading) => number) => readings.reduce((sum, r) => sum + of(r), 0) / readings.length;
  const [step, resident] = [mean((r) => r.step), mean((r) => r.residentMib)];
  const across = mean((r) => (r.step - step) * (r.residentMib - resident));
  const mibPerStep = across / mean((r) => (r.step - step) ** 2);
  return (mibPerStep * 2 ** 20 * 1000) / 1000;
}
