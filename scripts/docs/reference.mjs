/** The library's reference, made by TypeDoc of what its rooms export: Markdown below `.vitrade/reference`. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { inMemory, inRoot } from "../setup/paths.mjs";
import { runShown } from "../setup/run.mjs";
import { Problem } from "../setup/say.mjs";
import { filesUnder, hashOf, readStamp, removeStamp, writeStamp } from "../setup/stamp.mjs";

export const referenceFolder = inMemory("reference");
const options = inRoot("scripts/docs/typedoc.json");

const FIRST_PAGE = `# The library's rooms

Each room is a name to import, as in \`import { features, market, models } from "vitrade"\`. The pages are written from the comments in the source.
`;

/** Makes the reference anew where a source or a setting has changed; a warning of TypeDoc is an error. */
export async function makeReference({ force = false } = {}) {
  const skipped = ["dist", "node_modules", "assembly"];
  const sources = filesUnder(inRoot("lib"), skipped).filter((name) => name.endsWith(".ts"));
  const settings = [options, inRoot("lib/tsconfig.json"), inRoot("node_modules/typedoc/package.json")];
  const texts = [...sources.map((name) => path.join(inRoot("lib"), name)), ...settings];
  const hash = hashOf(...sources, ...texts.map((file) => readFileSync(file)));
  if (!force && existsSync(referenceFolder) && readStamp("reference").hash === hash) return;
  removeStamp("reference");
  rmSync(referenceFolder, { recursive: true, force: true });
  const typedoc = inRoot("node_modules/typedoc/bin/typedoc");
  const args = [typedoc, "--options", options, "--pretty", "false"];
  const { ok, output } = await runShown("writing the reference", "typedoc", process.execPath, args);
  if (!ok) {
    console.error(output.trimEnd());
    throw new Problem("The reference has warnings: mend the comments above and run the command again.");
  }
  writeStamp("reference", { hash });
}

/**
 * The reference as pages of the site, the first page first.
 * @param folder  what `makeReference` wrote; no pages where it is missing
 * @returns {{path: string, title: string, markdown: string}[]}
 */
export function referencePages(folder = referenceFolder) {
  if (!existsSync(folder)) return [];
  const names = filesUnder(folder).map((name) => name.split(path.sep).join("/"));
  const order = readingOrder(readFileSync(path.join(folder, "index.md"), "utf8"));
  const rank = (name) => order.indexOf(name.split("/")[0].replace(/\.md$/, ""));
  const sorted = names.sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || a.localeCompare(b, "en"));
  return sorted.map((name) => {
    const text = withAddresses(readFileSync(path.join(folder, name), "utf8"), name);
    const address = addressOf(name);
    if (name === "index.md")
      return { path: address, title: "Rooms", markdown: text.replace(/^# .*\n+## .*\n/, FIRST_PAGE) };
    return {
      path: address,
      title: address.slice("reference/".length).replace("/", "."),
      markdown: text
        .replace(/^\[vitrade\]\([^)]*\)/, "[Rooms](/reference/index)")
        .replaceAll("\\_\\_namedParameters", "options"),
    };
  });
}

/** Rooms in the order of the first page, which comes before them. */
function readingOrder(text) {
  return ["index", ...[...text.matchAll(/\]\(([\w-]+)[./]/g)].map(([, room]) => room)];
}

function depth(name) {
  return /\/index\.md$/.test(name) ? 0 : name.split("/").length - 1;
}

/** Where a file's page lies: `models/namespaces/factor.md` is `reference/models/factor`, `models/index.md` `reference/models`. */
function addressOf(name) {
  const plain = name.replace(/\.md$/, "").replace(/(.)\/index$/, "$1");
  return `reference/${plain.replaceAll("/namespaces/", "/").replace(/-\d+$/, "")}`;
}

/** Links between the files as links between their pages. */
function withAddresses(text, from) {
  return text.replace(/\]\(([^)\s:]+\.md)(#[^)\s]*)?\)/g, (_, target, anchor = "") => {
    const file = path.posix.normalize(path.posix.join(path.posix.dirname(from), target));
    return `](/${addressOf(file)}${anchor})`;
  });
}
