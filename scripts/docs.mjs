/** `npm run docs`: writes the library's reference below `.vitrade/reference`; a warning of TypeDoc is an error. */
import path from "node:path";
import { makeReference, referenceFolder, referencePages } from "./docs/reference.mjs";
import { root } from "./setup/paths.mjs";
import { Problem } from "./setup/say.mjs";

try {
  await makeReference({ force: true });
  console.log(`docs: ${referencePages().length} pages, ${path.relative(root, referenceFolder)}`);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`docs: ${error.message}`);
  process.exitCode = 1;
}
