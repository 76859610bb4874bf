/** The program compiled file by file, so that a test depends on no build, and run as a process in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");
const options = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The compiled program, and a folder to work in. */
export interface Program {
  readonly folder: string;
  /** The path of a file in the folder. */
  file(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  /** Runs `vitrade WORDS…` to its end. */
  run(...words: readonly string[]): Promise<Outcome>;
  start(...words: readonly string[]): ChildProcess;
  remove(): void;
}

export function compileProgram(): Program {
  const main = join(compiledLibrary(), "lib/dist/cli/main.js");
  const folder = mkdtempSync(join(tmpdir(), "vitrade-commands-"));
  const file = (name: string) => join(folder, name);
  const start = (...words: readonly string[]) =>
    spawn(process.execPath, [main, ...words], { cwd: folder, env: environment() });
  return {
    folder,
    file,
    write: (name, content) => {
      put(file(name), content);
      return file(name);
    },
    run: (...words) => outcomeOf(start(...words)),
    start,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a process printed and how it ended. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [out, err] = ["", ""];
  child.stdout!.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((done) => {
    child.on("close", (code) => done({ code, out, err }));
  });
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITRADE_|MARKET$|VITEST)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), VITRADE_BACKEND: "wasm" };
}

const KERNELS = ["nn/kernels/kernels.wasm", "nn/kernels/kernels.fused.wasm"];

/** The program as CommonJS with its packages beside it, compiled once for one state of the sources and kept in the system's temporary folder. */
export function compiledLibrary(): string {
  const sources = sourcesOf(["cli/main.ts", "nn/training/laneThread.ts"]); // the latter is started by its path
  const kernels = KERNELS.map((name) => [name, readFileSync(join(root, "lib/dist", name))] as const);
  const hash = createHash("sha256").update(ts.version).update(root);
  for (const [, bytes] of kernels) hash.update(bytes);
  for (const [name, text] of sources) hash.update(`${name}\n${text}\n`);
  const folder = join(tmpdir(), `vitrade-compiled-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(join(tmpdir(), "vitrade-compiling-"));
  for (const [name, text] of sources) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: options,
      fileName: join(root, "lib", name),
    });
    put(join(draft, "lib/dist", name.replace(/ts$/, "js")), outputText);
  }
  for (const [name, bytes] of kernels) put(join(draft, "lib/dist", name), bytes);
  put(join(draft, "lib/package.json"), readFileSync(join(root, "lib/package.json"), "utf8"));
  symlinkSync(join(root, "node_modules"), join(draft, "node_modules"));
  symlinkSync(join(root, "lib/node_modules"), join(draft, "lib/node_modules"));
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true }); // another test was faster
  }
  return folder;
}

/** Files of the library and all that they import, at once or later, with their texts. */
function sourcesOf(first: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const waiting = [...first]; waiting.length > 0; ) {
    const name = waiting.pop()!;
    if (found.has(name)) continue;
    const text = readFileSync(join(root, "lib", name), "utf8");
    found.set(name, text);
    for (const [, target] of text.matchAll(/(?:from|import|import\() ?"(\.[^"]+)\.js"/g))
      waiting.push(`${join(dirname(name), target!)}.ts`);
  }
  return found;
}

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
