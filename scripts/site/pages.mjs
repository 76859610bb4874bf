/** The pages of the site, gathered from the project's files: chapters, deep dives, guides, notation, references, the library. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "../docs/reference.mjs";
import { homePage } from "./home.mjs";
import { siteLinks } from "./links.mjs";
import { notebookPage } from "./notebookPage.mjs";
import { joined } from "./text.mjs";

/** Groups of pages by the folders they come from, in the order of the sidebar. */
const GROUPS = [
  { group: "Chapters", folder: "notebooks", ending: /^\d\d-.*\.ipynb$/, at: "chapters" },
  { group: "Deep dives", folder: "notebooks/deep", ending: /\.ipynb$/, at: "deep" },
  { group: "Guides", folder: "docs/guides", ending: /\.md$/, at: "guides" },
  { group: "In plain words", folder: "docs/simple", ending: /\.md$/, at: "simple" },
  { group: "По-русски", folder: "docs/ru", ending: /\.md$/, at: "ru" },
];
const SINGLE = [
  { group: "Reference", file: "NOTATION.md", path: "notation" },
  { group: "Reference", file: "docs/glossary.md", path: "glossary" },
  { group: "Reference", file: "CHANGELOG.md", path: "changelog" },
  { group: "Working on it", file: "README.md", path: "about", title: "Overview" },
  { group: "Working on it", file: "CONTRIBUTING.md", path: "contributing", title: "Contributing" },
  { group: "Working on it", file: "docs/kernel.md", path: "kernel" },
];

/** Sections of a notebook under these titles are gathered on one page. */
const REFERENCES = /^##\s+References\s*$([\s\S]*?)(?=^##\s|(?![\s\S]))/m;

/** @returns {{group: string, file: string, path: string, title?: string}[]} each file that becomes a page, in the order of reading */
export function pageFiles(root) {
  const grouped = GROUPS.flatMap(({ group, folder, ending, at }) => {
    const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
    return names
      .filter((name) => ending.test(name) && !/^(README|index)\.md$/.test(name))
      .sort()
      .map((name) => ({
        ...{ group, file: `${folder}/${name}` },
        path: `${at}/${name.replace(/\.(ipynb|md)$/, "")}`,
      }));
  });
  return [...grouped, ...SINGLE.filter(({ file }) => existsSync(join(root, file)))];
}

/**
 * The site's sources.
 * @returns {{pages: {group: string, path: string, title: string}[], files: {path: string, content: string | Buffer}[]}} pages for the
 *   sidebar, and files: Markdown by the pages' paths, and under `public/` what is served as it is
 */
export function siteSources(root, base = "/") {
  const found = pageFiles(root);
  const addresses = new Map(found.map(({ file, path }) => [file, `/${path}`]));
  const pictures = new Set();
  const pictureOf = (file) => {
    if (!existsSync(join(root, file))) return undefined;
    pictures.add(file);
    return `${base}pictures/${file}`;
  };
  const linked = (markdown, from) =>
    siteLinks(markdown, { from, pictureOf, pageOf: (file) => addresses.get(file) });
  const made = found.map((page) => ({ ...page, ...read(root, page, base) }));
  const pages = made.map(({ file, markdown, figures, ...about }) => about);
  const references = referencesPage(made.map(({ markdown }) => markdown));
  if (references) pages.push({ group: "Reference", path: "references", title: "References" });
  const files = made.flatMap(({ path, title, file, markdown, figures }) => [
    { path: `${path}.md`, content: withTitle(title, linked(markdown, file)) },
    ...figures.map((figure) => ({ ...figure, path: `public/${figure.path}` })),
  ]);
  if (references) files.push({ path: "references.md", content: withTitle("References", references) });
  for (const { path, title, markdown } of referencePages(join(root, ".vitrade/reference"))) {
    pages.push({ group: "Library", path, title });
    files.push({ path: `${path}.md`, content: withTitle(title, markdown) });
  }
  files.push({ path: "index.md", content: homePage(pages, base) });
  for (const file of pictures)
    files.push({ path: `public/pictures/${file}`, content: readFileSync(join(root, file)) });
  return { pages, files };
}

function read(root, { file, path, title }, base) {
  const text = readFileSync(join(root, file), "utf8");
  if (file.endsWith(".ipynb")) {
    const page = notebookPage(JSON.parse(text), { name: path.replace("/", "-"), file, base });
    const { code, ...rest } = page;
    return { ...rest, picture: page.figures.find(({ path: own }) => own.endsWith(".png"))?.path };
  }
  const heading = /^#\s+(.+)$/m.exec(text)?.[1];
  return { title: title ?? heading ?? path, markdown: text, figures: [] };
}

/** The frontmatter says the title, as one that holds a formula or code cannot be taken from the heading. */
function withTitle(title, markdown) {
  return `---\ntitle: ${JSON.stringify(plain(title))}\n---\n\n${markdown}`;
}

/** A title without the marks of Markdown. */
export function plain(title) {
  return title.replace(/[*_`]/g, "").replace(/\$([^$]*)\$/g, "$1");
}

/** All references of all chapters, each once, by their authors. */
function referencesPage(markdowns) {
  const entries = markdowns.flatMap((markdown) => {
    const section = REFERENCES.exec(joined(markdown))?.[1] ?? "";
    return [...section.matchAll(/^- (.+)$/gm)].map(([, entry]) => entry.trim());
  });
  const byWork = new Map();
  for (const entry of entries) {
    const work = entry.replace(/\s*(`[^`]+`[,.;]?\s*)+$/, "");
    if (!byWork.has(work)) byWork.set(work, entry);
  }
  const sorted = [...byWork.values()].sort((a, b) => a.localeCompare(b, "en"));
  if (sorted.length === 0) return undefined;
  return [
    "# References",
    "",
    "The works that the chapters rest on.",
    "",
    ...sorted.map((entry) => `- ${entry}`),
    "",
  ].join("\n");
}
