/** The works that the notebooks cite are those of docs/references.md, and its terms those of the chapters. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const notebooks = ["notebooks", "notebooks/deep"].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `${folder}/${name}`),
);

/** The prose of a notebook. */
function prose(file: string): string {
  const { cells } = JSON.parse(read(file)) as { cells: { cell_type: string; source: string | string[] }[] };
  return cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => [source].flat().join(""))
    .join("\n\n");
}

/** What a notebook lists under its last heading for works: the words before each year, and the year. */
function cited(file: string): { readonly before: string; readonly year: string }[] {
  const section =
    /^#+ (?:References|Further reading)\s*$([\s\S]*?)(?=^#|(?![\s\S]))/m.exec(prose(file))?.[1] ?? "";
  const years = [...section.matchAll(/\((\d{4})[^)]*\)/g)];
  return years.map((found, i) => {
    const start = i === 0 ? 0 : years[i - 1]!.index + years[i - 1]![0].length;
    return { before: section.slice(start, found.index), year: found[1]! };
  });
}

const works = [...read("docs/references.md").matchAll(/^- ([^,(]+)(?:,[^(]*)? \((\d{4})\)\. (.+)$/gm)].map(
  ([, author, year, rest]) => ({ author: author!.trim(), year: year!, rest: rest! }),
);

test("every entry of the references has an author, a year and a title", () => {
  expect(works).toHaveLength(read("docs/references.md").match(/^- /gm)?.length ?? 0);
  expect(works.length).toBeGreaterThan(50);
  expect(new Set(works.map(({ author, year, rest }) => `${author} ${year} ${rest}`)).size).toBe(works.length);
});

test.each(notebooks)("what %s cites is in docs/references.md", (file) => {
  const missing = cited(file).filter(
    ({ before, year }) => !works.some((work) => work.year === year && before.includes(work.author)),
  );
  expect(missing.map(({ before, year }) => `${before.trim().slice(-120)} (${year})`)).toEqual([]);
});

test("the notebooks cite enough for the rule above to mean something", () => {
  expect(notebooks.flatMap(cited).length).toBeGreaterThan(70);
});

test("links of the references lead to where a work is kept for good", () => {
  const links = [...read("docs/references.md").matchAll(/\]\((\S+)\)/g)].map(([, to]) => to!);
  expect(links.length).toBeGreaterThan(50);
  const hosts =
    /^https:\/\/(doi\.org|arxiv\.org|openreview\.net|papers\.nips\.cc|link\.springer\.com|bybit-exchange\.github\.io)\//;
  expect(links.filter((to) => !hosts.test(to))).toEqual([]);
});

test("every term of the glossary occurs in the chapter that it names", () => {
  const entries = [...read("docs/glossary.md").matchAll(/^### (.+)\n\n(.+)$/gm)];
  expect(entries.length).toBeGreaterThan(60);
  const astray = entries.filter(([, name, paragraph]) => {
    const also = /\*Also: ([^*]+)\.\*/.exec(paragraph!)?.[1]?.split(", ") ?? [];
    const file = /\]\(\.\.\/(notebooks\/[^)]+)\)$/.exec(paragraph!)?.[1];
    const text = file ? prose(file).toLowerCase() : "";
    return ![name!, ...also].some((words) => text.includes(words.toLowerCase()));
  });
  expect(astray.map(([, name]) => name)).toEqual([]);
});
