/** What a test may borrow of this machine where it is root on Linux: a small disk, and two hosts that are joined by a cable. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const run = (command: string, ...words: string[]) => spawnSync(command, words, { encoding: "utf8" });

function did(command: string, ...words: string[]): void {
  const { status, stderr } = run(command, ...words);
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${stderr}`);
}

/** Whether a disk can be mounted here. */
export const hasMounts = (() => {
  const path = mkdtempSync(join(tmpdir(), "vitrade-mount-"));
  const can = run("mount", "-t", "tmpfs", "-o", "size=64k", "none", path).status === 0;
  if (can) did("umount", path);
  rmdirSync(path);
  return can;
})();

/** Why a test that needs one is skipped, as part of its name. */
export const NEEDS_MOUNTS = hasMounts ? "" : " (skipped: needs root, to mount a small disk)";

/** A disk of so many kilobytes, in memory. */
export function smallDisk(kilobytes: number): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "vitrade-disk-"));
  did("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "none", path);
  return {
    path,
    remove() {
      did("umount", "-l", path);
      rmdirSync(path);
    },
  };
}

/** Two network namespaces with a cable between them. */
export interface Hosts {
  /** The address of the first as the second sees it. */
  readonly address: string;
  /** Words that run a command on the first or the second. */
  on(host: 0 | 1): readonly string[];
  plug(is: "in" | "out"): void;
  remove(): void;
}

function twoNames(): readonly [string, string] {
  return [`vt-a-${process.pid}`, `vt-b-${process.pid}`];
}

/** Two hosts on a net of their own. */
export function twoHosts(): Hosts {
  const names = twoNames();
  const ends = ["vt0", "vt1"] as const;
  for (const name of names) did("ip", "netns", "add", name);
  did(
    "ip",
    "link",
    "add",
    ends[0],
    "netns",
    names[0],
    "type",
    "veth",
    "peer",
    "name",
    ends[1],
    "netns",
    names[1],
  );
  names.forEach((name, n) => {
    const ip = (...words: string[]) => did("ip", "-n", name, ...words);
    ip("addr", "add", `10.93.7.${n + 1}/30`, "dev", ends[n]!);
    ip("link", "set", ends[n]!, "up");
    ip("link", "set", "lo", "up");
  });
  return {
    address: "10.93.7.1",
    on: (host) => ["ip", "netns", "exec", names[host]],
    plug: (is) => did("ip", "-n", names[1], "link", "set", ends[1], is === "in" ? "up" : "down"),
    remove: () => {
      for (const name of names) did("ip", "netns", "del", name);
    },
  };
}

/** Whether this machine lets one make two hosts. */
export const hasHosts = (() => {
  try {
    twoHosts().remove();
    return true;
  } catch {
    for (const name of twoNames()) run("ip", "netns", "del", name);
    return false;
  }
})();

/** Why a test that needs them is skipped, as part of its name. */
export const NEEDS_HOSTS = hasHosts
  ? ""
  : " (skipped: needs root and iproute2, to make two network namespaces)";
