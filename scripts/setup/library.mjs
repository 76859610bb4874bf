import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { runShown } from "./run.mjs";
import { Problem } from "./say.mjs";
import { filesUnder, hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const source = inRoot("lib");
const dist = inRoot("lib/dist");

function sources() {
  return filesUnder(source, ["dist", "node_modules"]).filter((name) => /(?<!\.d)\.ts$/.test(name));
}

/** Removes compiled files whose source is gone. */
function removeStale(names) {
  if (!existsSync(dist)) return;
  const wanted = new Set(names.map((name) => name.replace(/\.ts$/, "")));
  for (const name of filesUnder(dist)) {
    const stem = name.replace(/\.(js|js\.map|d\.ts|d\.ts\.map)$/, "");
    if (stem !== name && !wanted.has(stem)) rmSync(path.join(dist, name));
  }
}

/**
 * Compiles `lib/` to `lib/dist` when a source, a setting or the compiler has changed. TypeScript is called by its path:
 * `node_modules/.bin/tsc` belongs to the kernel's own fork.
 */
export async function buildLibrary({ force = false } = {}) {
  const names = sources();
  const settings = [
    "tsconfig.json",
    "lib/tsconfig.json",
    "lib/package.json",
    "node_modules/typescript/package.json",
  ];
  const texts = [...names.map((name) => path.join(source, name)), ...settings.map((name) => inRoot(name))];
  const hash = hashOf(...names, ...texts.map((file) => readFileSync(file)));
  const present = names.every((name) => existsSync(path.join(dist, name.replace(/\.ts$/, ".js"))));
  if (!force && present && readStamp("library").hash === hash) return;
  removeStamp("library");
  removeStale(names);
  const args = [inRoot("node_modules/typescript/bin/tsc"), "-p", "lib", "--pretty", "false"];
  const { ok, output } = await runShown("compiling the library", "tsc", process.execPath, args);
  if (!ok) {
    console.error(output.trimEnd());
    throw new Problem("The library does not compile: mend the errors above and run the command again.");
  }
  writeStamp("library", { hash });
}
