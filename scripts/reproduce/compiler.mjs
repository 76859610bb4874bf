import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { inRoot } from "../setup/paths.mjs";

/**
 * Compiles in a thread here the cells of all kernels under way, so that not each of them reads the same types; the code is the same.
 * Nothing where no socket can be opened: then each kernel compiles its own, as it also does when the thread has ended.
 * @returns {Promise<{socket: string, client: string, close: () => void} | undefined>} `client` is the module a kernel asks by
 */
export async function openCompiler() {
  if (process.platform === "win32") return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "vitrade-compiler-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const socket = path.join(folder, "socket");
  const thread = new Worker(inRoot("scripts/reproduce/compilerThread.cjs"), { workerData: { socket } });
  const opens = await new Promise((resolve) => {
    thread.once("message", resolve).once("exit", () => resolve(false));
    thread.on("error", () => resolve(false));
  });
  if (!opens) return undefined;
  return { socket, client: inRoot("scripts/reproduce/compilerClient.cjs"), close: () => thread.terminate() };
}
