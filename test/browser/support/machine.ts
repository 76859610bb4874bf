/** What this machine offers to the tests in a browser, and what it lacks. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

const CHROMIUMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** The browser named in CHROMIUM, else one of the system. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return CHROMIUMS.map(onPath).find((file) => file !== undefined);
}

/** The command named in VITRADE_JUPYTER, else the project's own. */
export function findJupyter(): string | undefined {
  const file = process.env.VITRADE_JUPYTER || join(root, ".venv/bin/jupyter");
  return existsSync(file) ? file : undefined;
}

/** Why notebooks cannot be executed here, and how to change it; undefined where they can. */
export function missingJupyter(): string | undefined {
  const jupyter = findJupyter();
  if (!jupyter) return "no Jupyter: run npm run setup, or name a jupyter command in VITRADE_JUPYTER";
  if (!existsSync(join(root, "lib/dist/index.js"))) return "the library is not built: run npm run setup";
  try {
    execFileSync(jupyter, ["notebook", "--version"], { stdio: "ignore" });
  } catch {
    return `no Notebook 7 beside ${jupyter}: install it with its pip (pip install notebook)`;
  }
  return undefined;
}

/** Why notebooks cannot be looked at here, and how to change it; undefined where they can. */
export function missingForBrowser(): string | undefined {
  if (findChromium()) return missingJupyter();
  return "no Chromium: install it (apt-get install chromium), or name one in CHROMIUM";
}
