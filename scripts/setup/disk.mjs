import { statfsSync } from "node:fs";
import { root } from "./paths.mjs";
import { Problem } from "./say.mjs";

/** Bytes free to this user on the disk that holds the project. */
function freeBytes() {
  const disk = statfsSync(root);
  return disk.bavail * disk.bsize;
}

/**
 * Fails before anything is downloaded when the disk has not the room for it.
 * @param {number} needed  bytes
 * @param {() => number} free  bytes free, for tests
 */
export function checkDisk(needed, free = freeBytes) {
  const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
  const have = free();
  if (have >= needed) return;
  throw new Problem(
    `The disk has ${gigabytes(have)} GB free and setup needs ${gigabytes(needed)} GB: make room and run the command again.`,
  );
}
