/** Progress of long work: one line in place on a terminal, else a line now and then. */
import { visible } from "../core/index.js";
import type { Clock } from "./clock.js";

/** Reports on one piece of work. */
export interface Progress {
  /** `done` of `total` are done; may be called at each step. */
  update(done: number, total: number, note?: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Where words go: standard error, or a test's own. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CELLS = 20;
const IN_PLACE_MS = 150;
const LINE_MS = 10_000;
const CLEAR = "\r\x1b[2K";

/** Progress of work named `label` that is counted in `unit`. */
export function showProgress(
  terminal: Terminal,
  clock: Clock,
  { label, unit }: { readonly label: string; readonly unit: string },
): Progress {
  const inPlace = terminal.isTTY === true;
  const started = clock.elapsed();
  let shownAt = inPlace ? Number.NEGATIVE_INFINITY : started;
  return {
    update(done, total, note = "") {
      const time = clock.elapsed();
      if (time - shownAt < (inPlace ? IN_PLACE_MS : LINE_MS)) return;
      shownAt = time;
      const line = [label, progressLine(done, total, { unit, elapsedMs: time - started }), note];
      const text = visible(line.filter((part) => part !== "").join(" · "));
      terminal.write(inPlace ? `${CLEAR}${text.slice(0, (terminal.columns ?? 80) - 1)}` : `${text}\n`);
    },
    end() {
      if (inPlace) terminal.write(CLEAR);
    },
  };
}

/** Such as `████░░░░ 120/400 epochs · 35/s · 8 s left`. */
export function progressLine(
  done: number,
  total: number,
  { unit, elapsedMs }: { readonly unit: string; readonly elapsedMs: number },
): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const full = Math.floor(CELLS * share);
  const bar = `${"█".repeat(full)}${"░".repeat(CELLS - full)}`;
  const count = (value: number) => Math.round(value).toLocaleString("en");
  const parts = [`${bar} ${count(done)}/${count(total)} ${unit}`];
  if (done > 0 && elapsedMs > 0) {
    const rate = (1000 * done) / elapsedMs;
    parts.push(`${rate.toPrecision(3)}/s`, `${spoken((total - done) / rate)} left`);
  }
  return parts.join(" · ");
}

/** A span of time in words, such as "40 s" or "12 min". */
export function spoken(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
