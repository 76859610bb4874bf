/** Executes the notebooks again and compares them with the committed ones: `npm run reproduce`. */
import { existsSync } from "node:fs";
import { copyPicture, pictured } from "./readme-figure.mjs";
import { ArgumentProblem, parseArguments, usage } from "./reproduce/arguments.mjs";
import { chooseNotebooks } from "./reproduce/notebook.mjs";
import { report } from "./reproduce/report.mjs";
import { reproduce } from "./reproduce/reproduce.mjs";
import { inMemory, inRoot } from "./setup/paths.mjs";

async function main() {
  const options = parseArguments(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const notebooks = chooseNotebooks(inRoot("notebooks"), options.names);
  if (!existsSync(inMemory("jupyter.json")))
    throw new ArgumentProblem("Jupyter is not set up: run npm run setup first.");
  const results = await reproduce(notebooks, options);
  if (results.some(({ written, file }) => written && file === pictured)) copyPicture();
  return report(results, options);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ArgumentProblem)) throw error;
  console.error(`reproduce: ${error.message}`);
  process.exitCode = 2;
}
