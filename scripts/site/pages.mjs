/** The pages of the site, gathered from the project's files: plain words, chapters, deep dives, guides, notation, the library. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "../docs/reference.mjs";
import { homePage } from "./home.mjs";
import { siteLinks } from "./links.mjs";
import { notebookPage } from "./notebookPage.mjs";
import { glossaryTerms, notationSymbols, withIds } from "./terms.mjs";

/** The group of the Russian pages, which have a sidebar of their own. */
const RUSSIAN = "По-русски";

/** Groups of pages by the folders they come from, in the order of the sidebar. */
const GROUPS = [
  { group: "Chapters", folder: "notebooks", ending: /^\d\d-.*\.ipynb$/, at: "chapters" },
  { group: "Deep dives", folder: "notebooks/deep", ending: /\.ipynb$/, at: "deep" },
  { group: "Guides", folder: "docs/guides", ending: /\.md$/, at: "guides" },
];
const BEFORE = [{ group: "In plain words", file: "docs/simple.md", path: "simple" }];
const SINGLE = [
  { group: "Reference", file: "NOTATION.md", path: "notation" },
  { group: "Reference", file: "docs/glossary.md", path: "glossary" },
  { group: "Reference", file: "docs/references.md", path: "references" },
  { group: "Reference", file: "CHANGELOG.md", path: "changelog" },
  { group: "Working on it", file: "README.md", path: "about", title: "Overview" },
  { group: "Working on it", file: "CONTRIBUTING.md", path: "contributing", title: "Contributing" },
  { group: "Working on it", file: "docs/kernel.md", path: "kernel" },
  { group: RUSSIAN, file: "README.ru.md", path: "ru/about", title: "Обзор" },
  { group: RUSSIAN, file: "docs/simple.ru.md", path: "ru/simple" },
];

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
  return [...BEFORE, ...grouped, ...SINGLE].filter(({ file }) => existsSync(join(root, file)));
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
  const asked = readmeQuestions(root);
  const pages = made.map(({ file, markdown, figures, ...about }) => ({
    ...about,
    ...(asked.has(file) ? { question: asked.get(file) } : {}),
  }));
  const files = made.flatMap(({ path, title, file, markdown, figures }) => [
    { path: `${path}.md`, content: withTitle(title, linked(markdown, file)) },
    ...figures.map((figure) => ({ ...figure, path: `public/${figure.path}` })),
  ]);
  for (const { path, title, markdown } of referencePages(join(root, ".vitrade/reference"))) {
    pages.push({ group: "Library", path, title });
    files.push({ path: `${path}.md`, content: withTitle(title, markdown) });
  }
  files.push({ path: "index.md", content: homePage(pages, base) });
  for (const file of pictures)
    files.push({ path: `public/pictures/${file}`, content: readFileSync(join(root, file)) });
  return { pages, files };
}

/** Each chapter's question as the README's table asks it, where it stands by itself. */
function readmeQuestions(root) {
  const text = existsSync(join(root, "README.md")) ? readFileSync(join(root, "README.md"), "utf8") : "";
  const rows = text.matchAll(/^\| \[[^\]]+\]\((notebooks\/[^)]+)\) \| (.+) \|$/gm);
  return new Map([...rows].map(([, file, question]) => [file, plain(question)]));
}

function read(root, { file, path, title }, base) {
  const text = readFileSync(join(root, file), "utf8");
  if (file.endsWith(".ipynb")) {
    const page = notebookPage(JSON.parse(text), { name: path.replace("/", "-"), file, base });
    const { code, ...rest } = page;
    return { ...rest, picture: page.figures.find(({ path: own }) => own.endsWith(".png"))?.path };
  }
  const heading = /^#\s+(.+)$/m.exec(text)?.[1];
  const markdown = path === "glossary" ? withIds(text) : text;
  return { title: title ?? heading ?? path, markdown, figures: [] };
}

/** The frontmatter says the title, as one that holds a formula or code cannot be taken from the heading. */
function withTitle(title, markdown) {
  return `---\ntitle: ${JSON.stringify(plain(title))}\n---\n\n${markdown}`;
}

/** A title without the marks of Markdown. */
export function plain(title) {
  return title.replace(/[*_`]/g, "").replace(/\$([^$]*)\$/g, "$1");
}

/** What the cards of terms and symbols say, from the glossary and the notation where they are there. */
export function siteTerms(root) {
  const text = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");
  return { terms: glossaryTerms(text("docs/glossary.md")), symbols: notationSymbols(text("NOTATION.md")) };
}
