/** A line that tells how far long work has come, written over in place. */
import { checkCount } from "../../core/index.js";
import { display, inNotebook, nextId, type Place } from "./display.js";

/** Reports on one piece of work. */
export interface Progress {
  /** `done` steps of the total are done. Shown at most four times a second, so that it may be called at each step. */
  update(done: number, note?: string): void;
  /** Leaves the final line: the steps last told (all of them where none were), and no timing, so it is the same in each run. */
  finish(note?: string): void;
}

/** Options of `progress`. */
export interface ProgressOptions {
  /** Milliseconds from any origin. */
  readonly clock?: () => number;
  /** Where lines go: the notebook, or outside one standard output, which gets the final line only. */
  readonly write?: (line: string, place: Place, final: boolean) => void;
}

const INTERVAL_MS = 250;
const CELLS = 20;

/**
 * Starts a line for work of `total` steps, named `label`.
 * @throws RangeError when `total` is not a positive integer.
 */
export function progress(total: number, label: string, options: ProgressOptions = {}): Progress {
  checkCount("total", total);
  const clock = options.clock ?? (() => performance.now());
  const write = options.write ?? writeLine;
  const id = nextId();
  const started = clock();
  let shownAt = Number.NEGATIVE_INFINITY;
  let begun = false;
  let reached = total;
  const show = (line: string, final: boolean): void => {
    write(line, { id, update: begun }, final);
    begun = true;
  };
  return {
    update(done, note = "") {
      reached = done;
      const now = clock();
      if (now - shownAt < INTERVAL_MS) return;
      shownAt = now;
      show(join(bar(label, done, total), timing(done, total, now - started), note), false);
    },
    finish(note = "") {
      show(join(bar(label, reached, total), note), true);
    },
  };
}

function writeLine(line: string, place: Place, final: boolean): void {
  if (final || inNotebook()) display({ "text/plain": line }, { place });
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

function bar(label: string, done: number, total: number): string {
  const filled = Math.floor(CELLS * Math.min(1, Math.max(0, done / total)));
  return `${label} ${"█".repeat(filled)}${"░".repeat(CELLS - filled)} ${done}/${total}`;
}

function timing(done: number, total: number, elapsedMs: number): string {
  if (done <= 0 || elapsedMs <= 0) return "";
  const rate = (1000 * done) / elapsedMs;
  const left = Math.ceil((total - done) / rate);
  const spoken = left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min`;
  return `${rate.toPrecision(3)}/s, ${spoken} left`;
}
