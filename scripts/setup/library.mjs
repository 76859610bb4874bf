import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { copyFonts, rollDeclarations, writeLazyDoor } from "./declarations.mjs";
import { inRoot } from "./paths.mjs";
import { runShown } from "./run.mjs";
import { Problem } from "./say.mjs";
import { filesUnder, hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const source = inRoot("lib");
const dist = inRoot("lib/dist");
const assembly = path.join("nn", "kernels", "assembly");
/** The kernels for every machine, and those with fused multiply-add for machines that have it. */
const kernels = [
  { file: path.join(dist, "nn", "kernels", "kernels.wasm"), features: ["simd"] },
  { file: path.join(dist, "nn", "kernels", "kernels.fused.wasm"), features: ["simd", "relaxed-simd"] },
];
const declarations = path.join(dist, "vitrade.d.ts");

/** What TypeScript compiles, and what AssemblyScript does. */
function sources() {
  const all = filesUnder(source, ["dist", "node_modules"]).filter((name) => /(?<!\.d)\.ts$/.test(name));
  const isAssembly = (name) => name.startsWith(assembly + path.sep);
  return { names: all.filter((name) => !isAssembly(name)), kernelNames: all.filter(isAssembly) };
}

/** Removes compiled files whose source is gone. */
function removeStale(names) {
  if (!existsSync(dist)) return;
  const wanted = new Set(names.map((name) => name.replace(/\.ts$/, "")));
  for (const name of filesUnder(dist)) {
    const stem = name.replace(/\.(js|d\.ts)$/, "");
    const isStale = stem !== name && !wanted.has(stem) && name !== "vitrade.d.ts";
    if (isStale || name.endsWith(".map")) rmSync(path.join(dist, name));
  }
}

/** The SIMD kernels, without data or allocation of their own: they work in the memory of TensorFlow.js. */
async function buildKernels({ file, features }) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  const args = [
    inRoot("node_modules/assemblyscript/bin/asc.js"),
    ...[inRoot("lib", assembly, "index.ts"), "--outFile", draft, "-O3", "--noAssert"],
    ...["--runtime", "stub", "--importMemory", "--noExportMemory"],
    ...features.flatMap((feature) => ["--enable", feature]),
  ];
  const { ok, output } = await runShown("compiling the kernels", "asc", process.execPath, args);
  if (!ok) {
    console.error(output.trimEnd());
    throw new Problem("The kernels do not compile: mend the errors above and run the command again.");
  }
  renameSync(draft, file);
}

/**
 * Compiles `lib/` to `lib/dist` when a source, a setting or a compiler has changed. TypeScript is called by its path:
 * `node_modules/.bin/tsc` belongs to the kernel's own fork.
 */
export async function buildLibrary({ force = false } = {}) {
  const { names, kernelNames } = sources();
  const settings = [
    "tsconfig.json",
    "lib/tsconfig.json",
    "lib/package.json",
    "scripts/setup/declarations.mjs",
    "node_modules/typescript/package.json",
    "node_modules/assemblyscript/package.json",
  ];
  const inLibrary = [...names, ...kernelNames];
  const texts = [
    ...inLibrary.map((name) => path.join(source, name)),
    ...settings.map((name) => inRoot(name)),
  ];
  const hash = hashOf(...inLibrary, ...texts.map((file) => readFileSync(file)));
  const compiled = names.map((name) => path.join(dist, name.replace(/\.ts$/, ".js")));
  const present = [...compiled, ...kernels.map(({ file }) => file), declarations].every((file) =>
    existsSync(file),
  );
  if (!force && present && readStamp("library").hash === hash) return;
  removeStamp("library");
  removeStale(names);
  for (const each of kernels) await buildKernels(each);
  const args = [inRoot("node_modules/typescript/bin/tsc"), "-p", "lib", "--pretty", "false"];
  const { ok, output } = await runShown("compiling the library", "tsc", process.execPath, args);
  if (!ok) {
    console.error(output.trimEnd());
    throw new Problem("The library does not compile: mend the errors above and run the command again.");
  }
  writeLazyDoor();
  copyFonts();
  await rollDeclarations();
  writeStamp("library", { hash });
}
