import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inMemory, memory } from "./paths.mjs";

/** A stamp says what a step was done for: the same hash again means nothing is left to do. */
export function readStamp(name) {
  try {
    return JSON.parse(readFileSync(inMemory(`${name}.json`), "utf8"));
  } catch {
    return {};
  }
}

/** Writes a stamp in one move, so that an interrupted write leaves none. */
export function writeStamp(name, content) {
  mkdirSync(memory, { recursive: true });
  const file = inMemory(`${name}.json`);
  const draft = `${file}.${process.pid}.${randomBytes(8).toString("hex")}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 1)}\n`, { flag: "wx" });
  renameSync(draft, file);
}

/** Forgets that a step was done. Called before the step starts, so that an interrupted one is done again. */
export function removeStamp(name) {
  rmSync(inMemory(`${name}.json`), { force: true });
}

/** SHA-256 of the pieces, in order. */
export function hashOf(...pieces) {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece).update("\0");
  return hash.digest("hex");
}

/** Every file under a folder as a path relative to it, sorted; `skip` names folders to leave out. */
export function filesUnder(folder, skip = []) {
  const found = [];
  const visit = (relative) => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      const name = path.join(relative, entry.name);
      if (entry.isDirectory()) {
        if (!skip.includes(entry.name)) visit(name);
      } else if (entry.isFile()) found.push(name);
    }
  };
  visit("");
  return found.sort();
}
