/** A user's own module, named by its path: what it exports by default is a function, and nothing else of it is used. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readWhole } from "../../../core/index.js";

/** A function of a module, and the SHA-256 of the module's text. */
export interface OwnModule<Of extends (...inputs: never[]) => unknown> {
  readonly file: string;
  readonly sha256: string;
  readonly run: Of;
}

/**
 * The default export of a module.
 * @param wanted  what the function does, as an error says it
 * @throws Error naming the file when it cannot be read or loaded, or exports no function by default.
 */
export async function loadOwn<Of extends (...inputs: never[]) => unknown>(
  file: string,
  wanted: string,
): Promise<OwnModule<Of>> {
  const sha256 = createHash("sha256")
    .update(await readWhole(file))
    .digest("hex");
  const exported = await load(file);
  if (typeof exported !== "function")
    throw new Error(
      `${file}: expected a default export that is a function ${wanted}, got ${exported === undefined ? "none" : typeof exported}`,
    );
  return { file, sha256, run: exported as Of };
}

async function load(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new Error(
      `${file}: expected a module of JavaScript, such as own.mjs: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}
