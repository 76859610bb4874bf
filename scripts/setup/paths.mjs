import path from "node:path";

/** The project's root folder. */
export const root = path.resolve(import.meta.dirname, "../..");

/** What setup and the other scripts remember between runs. Git ignores it. */
export const memory = path.join(root, ".vitrade");

/** The project's own Python environment. */
export const venv = path.join(root, ".venv");

/** A file or folder inside the project. */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}

/** A file or folder inside the project's memory. */
export function inMemory(...parts) {
  return path.join(memory, ...parts);
}
