import { randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { inMemory, memory } from "./paths.mjs";
import { say } from "./say.mjs";

const file = inMemory("setup.lock");
/** A holder touches the lock every few seconds; one not touched for this long has no holder, whatever its pid says. */
const forgottenMs = 10 * 60_000;

/** Whether a process of this number runs. */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The process that holds the lock; 0 when it is free, or its holder is gone. */
function holder() {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return alive(pid) && Date.now() - statSync(file).mtimeMs < forgottenMs ? pid : 0;
  } catch {
    return 0;
  }
}

/** Takes the lock if nobody has it: the file appears with the pid in it, or not at all. */
function tryToTake() {
  const draft = `${file}.${process.pid}.${randomBytes(8).toString("hex")}`;
  writeFileSync(draft, `${process.pid}\n`, { flag: "wx" });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Clears away the lock of a setup that was killed; a live lock caught by mistake is put back. */
function removeStale() {
  const caught = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, caught);
  } catch {
    return;
  }
  if (alive(Number(readFileSync(caught, "utf8"))) && Date.now() - statSync(caught).mtimeMs < forgottenMs) {
    renameSync(caught, file);
  } else rmSync(caught, { force: true });
}

/**
 * Waits until no other setup of this project runs, then holds it off.
 * @returns {Promise<() => void>} releases the lock
 */
export async function takeLock() {
  mkdirSync(memory, { recursive: true });
  let told = false;
  while (!tryToTake()) {
    const pid = holder();
    if (pid === 0) removeStale();
    else {
      if (!told) say(`another setup of this project is running (process ${pid}): waiting for it`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 5000);
  beat.unref();
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}
