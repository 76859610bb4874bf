/** The clock of commands, and its jumps. */
import type { Clock } from "../core/index.js";

export { type Clock, systemClock } from "../core/index.js";

/** By how much the two clocks may part between two looks, milliseconds: a clock that is kept right is moved by less. */
const JUMP_MS = 2000;

/**
 * Looks every `everyMs` whether time has passed alike on both clocks, and tells of each jump in words: the machine slept, or a clock was set.
 * @returns ends it
 */
export function watchJumps(clock: Clock, everyMs: number, tell: (detail: string) => void): () => void {
  let apart = clock.now() - clock.elapsed();
  const look = (): void => {
    const jump = clock.now() - clock.elapsed() - apart;
    if (Math.abs(jump) <= JUMP_MS) return;
    apart += jump;
    const seconds = Math.round(Math.abs(jump) / 1000);
    tell(
      jump > 0
        ? `${seconds} s ahead of the time that has passed: the machine slept, or its clock was set`
        : `${seconds} s back: the machine's clock was set`,
    );
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
