/** A throw-away copy of the project's scripts, so that a test may break what it likes. */
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const root = path.resolve(__dirname, "../..");

/** One of the scripts as a module. They are plain JavaScript, so the test states the type it relies on. */
export async function script<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(path.join(root, "scripts", name)).href)) as T;
}

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string | undefined>>;

export interface Project {
  readonly folder: string;
  /** Writes a file of the copy. */
  write(name: string, text: string): void;
  /** Runs `node ARGS` in the copy; settings of npm and of the course are not inherited. */
  node(args: readonly string[], env?: Env): Promise<Outcome>;
  remove(): void;
}

const notInherited = /^(npm_|VITRADE_|MARKET$|INIT_CWD$|VITEST)/i;

function cleanEnv(): Env {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.test(name)));
}

function run(folder: string, args: readonly string[], env: Env): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...cleanEnv(), ...env } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

/** Copies the scripts and the files setup reads. With `installed`, what setup made in the real project is there too. */
export function temporaryProject({ installed = false } = {}): Project {
  const folder = mkdtempSync(path.join(tmpdir(), "vitrade-test-"));
  for (const name of ["scripts", "package.json", "package-lock.json", "lib/package.json"]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  mkdirSync(path.join(folder, ".vitrade"));
  if (installed) {
    for (const name of ["node_modules", ".venv"]) symlinkSync(path.join(root, name), path.join(folder, name));
    cpSync(path.join(root, ".vitrade/jupyter.json"), path.join(folder, ".vitrade/jupyter.json"));
  }
  return {
    folder,
    write(name, text) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    },
    node: (args, env = {}) => run(folder, args, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A folder to put on the PATH that holds `node` and, if given, a `python3` that answers as told. */
export function toolFolder(project: Project, python?: string): string {
  const folder = path.join(project.folder, "bin");
  mkdirSync(folder);
  symlinkSync(process.execPath, path.join(folder, "node"));
  if (python !== undefined) {
    writeFileSync(path.join(folder, "python3"), `#!/bin/sh\necho "${python}"\n`);
    chmodSync(path.join(folder, "python3"), 0o755);
  }
  return folder;
}
