import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { inRoot } from "../setup/paths.mjs";

/**
 * Draws here the figures of all kernels under way, so that not each of them loads Plotly; the bytes are the same. Nothing where the
 * library is not built or no socket can be opened: then each draws its own.
 * @returns {Promise<{socket: string, close: () => void} | undefined>}
 */
export async function openDrawer() {
  const drawing = inRoot("lib/dist/plot/draw/elsewhere.js");
  if (!existsSync(drawing) || process.platform === "win32") return undefined;
  const { serveDrawings } = createRequire(import.meta.url)(drawing);
  const folder = mkdtempSync(path.join(tmpdir(), "vitrade-drawer-"));
  const socket = path.join(folder, "socket");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const server = await serveDrawings(socket).catch(() => undefined);
  if (!server) return undefined;
  return {
    socket,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
