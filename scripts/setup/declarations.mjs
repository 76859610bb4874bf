/** What a user of the compiled library meets: a door that loads a room when it is asked for, and all types in one file. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { Problem } from "./say.mjs";

const dist = inRoot("lib/dist");

/** The rooms, and the single names with the files that hold them, as lib/index.ts exports them. */
function exportsOfRoot() {
  const text = readFileSync(inRoot("lib/index.ts"), "utf8");
  const rooms = [...text.matchAll(/^export \* as (\w+) from "(.+)";/gm)].map(([, name, file]) => ({
    name,
    file,
  }));
  const names = [...text.matchAll(/^export \{ ([\w, ]+) \} from "(.+)";/gm)].flatMap(([, list, file]) =>
    list.split(", ").map((name) => ({ name, file })),
  );
  return { rooms, names };
}

/** A room is loaded at its first use: who asks for bars does not wait for networks. */
export function writeLazyDoor() {
  const { rooms, names } = exportsOfRoot();
  const getter = (name, expression) =>
    `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => ${expression} });`;
  const all = [...names, ...rooms].map(({ name }) => name);
  const lines = [
    '"use strict";',
    "/** The rooms of the library, each loaded at its first use. */",
    'Object.defineProperty(exports, "__esModule", { value: true });',
    ...names.map(({ name, file }) => getter(name, `require("${file}").${name}`)),
    ...rooms.map(({ name, file }) => getter(name, `require("${file}")`)),
    "",
  ];
  writeFileSync(path.join(dist, "index.js"), lines.join("\n"));
  const esm = `import vitrade from "./index.js";\n\nexport const { ${all.join(", ")} } = vitrade;\n`;
  writeFileSync(path.join(dist, "index.mjs"), esm);
}

/** The font of the pictures, beside the file that reads it. */
export function copyFonts() {
  const from = inRoot("node_modules/@expo-google-fonts/open-sans");
  const to = path.join(dist, "plot/draw/fonts");
  const files = [
    "400Regular/OpenSans_400Regular",
    "600SemiBold/OpenSans_600SemiBold",
    "700Bold/OpenSans_700Bold",
  ];
  for (const file of [...files, "400Regular_Italic/OpenSans_400Regular_Italic"]) {
    const target = path.join(to, `${file}.ttf`);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(path.join(from, `${file}.ttf`), target);
  }
  copyFileSync(path.join(from, "LICENSE_FONT"), path.join(to, "LICENSE"));
}

/**
 * Rolls all declarations into dist/vitrade.d.ts, so that a notebook's first cell parses one file of the library.
 *
 * Types of TensorFlow.js are taken from its core, which says the same in a tenth of the files.
 * @throws Problem when the declarations cannot be rolled up
 */
export async function rollDeclarations() {
  const { Extractor, ExtractorConfig } = await import("@microsoft/api-extractor");
  const rolled = path.join(dist, "vitrade.d.ts");
  const silent = { default: { logLevel: "none" } };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: inRoot("lib"),
      mainEntryPointFilePath: path.join(dist, "index.d.ts"),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ target: "ES2022", lib: ["ES2022"], module: "node16", moduleResolution: "node16" },
            ...{ strict: true, skipLibCheck: true, types: ["node"] },
          },
          files: [path.join(dist, "index.d.ts")],
        },
      },
      dtsRollup: { enabled: true, untrimmedFilePath: rolled },
      ...{ apiReport: { enabled: false, reportFileName: "none" }, docModel: { enabled: false } },
      tsdocMetadata: { enabled: false },
      messages: {
        ...{ compilerMessageReporting: silent, extractorMessageReporting: silent },
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: inRoot("lib/package.json"),
  });
  const log = console.log;
  console.log = () => {}; // it names the version of TypeScript that it brings
  let result;
  try {
    result = Extractor.invoke(config, { localBuild: true, showVerboseMessages: false });
  } finally {
    console.log = log;
  }
  if (!result.succeeded)
    throw new Problem("The declarations of the library cannot be rolled up into one file.");
  writeFileSync(rolled, withoutInnerDoors(readFileSync(rolled, "utf8")));
}

/**
 * Of the rolled file: only values that the root exports are exported, and TensorFlow.js is known by its core. All types are exported, since the
 * kernel has to name the type of each variable of a cell.
 */
function withoutInnerDoors(text) {
  const { rooms, names } = exportsOfRoot();
  const own = new Set([...rooms, ...names].map(({ name }) => name));
  return text
    .replace(/^export declare (namespace|function|const|interface|type) (\w+)/gm, (line, kind, name) =>
      own.has(name) ? line : `declare ${kind} ${name}`,
    )
    .replace(/^declare (interface|type) /gm, "export declare $1 ")
    .replace(
      /^import \* as tf from '@tensorflow\/tfjs';/m,
      "import * as tf from '@tensorflow/tfjs-core';\nimport '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';",
    );
}
