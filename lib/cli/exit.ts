/** The ends of a command: four codes, and one clear line for each that is not 0. */
import { visible } from "../core/index.js";

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
  if (error instanceof UsageProblem || isTooMuch(error)) return EXIT.usage;
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

/** One line of an error: its message, without line breaks; of a file that cannot be had, which one and why. */
export function lineOf(error: unknown): string {
  if (isTooMuch(error))
    return "the numbers asked for need more memory than there is; ask for fewer bars or draws, shorter windows or a smaller model";
  const { message, code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && FILES[code] !== undefined)
    return `${visible(fileOf(error as FileError))}: ${FILES[code]}`;
  const line = String(message ?? error)
    .trim()
    .replace(/\s*\n\s*/g, "; ");
  return RUNTIME.test(line) ? `the program itself went wrong (${line}); --verbose says where` : line;
}

/** What the system says of a file, in words and with what to do. */
const FILES: Readonly<Record<string, string>> = {
  ENOENT: "expected a file, got none; name one that is there",
  EISDIR: "expected a file, got a folder; name a file in it",
  ENOTDIR: "expected a folder on the way to the file, got a file; name another place",
  EEXIST: "expected a folder, got a file; name another place",
  ENOTEMPTY: "expected a file, got a folder; name another place",
  EACCES: "no right to read or write there; give yourself the right or name another place",
  EPERM: "no right to read or write there; give yourself the right or name another place",
  EROFS: "the disk is read-only; name another place",
  ENOSPC: "the disk is full; make room and run the command again",
  EDQUOT: "your share of the disk is full; make room and run the command again",
  EMFILE: "too many files are open; close some or raise the limit (ulimit -n)",
  ENAMETOOLONG: "the name is too long; shorten it",
  ELOOP: "the links lead in a circle; name the file itself",
  ERR_FS_FILE_TOO_LARGE: "the file is too large to be read at once; make a smaller one",
};

interface FileError extends NodeJS.ErrnoException {
  readonly dest?: string;
}

/** The file that was meant: a result is written beside its place under a name of its own first. */
function fileOf({ path, dest }: FileError): string {
  const named = dest ?? path ?? "a file";
  return named.replace(/\.\d+(\.stale)?\.part$/, "");
}

/** Words of the runtime, which say nothing to who asked. */
const RUNTIME =
  /^(Cannot (read|destructure|set|convert|mix) |undefined is not|.* is not (a function|iterable|defined)\b)/;
const TOO_MUCH =
  /^(Invalid (typed )?array( buffer)? length|Array buffer allocation failed|Invalid string length|(Map|Set) maximum size exceeded|Invalid array length)/;

/** Whether an error is that of the runtime when something is too large to exist. */
function isTooMuch(error: unknown): boolean {
  return error instanceof RangeError && TOO_MUCH.test(error.message);
}
