/** Expectation–maximisation of anything: sweeps that can only raise the likelihood. */
import { checkCount } from "../../core/index.js";

/** Where the sweeps ended. */
export interface Maximised<S> {
  readonly state: S;
  /** Log likelihood in nats of the start and after each sweep; never falls. The last is that of `state`. */
  readonly history: readonly number[];
  /** False where the sweeps ran out before the gain did. */
  readonly converged: boolean;
}

/**
 * Repeats `sweep`, which tells the log likelihood of a state and the state after it, until a sweep gains less than `least` nats.
 * @throws RangeError when the likelihood of a state is not finite.
 * @see Dempster, Laird & Rubin 1977
 */
export function maximise<S>(
  start: S,
  sweep: (state: S) => { readonly logLikelihood: number; readonly next: S },
  options: { readonly sweeps: number; readonly least: number },
): Maximised<S> {
  checkCount("sweeps", options.sweeps);
  let state = start;
  let after = start;
  const history: number[] = [];
  for (let i = 0; i <= options.sweeps; i++) {
    const { logLikelihood, next } = sweep(after);
    if (!Number.isFinite(logLikelihood))
      throw new RangeError(
        `log likelihood after ${i} sweeps: expected a finite number, got ${logLikelihood}`,
      );
    if (i > 0 && logLikelihood - history[i - 1]! < options.least) return { state, history, converged: true };
    history.push(logLikelihood);
    state = after;
    after = next;
  }
  return { state, history, converged: false };
}

/** The run that counts: fewest degenerate components first, then the greatest likelihood. */
export function bestRun<R extends { readonly degenerate: number; readonly logLikelihood: number }>(
  runs: readonly R[],
): R {
  return runs.reduce((best, run) =>
    run.degenerate < best.degenerate ||
    (run.degenerate === best.degenerate && run.logLikelihood > best.logLikelihood)
      ? run
      : best,
  );
}
