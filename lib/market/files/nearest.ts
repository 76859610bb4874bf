/** Files of the project's folder data/, found from wherever a program runs in it. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The path of `name` in the nearest folder data/ that holds it, from the working folder upwards; in the working folder's where none does. */
export function nearestData(name: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, "data", name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return join(process.cwd(), "data", name);
  }
}
