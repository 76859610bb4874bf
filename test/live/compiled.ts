/** The columns of a paper run compiled for a child process, file by file, so that a test depends on no build. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");
const options = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** Writes `files` of the repository and all they import in turn as CommonJS into `folder`, with the packages they need beside them. */
export function compileFiles(folder: string, files: readonly string[]): void {
  const done = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (done.has(file)) continue;
    done.add(file);
    const source = join(root, file);
    const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), {
      compilerOptions: options,
      fileName: source,
    });
    const target = join(folder, file.replace(/ts$/, "js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
    const needs = outputText.matchAll(/require\("(\.[^"]+)\.js"\)/g);
    for (const [, path] of needs) waiting.push(join(dirname(file), `${path}.ts`));
  }
  const packages = join(folder, "node_modules");
  if (!existsSync(packages)) symlinkSync(join(root, "node_modules"), packages);
}
