/** Own features by the path of a module: the bars of one symbol in, a row for each bar out, tried for look-ahead. */
import type { Bars, Panel } from "../../../core/index.js";
import { checkCausal } from "../../../features/windows/index.js";
import { loadOwn } from "./ownModule.js";

/** The features of a dataset that are not the library's. */
export interface OwnFeatures {
  /** Path of the module, and SHA-256 of its text. */
  readonly file: string;
  readonly sha256: string;
  /** [A] of [T,F] each, row t known at the close of bar t. */
  readonly panels: readonly Panel[];
}

/**
 * The features that a module makes of the bars, each tried with later bars left out.
 * @throws Error naming the file, and symbol and time where a feature looks ahead.
 */
export async function ownFeatures(file: string, bars: readonly Bars[]): Promise<OwnFeatures> {
  const { run, sha256 } = await loadOwn<(bars: Bars) => unknown>(file, "of the bars of one symbol");
  const features = (own: Bars): Panel => panelOf(file, own, run(own));
  const panels = bars.map((own) => {
    try {
      checkCausal(own, features);
      return features(own);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(message.startsWith(file) ? message : `${file}: ${own.symbol}: ${message}`, {
        cause: error,
      });
    }
  });
  const [first] = panels as [Panel];
  const odd = panels.find(({ names }) => names.join() !== first.names.join());
  if (odd)
    throw new Error(
      `${file}: expected the same features of each symbol, got ${first.names.join(", ")} and ${odd.names.join(", ")}`,
    );
  return { file, sha256, panels };
}

/** What the function returned, checked. */
function panelOf(file: string, { symbol, openTime, stepMs }: Bars, value: unknown): Panel {
  const { time, names, values } = (value ?? {}) as Partial<Panel>;
  const where = `${file}: ${symbol}`;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string" && name))
    throw new Error(
      `${where}: expected a panel with names, such as features.makePanel makes, got another value`,
    );
  if (!(values instanceof Float64Array && values.length === openTime.length * names.length))
    throw new Error(
      `${where}: expected ${openTime.length} rows of ${names.length} features as a Float64Array, got ${values?.length ?? "none"}`,
    );
  const odd = openTime.findIndex((open, t) => time?.[t] !== open + stepMs);
  if (odd >= 0)
    throw new Error(
      `${where}: row ${odd}: expected the time of the bar's close, ${openTime[odd]! + stepMs}, got ${time?.[odd]}`,
    );
  return { time: time!, names: [...names], values };
}
