/** The oldest release of each supported line: below them CommonJS cannot load ES modules. */
const oldest = { 20: 19, 22: 13 };

/**
 * What is wrong with this version of Node, in one line with the remedy; an empty string when it will do.
 * @param {string} version  as in process.versions.node
 * @returns {string}
 */
export function nodeProblem(version) {
  const parts = version.split(".").map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major >= 24 || (major in oldest && minor >= oldest[major])) return "";
  return `Node ${version} will not do: Node 20.19 or newer, 22.13 or newer, or 24 is needed. Install one from https://nodejs.org and run the command again.`;
}
