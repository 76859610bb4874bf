/** The settings that a command takes: those it is told, else those that lie beside the work. */
import type { Shell } from "./shell.js";
import { findSettings } from "./tasks/fits/findSettings.js";

/** The file named, or the nearest `vitrade.yaml` upwards from the working folder, which is then said. */
export function settingsFile(named: string | undefined, shell: Shell): string | undefined {
  if (named !== undefined) return named;
  const found = findSettings(process.cwd());
  if (found !== undefined) shell.say(`settings of ${found}`);
  return found;
}
