import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { installPackages } from "./packages.mjs";
import { inRoot } from "./paths.mjs";
import { runShown } from "./run.mjs";
import { Problem, say } from "./say.mjs";
import { hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const folder = inRoot("patches");

/** The texts of the patches, and the installed files that they change. */
function patches() {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".patch")) : [];
  const texts = names.sort().map((name) => readFileSync(path.join(folder, name), "utf8"));
  const files = texts.flatMap((text) =>
    [...text.matchAll(/^\+\+\+ b\/(\S+)/gm)].map(([, name]) => inRoot(name)),
  );
  return { texts, files };
}

function stateOf({ texts, files }) {
  return hashOf(...texts, ...files.map((file) => (existsSync(file) ? readFileSync(file) : "missing")));
}

/** Gives each file an inode of its own, so that a copy of node_modules made of hard links is not changed with this one. */
function unlinkCopies(files) {
  for (const file of files.filter((name) => existsSync(name))) {
    copyFileSync(file, `${file}.${process.pid}`);
    renameSync(`${file}.${process.pid}`, file);
  }
}

async function apply({ files }) {
  unlinkCopies(files);
  const args = [inRoot("node_modules/patch-package/index.js"), "--error-on-fail"];
  const { ok } = await runShown("mending the kernel", "patches", process.execPath, args);
  return ok;
}

/**
 * Makes the installed packages what `patches/` says. npm does it after an install (`postinstall`); here it is seen to
 * where npm runs no scripts, where the packages were there before the patch, and where the patch has changed.
 */
export async function applyPatches() {
  const wanted = patches();
  if (wanted.texts.length === 0 || readStamp("patches").hash === stateOf(wanted)) return;
  removeStamp("patches");
  if (!(await apply(wanted))) {
    say("a patched package holds an earlier patch: installing it again");
    for (const name of readdirSync(folder)) rmSync(packageOf(name), { recursive: true, force: true });
    removeStamp("packages");
    await installPackages();
    if (!(await apply(wanted))) {
      throw new Problem(
        "The patches in patches/ do not fit the installed packages: see .vitrade/patches.log, and restore both with git.",
      );
    }
  }
  writeStamp("patches", { hash: stateOf(wanted) });
}

/** The package that a file `SCOPE+NAME+VERSION.patch` is for. */
function packageOf(name) {
  return inRoot("node_modules", ...name.split("+").slice(0, -1));
}
