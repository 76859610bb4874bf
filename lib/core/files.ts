/** Files that are either whole or not there, and reads that neither wait nor follow a link. */
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** A name beside `path` for a file in the making: `path.PROCESS.RANDOM.part`, which nobody can guess. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(8).toString("hex")}.part`;
}

/**
 * Writes a file, text or bytes, so that a reader, or a crash at any moment, finds the old one or the new one and never a part.
 *
 * It writes beside the file, under a name that did not exist, flushes, and renames; the folder is flushed too where the system allows.
 * A link in place of the file is replaced, and what it points to stays as it is.
 * @throws the system's error, naming the file, when it cannot be written; the old file is as it was.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeNew(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw naming(path, error);
  }
  await flushFolder(dirname(path));
}

/**
 * Writes a file, text or bytes, that must not be there, and flushes it.
 * @throws Error with the code EEXIST where there is anything of that name, a link too; what could not be written whole is removed.
 */
export async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await written(file, content);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** The bytes of a file. @throws as `openToRead`; of all else the system's error, which names the file also where the system does not. */
export async function readWhole(path: string): Promise<Buffer> {
  const file = await openToRead(path);
  try {
    return await file.readFile();
  } catch (error) {
    throw naming(path, error);
  } finally {
    await file.close();
  }
}

/**
 * A file that is open for reading: the one door to what a user names, and the caller closes it.
 *
 * Links are followed. It never waits: a pipe, whose writer may never come, a socket or a device, which may never end, is not opened.
 * @throws Error naming the file when the entry is no file and no folder; of a folder, or what cannot be opened, the system's error.
 */
export async function openToRead(path: string): Promise<FileHandle> {
  checkIsFile(path, await stat(path)); // before it is opened, as some devices act when they are
  const file = await open(path, WITHOUT_WAIT);
  try {
    checkIsFile(path, await file.stat()); // what was put there meanwhile
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

const WITHOUT_WAIT = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function checkIsFile(path: string, entry: Stats): void {
  if (entry.isFile()) return;
  if (entry.isDirectory())
    throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: "EISDIR", path });
  throw new Error(
    `${path}: expected a file, got ${kindOf(entry)}; write its content to a file and name that`,
  );
}

/** The error with the path of the file, which the system leaves out of those of an open file. */
function naming(path: string, error: unknown): unknown {
  if (error instanceof Error && "code" in error) (error as NodeJS.ErrnoException).path ??= path;
  return error;
}

async function written(file: FileHandle, content: Uint8Array | string): Promise<void> {
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined); // not every system opens folders
  if (!folder) return;
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/**
 * The entry of this name, a link itself and not its target; undefined where there is none.
 * @throws Error when it cannot be known.
 */
export function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Of a file that is opened for reading: another kind of entry, put there meanwhile, is not waited for and no link is followed. */
const READ = WITHOUT_WAIT | (constants.O_NOFOLLOW ?? 0);

/**
 * The first `most` bytes of a small file as text; undefined where nothing has its name.
 *
 * It never waits: of a pipe, a socket or a device nothing is read.
 * @throws Error when the entry is no file, or cannot be read.
 */
export function readSmall(path: string, most: number): string | undefined {
  const entry = entryAt(path);
  if (!entry) return undefined;
  if (!entry.isFile()) throw new Error(`${path}: expected a file, got ${kindOf(entry)}`);
  const file = openSync(path, READ);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path}: expected a file, got another kind of entry`);
    const bytes = Buffer.alloc(most);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, most, 0));
  } finally {
    closeSync(file);
  }
}

/** The kind of an entry in words, such as "a folder". */
export function kindOf(entry: Stats): string {
  if (entry.isFile()) return "a file";
  if (entry.isDirectory()) return "a folder";
  if (entry.isSymbolicLink()) return "a link";
  if (entry.isFIFO()) return "a pipe";
  return entry.isSocket() ? "a socket" : "a device";
}
