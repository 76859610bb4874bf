/** Files that are either whole or not there. */
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file so that a reader, or a crash at any moment, finds the old one or the new one and never a part.
 *
 * It writes beside the file, flushes, and renames; the folder is flushed too where the system allows.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, "w");
    await written(file, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw naming(path, error);
  }
  await flushFolder(dirname(path));
}

/** The bytes of a file. @throws the system's error, which names the file also where the system does not. */
export async function readWhole(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw naming(path, error);
  });
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
