/** One writer at a time: a lock file that names its holder, taken over when that process is gone. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { link, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { readSmall, temporaryName, writeNew } from "../../core/index.js";

/** A lock that is held. */
export interface Lock {
  /**
   * Proves that the lock is still held.
   * @throws Error when the file is gone or somebody else's.
   */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Who holds a lock. `started` tells a process from a later one of the same number. */
interface Holder {
  pid: number;
  started: string;
  host: string;
}

/**
 * Takes the lock at `path`, whose folder must exist.
 *
 * The file appears with its contents in one step (a hard link), so no one sees it half-written.
 * @throws Error when a live process holds it, or one of another machine, of which nothing is known.
 */
export async function acquireLock(path: string): Promise<Lock> {
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? "", host: hostname() });
  if (!(await place(path, own))) {
    await evict(path, await readLock(path));
    if (!(await place(path, own))) throw new Error(`${path}: another process took the lock just now`);
  }
  return {
    async check() {
      if ((await readLock(path)) !== own) throw new Error(`${path}: the lock is no longer this process's`);
    },
    async release() {
      if ((await readLock(path)) === own) await rm(path, { force: true });
    },
  };
}

/** Whether the lock could be placed; false where there is one. */
async function place(path: string, text: string): Promise<boolean> {
  const draft = temporaryName(path);
  try {
    await writeNew(draft, text);
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

const LONGEST_LOCK = 4096;

/** The text of a lock; undefined where there is none. Something else than a file is a lock that nobody can take over. */
async function readLock(path: string): Promise<string | undefined> {
  try {
    return readSmall(path, LONGEST_LOCK);
  } catch {
    return "";
  }
}

/** Puts aside the lock of a dead process. Should it have changed hands meanwhile, it is put back. */
async function evict(path: string, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const fault = liveFault(text);
  if (fault) throw new Error(`${path}: ${fault}`);
  const aside = temporaryName(path);
  await rename(path, aside).catch(() => undefined); // gone: another process was faster
  const taken = await readLock(aside);
  if (taken !== undefined && taken !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Why a lock must be respected, in words; undefined when its holder is gone. */
function liveFault(text: string): string | undefined {
  let holder: Holder;
  try {
    holder = JSON.parse(text);
  } catch {
    return "the lock file is damaged; remove it if nothing is writing there";
  }
  const { pid, started, host } = holder;
  if (host !== hostname()) {
    return `process ${pid} of the machine ${host} is writing; remove the file if that is over`;
  }
  return startOf(pid) === started ? `process ${pid} is writing there; wait until it has ended` : undefined;
}

/** When a process started, in words of the system; undefined when there is no such process, or only its remains. */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") {
      return (
        execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined
      );
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold anything
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return fields[0] === "Z" || fields[0] === "X" ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
