/** A Jupyter of the tests' own: its settings, its files and its port are nobody else's. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { findJupyter, root } from "./machine.js";

const run = promisify(execFile);
const TOKEN = "browser-test";

/** The application that opens the notebook. */
export type Application = "lab" | "notebook";

export interface Server {
  /** Where `application` shows the notebook. */
  url(application: Application, notebook: string): string;
  stop(): Promise<void>;
}

/** A folder in which a notebook finds the library. */
export interface WorkFolder {
  folder: string;
  remove(): void;
}

export function workFolder(): WorkFolder {
  const folder = mkdtempSync(join(tmpdir(), "vitrade-browser-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Executes the notebook in its place, with the project's kernel. */
export async function execute(file: string): Promise<void> {
  const options = ["--inplace", "--execute", "--ExecutePreprocessor.record_timing=False"];
  await run(jupyter(), ["nbconvert", "--to", "notebook", ...options, file], { env: environment() });
}

/** The notebook as an HTML page beside it. */
export async function toHtml(file: string): Promise<string> {
  await run(jupyter(), ["nbconvert", "--to", "html", file], { env: environment() });
  return file.replace(/\.ipynb$/, ".html");
}

/** Starts Jupyter on `folder`; `disabled` extensions are not loaded. */
export async function startServer(folder: string, disabled: readonly string[] = []): Promise<Server> {
  const home = join(folder, ".home");
  writeSettings(home, disabled);
  const port = await freePort();
  const options = {
    "--ServerApp.ip": "127.0.0.1",
    "--ServerApp.port": port,
    "--ServerApp.port_retries": 0,
    "--ServerApp.root_dir": folder,
    "--IdentityProvider.token": TOKEN,
    "--LabApp.expose_app_in_browser": "True",
    "--JupyterNotebookApp.expose_app_in_browser": "True",
  };
  const args = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const child = spawn(jupyter(), ["lab", "--no-browser", "--allow-root", ...args], {
    cwd: folder,
    detached: true,
    env: environment(home),
    stdio: ["ignore", "ignore", "pipe"],
  });
  await listening(child, port);
  return {
    url: (application, notebook) => {
      const place = application === "lab" ? "lab/tree" : "notebooks";
      return `http://127.0.0.1:${port}/${place}/${basename(notebook)}?token=${TOKEN}`;
    },
    stop: () => stopped(child),
  };
}

function jupyter(): string {
  return findJupyter()!;
}

function environment(home?: string): NodeJS.ProcessEnv {
  const beside = join(root, ".vitrade/jupyter/share/jupyter"); // where setup puts what a Jupyter of the reader's cannot take
  const own = home && {
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
  };
  return { ...process.env, ...(process.env.VITRADE_JUPYTER ? { JUPYTER_PATH: beside } : {}), ...own };
}

/** Every cell is put on the page, and nothing is asked of the network. */
function writeSettings(home: string, disabled: readonly string[]): void {
  const write = (file: string, content: object): void => {
    mkdirSync(join(home, file, ".."), { recursive: true });
    writeFileSync(join(home, file), JSON.stringify(content));
  };
  rmSync(home, { recursive: true, force: true });
  const disabledExtensions = Object.fromEntries(disabled.map((name) => [name, true]));
  write("config/labconfig/page_config.json", { disabledExtensions });
  write("settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings", { windowingMode: "none" });
  const quiet = { fetchNews: "false", checkForUpdates: false };
  write("settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings", quiet);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = "";
  let exited = false;
  child.stderr!.on("data", (text) => {
    said = (said + text).slice(-4000);
  });
  child.on("exit", () => {
    exited = true;
  });
  for (let tries = 0; tries < 480; tries++) {
    if (exited) throw new Error(`Jupyter ended before it listened:\n${said}`);
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${TOKEN}`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await stopped(child);
  throw new Error(`Jupyter did not listen within two minutes:\n${said}`);
}

/** Ends the server and its kernels: they are one process group. */
function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    process.kill(-child.pid!, "SIGTERM");
    const isThere = () => child.exitCode === null && child.signalCode === null;
    setTimeout(() => isThere() && process.kill(-child.pid!, "SIGKILL"), 10_000).unref();
  });
}

/** A copy of `source` in `folder`. */
export function copyInto(folder: string, source: string): string {
  const target = join(folder, basename(source));
  cpSync(source, target);
  return target;
}
