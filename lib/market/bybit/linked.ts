/** One signal for several. */
import { setMaxListeners } from "node:events";

/** A signal that aborts with the first of its sources, until it is released. */
export interface Linked {
  readonly signal: AbortSignal;
  abort(): void;
  release(): void;
}

/** In place of 0, "no limit", which Node's own `getMaxListeners` takes for an error. */
const MOST_LISTENERS = 1_000_000;

/** Follows the sources by plain listeners: what the platform offers instead may be collected before it fires. */
export function linked(...sources: readonly (AbortSignal | undefined)[]): Linked {
  const own = new AbortController();
  const abort = (): void => own.abort();
  const present = sources.filter((source) => source !== undefined);
  setMaxListeners(MOST_LISTENERS, ...present, own.signal); // as many questions as are under way listen
  for (const source of present) source.addEventListener("abort", abort);
  if (present.some((source) => source.aborted)) abort();
  return {
    signal: own.signal,
    abort,
    release: () => {
      for (const source of present) source.removeEventListener("abort", abort);
    },
  };
}
