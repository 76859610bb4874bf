/** The pages in plain words and the Russian pages (VI-109, VI-110) keep step with the English ones and with the chapters. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const notebooks = path.join(root, "notebooks");
const PAIRS = [
  ["README.md", "README.ru.md"],
  ["docs/simple.md", "docs/simple.ru.md"],
] as const;
/** What may stand around an inline link: words without brackets, or with one pair of them inside. */
const LINK = /!?\[(?:[^\][]|\[[^\]]*\])*\]\(([^)\s]+)\)/g;

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, "");
const fences = (text: string): string[] => text.match(/^```[\s\S]*?^```$/gm) ?? [];
const codeSpans = (text: string): string[] => (withoutFences(text).match(/`[^`\n]+`/g) ?? []).sort();
const headings = (text: string): string[] => withoutFences(text).match(/^#+ .+$/gm) ?? [];
const links = (text: string): string[] => [...withoutFences(text).matchAll(LINK)].map(([, to]) => to ?? "");
const lines = (text: string): string[] =>
  withoutFences(text)
    .split("\n")
    .filter((line) => line.trim() !== "");

/** Numbers of the figures that are named, such as 3.1 and 3.2. */
const figures = (text: string): string[] =>
  (withoutFences(text).match(/(?:Figure|рисун)\p{L}* \d\.\d(?: (?:and|и) \d\.\d)?/gu) ?? []).flatMap(
    (named) => named.match(/\d\.\d/g) ?? [],
  );

/** Level of a heading and, of a chapter, its number. */
const place = (heading: string): string => /^#+ \[?(?:\d+ ·)?/.exec(heading)?.[0].replace("[", "") ?? "";

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string): string =>
  heading
    .replace(/^#+ /, "")
    .replace(LINK, (whole) => whole.slice(1, whole.indexOf("]")))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/ /g, "-");

/** A link's file, whichever language it is in, without its place in the file. */
const target = (to: string): string => to.replace(/\.ru\.md/, ".md").replace(/#.*$/, "#");

/** Rows of the tables as the files that they link to. */
const rows = (text: string): string[] =>
  (withoutFences(text).match(/^\|.*\|$/gm) ?? []).map((row) => `${row.split("|").length} ${links(row)}`);

/** Paragraphs, items and rows in which prose stands: letters that belong to no code, no address and no name of a file. */
const prose = (text: string): string[] =>
  withoutFences(text)
    .split("\n")
    .map((line) => line.replace(/`[^`]*`/g, "").replace(/\]\([^)]*\)/g, "]"))
    .filter((line) => (line.match(/\p{L}/gu) ?? []).length > 40);

describe.each(PAIRS)("%s and %s", (english, russian) => {
  const en = read(english);
  const ru = read(russian);

  test("have the same headings, by level and chapter, in the same order", () => {
    expect(headings(ru).map(place)).toEqual(headings(en).map(place));
  });

  test("have the same blocks of code, to the letter, and name the same commands", () => {
    expect(fences(ru)).toEqual(fences(en));
    expect(codeSpans(ru)).toEqual(codeSpans(en));
  });

  test("link to the same files in the same order", () => {
    expect(links(ru).map(target)).toEqual(links(en).map(target));
  });

  test("have tables of the same rows", () => {
    expect(rows(ru)).toEqual(rows(en));
  });

  test("have as many headings, paragraphs, items and rows, and name the same figures", () => {
    expect(lines(ru)).toHaveLength(lines(en).length);
    expect(figures(ru)).toEqual(figures(en));
  });

  test.each([english, russian])("%s links to nothing that is not there", (file) => {
    const text = read(file);
    const anchors = headings(text).map(anchor);
    const missing = links(text).filter((to) => {
      if (/^[a-z]+:/.test(to)) return false;
      const [name = "", mark] = to.split("#");
      if (name === "") return !anchors.includes(mark ?? "");
      return !existsSync(path.join(root, path.dirname(file), name));
    });
    expect(missing).toEqual([]);
  });

  test("the Russian one is in Russian", () => {
    const foreign = prose(ru).filter(
      (line) => (line.match(/[а-яё]/gi) ?? []).length < (line.match(/[a-z]/gi) ?? []).length,
    );
    expect(foreign).toEqual([]);
  });
});

describe("docs/simple.md", () => {
  const text = read("docs/simple.md");
  const chapters = readdirSync(notebooks).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  const section = (chapter: number): string =>
    new RegExp(`^## \\[?${chapter} ·[\\s\\S]*?(?=^## |(?![\\s\\S]))`, "m").exec(text)?.[0] ?? "";

  test("holds no formula", () => {
    expect(text).not.toMatch(/\$|\\\(|\\\[/);
  });

  test.each(chapters)("has a section for %s, and names only figures that are there", (name) => {
    const own = section(Number(name.slice(0, 2)));
    expect(own.split(/\s+/).length).toBeGreaterThan(150);
    const { cells } = JSON.parse(readFileSync(path.join(notebooks, name), "utf8"));
    const shown: string = cells
      .map(({ source }: { source: string | string[] }) => [source].flat().join(""))
      .join("\n");
    expect(figures(own).filter((number) => !shown.includes(`**Figure ${number}.`))).toEqual([]);
  });

  test.each(["The question.", "A comparison.", "What to try."])("says of each chapter: %s", (title) => {
    const sections = text.split(/^## /m).filter((part) => /^\[?\d ·/.test(part));
    expect(sections.filter((part) => !part.includes(`**${title}**`))).toEqual([]);
  });
});
