/** How a command ends: four codes, and one clear line for each that is not 0. */

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What was asked for makes no sense: the command ends with 2 and has touched nothing. */
export class UsageProblem extends Error {
  override name = "UsageProblem";
}

/** It was stopped, and says what is kept: the command ends with 130. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageProblem) return EXIT.usage;
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
}

/** What `read` gives; a RangeError of the library about what the user wrote becomes a `UsageProblem`. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new UsageProblem(error.message, { cause: error }) : error;
  }
}

/** One line of an error: its message, without line breaks; of a missing file, which one. */
export function lineOf(error: unknown): string {
  const { message, code, path } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" && path !== undefined) return `${path}: expected a file, got none`;
  if (code === "EISDIR") return `${path ?? "input"}: expected a file, got a folder`;
  return String(message ?? error)
    .trim()
    .replace(/\s*\n\s*/g, "; ");
}
