/** The settings that a study tries. */
import { fold, type Key, key, uniforms } from "../../core/index.js";
import { type SettingValue, wholeSettings } from "../study/settings.js";
import type { Draw, Study, Trial } from "../study/studyFile.js";

/**
 * Every trial of the study, in order: of a grid the last setting varies fastest; of a random search each draw has a key of its own.
 * @throws RangeError when settings cannot go together.
 */
export function trialsOf(study: Study): Trial[] {
  const { search } = study;
  const chosen = "grid" in search ? gridOf(search.grid) : drawsOf(study, search.random);
  return chosen.map((own, trial) => ({
    trial,
    settings: wholeSettings(study.model, { ...study.settings, ...own }),
  }));
}

/** Number of trials, without making them. */
export function trialCount({ search }: Study): number {
  if ("random" in search) return search.random.trials;
  return Object.values(search.grid).reduce((product, values) => product * values.length, 1);
}

/** The names of the settings that are searched. */
export function searchedNames({ search }: Study): string[] {
  return Object.keys("grid" in search ? search.grid : search.random.over);
}

type Chosen = Readonly<Record<string, SettingValue>>;

function gridOf(grid: Readonly<Record<string, readonly SettingValue[]>>): Chosen[] {
  let chosen: Chosen[] = [{}];
  for (const [name, values] of Object.entries(grid))
    chosen = chosen.flatMap((before) => values.map((value) => ({ ...before, [name]: value })));
  return chosen;
}

function drawsOf(
  { seed }: Study,
  { trials, over }: { readonly trials: number; readonly over: Readonly<Record<string, Draw>> },
): Chosen[] {
  const root = fold(key(seed), "search");
  return Array.from({ length: trials }, (_, trial) =>
    Object.fromEntries(
      Object.entries(over).map(([name, draw]) => [name, drawn(draw, fold(root, trial, name))]),
    ),
  );
}

function drawn(draw: Draw, from: Key): SettingValue {
  const u = uniforms(from, 1)[0]!;
  if ("among" in draw) return draw.among[Math.floor(u * draw.among.length)]!;
  const { from: low, to: high, scale, whole } = draw;
  const end = whole ? high + 1 : high; // so that the last whole number is as likely as the others
  const value = scale === "log" ? low * (end / low) ** u : low + u * (end - low);
  return whole ? Math.min(high, Math.floor(value)) : value;
}
