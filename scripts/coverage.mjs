/**
 * Where each deliverable of test/contract.json is kept: `node scripts/coverage.mjs` prints item → places, `-- VI-02` those of one, `--missing`
 * the items without a place alone. A cell names its items in its metadata, `"contract": ["VI-02"]`, a test in its name or beside it.
 * Exits with 1 when an item has no place, or a place names an item that does not exist.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./setup/paths.mjs";

const ID = /\b(?:VI|BV|BN|VF|VP)-\d+\b/g;

export const items = JSON.parse(readFileSync(inRoot("test/contract.json"), "utf8"));

function filesOf(folder, ending) {
  return readdirSync(inRoot(folder), { recursive: true })
    .map((name) => path.posix.join(folder, name.replaceAll("\\", "/")))
    .filter((name) => ending.test(name) && !name.includes(".ipynb_checkpoints"))
    .sort();
}

function sourceOf({ source }) {
  return Array.isArray(source) ? source.join("") : source;
}

/** [id, place] of every mention. */
function* mentions() {
  for (const file of filesOf("notebooks", /\.ipynb$/)) {
    const { cells } = JSON.parse(readFileSync(inRoot(file), "utf8"));
    for (const [n, cell] of cells.entries()) {
      const named = [...(cell.metadata?.contract ?? []), ...(sourceOf(cell).match(ID) ?? [])];
      for (const id of named) yield [id, `${file}, cell ${n}`];
    }
  }
  for (const file of [...filesOf("test", /\.ts$/), ...filesOf("bench", /\.ts$/)]) {
    const lines = readFileSync(inRoot(file), "utf8").split("\n");
    for (const [n, line] of lines.entries())
      for (const id of line.match(ID) ?? []) yield [id, `${file}:${n + 1}`];
  }
}

/** The places of each item, and the ids that are named somewhere and are no item. */
export function coverage() {
  const places = Object.fromEntries(Object.keys(items).map((id) => [id, new Set()]));
  const strange = [];
  for (const [id, place] of mentions()) {
    if (places[id]) places[id].add(place);
    else strange.push(`${place}: ${id} is no item`);
  }
  return { places, strange };
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  const { places, strange } = coverage();
  const missing = Object.keys(items).filter((id) => places[id].size === 0);
  const shown = process.argv.includes("--missing") ? missing : asked.length > 0 ? asked : Object.keys(items);
  for (const id of shown) {
    console.log(`${id}  ${items[id] ?? "is no item"}`);
    for (const place of places[id] ?? []) console.log(`       ${place}`);
  }
  for (const line of strange) console.log(line);
  console.log(
    `${Object.keys(items).length - missing.length} of ${Object.keys(items).length} items have a place`,
  );
  if (missing.length > 0 && shown !== missing) console.log(`without one: ${missing.join(", ")}`);
  process.exitCode = missing.length + strange.length > 0 ? 1 : 0;
}
