/** The notebooks' kernel has an older TypeScript of its own: what the library declares must mean the same to it. */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const dist = path.join(root, "lib/dist");

async function declarations(): Promise<string[]> {
  const names = await readdir(dist, { recursive: true });
  return names.filter((name) => name.endsWith(".d.ts")).map((name) => path.join(dist, name));
}

interface Diagnostic {
  readonly messageText: unknown;
}

interface Program {
  getSourceFile(file: string): object | undefined;
  getSyntacticDiagnostics(file: object): readonly Diagnostic[];
  getSemanticDiagnostics(file: object): readonly Diagnostic[];
}

/** The part of the compiler's interface that is used here. */
interface Compiler {
  readonly version: string;
  readonly sys: object;
  createProgram(files: readonly string[], options: object): Program;
  resolveModuleName(
    name: string,
    from: string,
    options: object,
    host: object,
  ): { readonly resolvedModule?: { readonly resolvedFileName: string } };
  readonly ModuleResolutionKind: Readonly<Record<string, number>>;
  readonly ModuleKind: Readonly<Record<string, number>>;
  readonly ScriptTarget: Readonly<Record<string, number>>;
}

const compiler = createRequire(__filename)("@tslab/typescript-for-tslab") as Compiler;
const options = {
  noEmit: true,
  strict: true,
  types: ["node"],
  typeRoots: [path.join(root, "node_modules/@types")],
  moduleResolution: compiler.ModuleResolutionKind.Node10,
  module: compiler.ModuleKind.CommonJS,
  target: compiler.ScriptTarget.ES2020,
};

test("no declaration uses a typed array with a type argument, which the kernel would read as any", async () => {
  for (const file of await declarations()) {
    expect(readFileSync(file, "utf8"), file).not.toMatch(/\w+Array<(ArrayBuffer|SharedArrayBuffer)/);
  }
});

test("the types of the library are its own, Node's, or those of tensors and matrices: no other package's", () => {
  const text = readFileSync(path.join(dist, "vitrade.d.ts"), "utf8");
  const imported = [...text.matchAll(/^import .*?['"]([^'"]+)['"];$/gm)].map(([, name]) => name!);
  const known = /^node:|^ml-matrix$|^@tensorflow\/tfjs-core(\/|$)/;
  expect(imported.length).toBeGreaterThan(2);
  expect(imported.filter((name) => !known.test(name))).toEqual([]);
  expect(text).not.toMatch(/\bimport\(|\bZod[A-Z]/);
});

test("a notebook's import of vitrade is the compiled library", () => {
  const from = path.join(root, "notebooks/00.ts");
  const { resolvedModule } = compiler.resolveModuleName("vitrade", from, options, compiler.sys);
  expect(resolvedModule?.resolvedFileName).toBe(path.join(dist, "vitrade.d.ts"));
});

test("the kernel's TypeScript finds no error in the library's declarations", async () => {
  expect(compiler.version).toMatch(/^5\.0\./);
  const files = await declarations();
  const program = compiler.createProgram(files, options);
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const said = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return said.map(({ messageText }) => `${path.relative(root, file)}: ${JSON.stringify(messageText)}`);
  });
  expect(found).toEqual([]);
});
