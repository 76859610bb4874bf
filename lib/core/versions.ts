/** Versions of the packages that a notebook ran on. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const PACKAGES = ["@tensorflow/tfjs", "plotly.js-dist", "danfojs-node", "ml-matrix"] as const;

/** One row a package, with the version that is installed; the backend in use first. */
export function versions(backend: string): { component: string; version: string }[] {
  return [
    { component: "TensorFlow.js backend", version: backend },
    { component: "vitrade", version: ownVersion() },
    ...PACKAGES.flatMap((name) => {
      const file = installed(name);
      return file === undefined ? [] : [{ component: name, version: versionIn(file) }];
    }),
  ];
}

let own: string | undefined;

/** The version of the library. */
export function ownVersion(): string {
  own ??= versionIn(resolve(__dirname, "../../package.json"));
  return own;
}

/** The package.json of an installed package, which not every package lets one import; undefined where it is not there, as may be. */
function installed(name: string): string | undefined {
  let folder: string;
  try {
    folder = dirname(require.resolve(name));
  } catch {
    return undefined;
  }
  while (!folder.endsWith(join("node_modules", ...name.split("/")))) folder = dirname(folder);
  return join(folder, "package.json");
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
