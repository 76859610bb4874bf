/** `npm start` as README and the guide to own bars write it: JupyterLab opens on the course, and its kernel opens the reader's bars. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { writeBars } from "./bars.js";
import { root } from "./project.js";

const TOKEN = "start-test";
const code = `import { market } from "vitrade";
const source = await market.open({ atLeast: 2, minBars: 500 });
console.log("opened", source.simulated, source.symbols.join(" "), source.bars[0].close.length);`;

let folder: string;
let lab: ChildProcess;
let said = "";
let base: string;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
const asked = (where: string, init?: RequestInit): Promise<Response> =>
  fetch(`${base}${where}?token=${TOKEN}`, init);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "vitrade-start-"));
  const { bars } = simulate({ symbols: ["AAAUSDT", "BBBUSDT"], bars: 900, key: key(5) });
  for (const own of bars) writeBars(folder, own);
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  const given = ["--no-browser", `--ServerApp.port=${port}`, `--IdentityProvider.token=${TOKEN}`];
  lab = spawn("npm", ["start", "--", ...given], {
    cwd: root,
    detached: true,
    env: { ...process.env, MARKET: folder },
  });
  for (const stream of [lab.stdout!, lab.stderr!])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  while (
    !(await asked("/api/status").then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (lab.exitCode !== null) throw new Error(`npm start ended with ${lab.exitCode}: ${said}`);
    await wait(200);
  }
});
afterAll(async () => {
  const ended = new Promise((resolve) => lab.once("close", resolve));
  process.kill(-lab.pid!, "SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

test("JupyterLab leads to the first chapter on inference", async () => {
  const page = await asked("/");
  expect(page.status).toBe(200);
  expect(new URL(page.url).pathname).toBe("/lab/tree/notebooks/01-variational-inference.ipynb");
});

test("the kernel it starts opens the bars of MARKET", async () => {
  const made = await asked("/api/kernels", {
    method: "POST",
    body: JSON.stringify({ name: "tslab", path: "notebooks" }),
    headers: { "content-type": "application/json" },
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  expect(await printedBy(id)).toContain("opened false AAAUSDT BBBUSDT 900");
  await asked(`/api/kernels/${id}`, { method: "DELETE" });
});

/** What a kernel prints for `code`, over the channel a notebook uses; an error of the cell is part of it. */
function printedBy(id: string): Promise<string> {
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/kernels/${id}/channels?token=${TOKEN}`);
  const header = {
    msg_id: "one",
    session: "test",
    username: "",
    msg_type: "execute_request",
    version: "5.3",
  };
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  let printed = "";
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () =>
      socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell" })),
    );
    socket.on("message", (raw) => {
      const { msg_type, content: heard, parent_header: asking } = JSON.parse(String(raw));
      if (msg_type === "stream") printed += heard.text;
      if (msg_type === "error") printed += heard.traceback.join("\n");
      // what a cell prints comes before the kernel says that it is idle again
      if (msg_type !== "status" || heard.execution_state !== "idle" || asking.msg_id !== "one") return;
      socket.close();
      resolve(printed);
    });
  });
}
