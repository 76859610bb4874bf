/** Compiles the library: `npm run build`. */
import { buildLibrary } from "./setup/library.mjs";
import { Problem } from "./setup/say.mjs";

try {
  await buildLibrary({ force: true });
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
