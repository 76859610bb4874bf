import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Every process as [pid, parent, kilobytes held]: from /proc where there is one, else from `ps`. */
function processes() {
  const pids = process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  if (pids.length === 0) {
    const listing = execFileSync("ps", ["-axo", "pid=,ppid=,rss="], { encoding: "utf8" });
    return listing
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
  }
  return pids.flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      return [[Number(pid), field("PPid"), field("VmRSS")]];
    } catch {
      return [];
    }
  });
}

/** Bytes held by this process and all that it started. */
function heldBytes() {
  const all = processes();
  const family = new Set([process.pid]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const [pid, parent] of all) if (family.has(parent)) family.add(pid);
  }
  return all.reduce((sum, [pid, , kilobytes]) => sum + (family.has(pid) ? kilobytes * 1024 : 0), 0);
}

/**
 * Watches the memory of this process and all that it starts.
 * @returns {() => number} ends the watch and gives the most bytes held at once, looked at twice a second
 */
export function watchMemory() {
  let peak = 0;
  const look = () => {
    try {
      peak = Math.max(peak, heldBytes());
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
