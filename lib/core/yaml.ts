/** YAML, of which JSON is a part, read so that nothing in it is passed over. */
import type * as Yaml from "yaml";

/**
 * The value that a YAML text holds; an empty text holds {}.
 * @throws RangeError with line and column where it is no YAML, or holds a tag that nobody defined.
 */
export function fromYaml(text: string): unknown {
  const { parseDocument } = require("yaml") as typeof Yaml; // loaded by who reads YAML
  const document = parseDocument(text, { prettyErrors: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new RangeError(`expected YAML or JSON: ${problem.message}`);
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new RangeError(`expected YAML or JSON: ${(error as Error).message}`, { cause: error });
  }
}
