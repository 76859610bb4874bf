/** Settings that lie beside the work. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const SETTINGS_FILE = "vitrade.yaml";

/** The nearest `vitrade.yaml` of `folder` and the folders above it; undefined where there is none. */
export function findSettings(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const file = join(here, SETTINGS_FILE);
    if (existsSync(file)) return file;
    if (here === dirname(here)) return undefined;
  }
}
