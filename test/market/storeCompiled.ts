/** The market column compiled for a child process, file by file, so that a test depends on no build. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");
const options = { module: ts.ModuleKind.Node16, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** Writes core/ and market/ as CommonJS into `folder`, with the packages they need beside them. */
export function compileMarket(folder: string): void {
  for (const column of ["core", "market"]) {
    const files = readdirSync(join(root, "lib", column), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => name.endsWith(".ts")))
      compile(join(root, "lib", column, file), folder);
  }
  const packages = join(folder, "node_modules");
  if (!existsSync(packages)) symlinkSync(join(root, "node_modules"), packages);
}

function compile(source: string, folder: string): void {
  const target = join(folder, relative(join(root, "lib"), source).replace(/ts$/, "js"));
  const text = readFileSync(source, "utf8");
  const { outputText } = ts.transpileModule(text, { compilerOptions: options, fileName: source });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
}
