/** Windows that there would be, and why they are not there: nothing should vanish unsaid. */
import type { WindowSource, WindowSpec } from "../windows.js";

/** Windows of a symbol that are not there for one reason. */
export interface LostWindows {
  readonly symbol: string;
  /** "missing bars", or the name of the feature that has no value. */
  readonly reason: string;
  readonly windows: number;
  /** Bars that are missing, or at which the feature has no value, its warm-up apart. */
  readonly bars: number;
}

/**
 * Windows on the grid of `windows` that it leaves out, by symbol and reason, those of the first warm-up apart.
 *
 * A window counts once: for missing bars where some lie in it, in the warm-up before it or in its horizon, else for the first of the
 * features that has no value in it.
 * @param spec.warmUp  bars before the first of which the features have values
 */
export function lostWindows(
  sources: readonly WindowSource[],
  spec: WindowSpec & { readonly warmUp: number },
): LostWindows[] {
  return sources.flatMap((source) => lostOf(source, spec));
}

function lostOf(
  source: WindowSource,
  { length, horizon, warmUp, stride = 1 }: WindowSpec & { readonly warmUp: number },
): LostWindows[] {
  const { panel, bars } = source;
  const [count, width] = [panel.time.length, panel.names.length];
  const missing = counted(count, (t) => Number.isNaN(bars.close[t]) || isJump(source, t));
  const features = panel.names.map((_, f) =>
    counted(count, (t) => !Number.isFinite(panel.values[t * width + f])),
  );
  const found = new Map<string, number>();
  for (let t = length - 1; t + horizon < count; t += stride) {
    const from = t - length + 1;
    if (from < warmUp) continue;
    const reason = missing(Math.max(0, from - warmUp), t + horizon + 1)
      ? "missing bars"
      : panel.names[features.findIndex((without) => without(from, t + 1) > 0)];
    const isLost = features.some((without) => without(from, t + 1) > 0) || missing(from, t + horizon + 1) > 0;
    if (isLost && reason !== undefined) found.set(reason, (found.get(reason) ?? 0) + 1);
  }
  return Array.from(found, ([reason, windows]) => {
    const without = reason === "missing bars" ? missing : features[panel.names.indexOf(reason)]!;
    return { symbol: bars.symbol, reason, windows, bars: without(warmUp, count) };
  });
}

/** How many rows of a stretch something is true of. */
function counted(count: number, is: (t: number) => boolean): (from: number, to: number) => number {
  const before = new Uint32Array(count + 1);
  for (let t = 0; t < count; t++) before[t + 1] = before[t]! + (is(t) ? 1 : 0);
  return (from, to) => before[to]! - before[from]!;
}

function isJump({ panel, bars }: WindowSource, t: number): boolean {
  return t > 0 && panel.time[t]! - panel.time[t - 1]! !== bars.stepMs;
}
