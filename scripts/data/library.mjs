import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { inRoot } from "../setup/paths.mjs";

const require = createRequire(import.meta.url);

const modules = [
  ...["core/visible", "market/store/series", "market/store/store", "market/store/download"],
  ...["market/bybit/connect", "market/bybit/fetch"],
];

/** The part of the compiled library that downloads: without the models, so that it is there at once. */
export function loadLibrary() {
  const files = modules.map((name) => inRoot("lib/dist", `${name}.js`));
  if (!files.every((file) => existsSync(file))) {
    throw new Error("the library is not compiled, or not of this version: run npm run build first");
  }
  return Object.assign({}, ...files.map((file) => require(file)));
}
