/**
 * Prepares the project: npm packages, the compiled library, Jupyter with the TypeScript kernel. Run before every
 * other command; does only what is missing. Kept in syntax that an old Node parses, so that it can say it is too old.
 */
import { nodeProblem } from "./setup/node.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`setup: ${problem}`);
  process.exit(1);
}
import("./setup/main.mjs").then((main) => main.setup());
