/** Copies the picture of chapter 1's first figure to the top of the README. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where the README finds its figure. */
export const picture = join(root, "notebooks/images/answer.png");

/** The notebook whose first figure it is. */
export const pictured = join(root, "notebooks/01-variational-inference.ipynb");

/** The PNG of the first figure of a notebook, as bytes. */
export function firstPicture(file = pictured) {
  const { cells } = JSON.parse(readFileSync(file, "utf8"));
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const found = outputs.find((output) => output.data?.["image/png"] !== undefined);
  if (!found) throw new Error(`${file} holds no picture: execute it with npm run reproduce -- 01 --update`);
  return Buffer.from([found.data["image/png"]].flat().join(""), "base64");
}

/** Writes the picture where the README finds it. */
export function copyPicture() {
  mkdirSync(dirname(picture), { recursive: true });
  writeFileSync(picture, firstPicture());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) copyPicture();
