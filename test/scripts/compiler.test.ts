/** Cells compiled once for many kernels: the same code as a kernel's own converter makes, and a kernel that outlives the thread. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./project.js";

interface Converted {
  readonly output?: string;
  readonly declOutput?: string;
  readonly diagnostics: readonly { readonly messageText: string }[];
  readonly sideOutputs?: readonly { readonly path: string }[];
}

interface Converter {
  convert(before: string, source: string): Converted | Promise<Converted>;
  close(): void;
}

const load = createRequire(path.join(root, "package.json"));
const { createConverter } = load("tslab/dist/converter.js") as { createConverter(o: object): Converter };

const cells = [
  'import { core } from "vitrade";\nconst costs = 3;',
  "const scale = await Promise.resolve(2);\n({ costs, scale })",
  "const wrong: string = costs;",
  "let total = 0;\nfor (const x of core.normals(core.key(1), 3)) total += x;\ntotal",
  "total += 1; function half(x: number) { return x / 2; }\nhalf(total)",
];

/** Each cell after the ones before it, as the kernel goes on. */
async function compiled(converter: Converter, sources: readonly string[]): Promise<Converted[]> {
  const all: Converted[] = [];
  let before = "";
  for (const source of sources) {
    const made = await converter.convert(before, source);
    all.push(made);
    if (made.diagnostics.length === 0) before = made.declOutput ?? "";
  }
  return all;
}

interface Compiler {
  readonly socket: string;
  readonly client: string;
  close(): void;
}

let compiler: Compiler;
let expected: Converted[];

async function openCompiler(): Promise<Compiler> {
  const opened = (await import("../../scripts/reproduce/compiler.mjs" as string)) as {
    openCompiler(): Promise<Compiler>;
  };
  return opened.openCompiler();
}

beforeAll(async () => {
  compiler = await openCompiler();
  const own = createConverter({ isJS: false, isBrowser: false });
  expected = await compiled(own, cells);
  own.close();
});

afterAll(() => compiler.close());

/** The converter of a kernel that asks `of`. */
function kernelOf(of: Compiler): Converter {
  process.env.VITRADE_COMPILER = of.socket;
  const client = load(of.client) as { createConverter(o: object): Converter };
  return client.createConverter({ isJS: false, isBrowser: false });
}

describe("cells compiled in a thread of a reproduction", () => {
  test("are the code, the declarations and the errors of a kernel's own converter", async () => {
    expect(expected[2]!.diagnostics[0]!.messageText).toContain("not assignable");
    expect(expected[4]!.output).toContain("half");
    const kernel = kernelOf(compiler);
    expect(await compiled(kernel, cells)).toEqual(expected);
    kernel.close();
  });

  test("are the same for kernels at once, and for a kernel that comes after another", async () => {
    const kernels = [kernelOf(compiler), kernelOf(compiler), kernelOf(compiler)];
    for (const all of await Promise.all(kernels.map((kernel) => compiled(kernel, cells))))
      expect(all).toEqual(expected);
    for (const kernel of kernels) kernel.close();
    const later = kernelOf(compiler);
    expect(await compiled(later, [...cells].reverse())).toHaveLength(cells.length);
    expect(await compiled(later, cells)).toEqual(expected);
    later.close();
  });

  test("hand a file of one's own to each kernel that imports it", async () => {
    const folder = mkdtempSync(path.join(root, "test-own-"));
    writeFileSync(path.join(folder, "own.ts"), "export const seven: number = 7;\n");
    const source = `import { seven } from "./${path.basename(folder)}/own";\nseven`;
    try {
      for (let n = 0; n < 2; n++) {
        const kernel = kernelOf(compiler);
        const [made] = await compiled(kernel, [source]);
        expect(made!.sideOutputs!.map((file) => path.basename(file.path))).toEqual(["own.js"]);
        kernel.close();
        await new Promise((resolve) => setTimeout(resolve, 100)); // the thread hears that the kernel has gone
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a kernel whose compiling thread ends", () => {
  test("compiles its further cells itself", async () => {
    const own = await openCompiler();
    const kernel = kernelOf(own);
    const first = await compiled(kernel, cells.slice(0, 2));
    const asked = kernel.convert(first[1]!.declOutput!, cells[3]!); // its answer will never come
    own.close();
    expect(await asked).toEqual(expected[3]);
    kernel.close();
  });

  test("starts where no thread listens", () => {
    const said = spawnSync(
      process.execPath,
      [
        "-e",
        `require(${JSON.stringify(compiler.client)}).createConverter({}).convert("", "const a = 1;").then((made) => { console.log(made.diagnostics.length); process.exit() })`,
      ],
      {
        cwd: root,
        env: { ...process.env, VITRADE_COMPILER: path.join(tmpdir(), "nobody") },
        encoding: "utf8",
      },
    );
    expect(said.stdout.trim()).toBe("0");
  });
});
