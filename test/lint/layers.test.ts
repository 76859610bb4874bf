/**
 * The layer rule: an import against the architecture fails the lint. Every import is put into a file of its own, in a
 * copy of the tree that holds nothing else, and Biome reads them all at once.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");

const { allowed, danfoDoors: exceptions } = JSON.parse(
  readFileSync(path.join(root, "scripts/lint/layers.json"), "utf8"),
) as {
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  readonly danfoDoors: readonly string[];
};
/** BN-88 */
const layers = Object.keys(allowed);

/** The folders in which a package may be imported. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "@tensorflow/tfjs": ["prob", "nn", "models"],
  "@tensorflow/tfjs-backend-wasm": ["nn"],
  "tfjs-node-native": ["nn"],
  bullmq: ["sweep"],
  ccxt: ["market"],
  "danfojs-node": [],
  "plotly.js-dist": ["plot"],
  tslab: ["plot"],
};

/** The ways into a room: its own door and that of a folder in it. */
function doorsOf(layer: string): string[] {
  return [`../${layer}/index.js`, `../${layer}/folder/index.js`];
}

const modules = [
  "./index.js",
  "./neighbour.js",
  "../index.js",
  ...layers.flatMap((layer) => [`../${layer}/thing.js`, ...doorsOf(layer)]),
  ...Object.keys(homes),
];

/** The file that imports `module`, one folder deeper on request. */
function fileFor(layer: string, module: string, deep = false): string {
  const name = `${module.replace(/\W+/g, "_")}.ts`;
  return deep ? `lib/${layer}/deep/${name}` : `lib/${layer}/x${name}`;
}

function importing(module: string): string {
  return `import { thing } from "${module}";\n\nexport const used = thing;\n`;
}

function sources(): Map<string, string> {
  const files = new Map(exceptions.map((name) => [name, importing("danfojs-node")]));
  for (const layer of layers) {
    for (const module of modules) {
      files.set(fileFor(layer, module), importing(module));
      if (module.startsWith("../")) files.set(fileFor(layer, module, true), importing(`../${module}`));
    }
  }
  return files;
}

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string | { file: string } };
  }[];
}

/** The files that break the rule. */
function restricted(): Set<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "vitrade-layers-"));
  try {
    for (const name of ["biome.json", ".gitignore"])
      copyFileSync(path.join(root, name), path.join(folder, name));
    for (const [name, text] of sources()) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
    const args = ["lint", "--reporter=json", "--max-diagnostics=none", "lib"];
    const { stdout } = spawnSync(process.execPath, [biome, ...args], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    const { diagnostics } = JSON.parse(stdout) as Report;
    const found = diagnostics.filter(({ category }) => category === "lint/style/noRestrictedImports");
    return new Set(found.map(({ location: { path: at } }) => (typeof at === "string" ? at : at.file)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let broken: Set<string>;

beforeAll(() => {
  broken = restricted();
});

describe.each(layers)("%s/", (layer) => {
  const others = layers.filter((other) => other !== layer);
  const forbidden = others.filter((other) => !allowed[layer]!.includes(other));

  test("imports its own files and the doors of the layers it stands on, from any depth", () => {
    const doors = allowed[layer]!.flatMap(doorsOf);
    expect(["./neighbour.js", ...doors].filter((module) => broken.has(fileFor(layer, module)))).toEqual([]);
    expect(doors.filter((module) => broken.has(fileFor(layer, module, true)))).toEqual([]);
  });

  test("imports no file behind a door, no other layer and not the root's door, from any depth", () => {
    const modules = [
      "../index.js",
      ...others.map((other) => `../${other}/thing.js`),
      ...forbidden.flatMap(doorsOf),
    ];
    expect(modules.filter((module) => !broken.has(fileFor(layer, module)))).toEqual([]);
    expect(modules.filter((module) => !broken.has(fileFor(layer, module, true)))).toEqual([]);
    expect(broken.has(fileFor(layer, "./index.js"))).toBe(true);
  });
});

describe("a package is imported in its own layer only", () => {
  test.each(Object.keys(homes))("%s", (module) => {
    expect(layers.filter((layer) => !broken.has(fileFor(layer, module)))).toEqual(
      layers.filter((layer) => homes[module]!.includes(layer)),
    );
  });

  test("danfo at its two doors", () => {
    expect(exceptions.filter((name) => broken.has(name))).toEqual([]);
  });
});

test("the linter's part is what the table of the layers gives", async () => {
  const { withLayers } = (await import("../../scripts/lint/layers.mjs" as string)) as {
    withLayers(config: object): object;
  };
  const config = JSON.parse(readFileSync(path.join(root, "biome.json"), "utf8")) as object;
  expect(config).toEqual(withLayers(config));
});
