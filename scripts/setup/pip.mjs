import { existsSync } from "node:fs";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const publicIndex = "https://pypi.org/simple";

/** pip's settings as it sees them itself, from its files and the environment; the last one given wins. */
async function pipSettings(python) {
  const { output } = await run(python, ["-m", "pip", "config", "list"]);
  const settings = {};
  for (const [, name, value] of output.matchAll(/^[^\s=]*?\.([a-z-]+)='(.*)'$/gm)) settings[name] ??= value;
  return settings;
}

/** Whether an index can be there at all: a folder that exists, or a host that takes a connection within 3 s. */
function answers(index) {
  const url = new URL(index);
  if (url.protocol === "file:") return existsSync(fileURLToPath(url));
  return new Promise((resolve) => {
    const port = Number(url.port) || (url.protocol === "http:" ? 80 : 443);
    const socket = net.connect({ host: url.hostname, port, timeout: 3000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}

/**
 * How to call `pip install` here. pip asks every configured index for every package and tries a dead one again each
 * time, which takes minutes; so indexes that do not answer are left out while another one does.
 * @returns {Promise<{args: string[], env: Record<string, string>, reachable: boolean}>}
 */
export async function pipOptions(python) {
  const args = ["--retries", "1", "--disable-pip-version-check", "--no-input", "--prefer-binary"];
  const env = { PIP_USER: "0", PIP_DEFAULT_TIMEOUT: process.env.PIP_DEFAULT_TIMEOUT ?? "30" };
  const settings = await pipSettings(python);
  const proxied =
    settings.proxy || ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].some((n) => process.env[n]);
  const extra = (settings["extra-index-url"] ?? "").split(/\s|\\n/).filter(Boolean);
  if (proxied || settings["no-index"]) return { args, env, reachable: true };
  const indexes = [settings["index-url"] ?? publicIndex, ...extra];
  const alive = await Promise.all(indexes.map(answers));
  const live = indexes.filter((_, i) => alive[i]);
  if (live.length === indexes.length) return { args, env, reachable: true };
  args[1] = "0";
  if (live.length > 0) {
    args.push("--index-url", live[0]);
    env.PIP_EXTRA_INDEX_URL = live.join(" ");
  }
  return { args, env, reachable: live.length > 0 };
}
