/** The glossary's terms and the symbols of NOTATION.md, as the cards that pages show of them. */

/** Names that have an everyday meaning besides, so that a card at each of them would often be wrong. */
const EVERYDAY = new Set(["Bar", "candle", "Calibration", "Evidence", "Horizon", "Journal", "Projection"]);

/** A link of Markdown, and the marks around its words. */
const LINK = /\[([^\]]*)\]\([^)]*\)/g;

/** @returns an id for an address: small letters, digits and hyphens */
export function slug(name) {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Text without the marks of Markdown. */
function words(markdown) {
  return markdown.replace(LINK, "$1").replace(/[*`]/g, "").replace(/\s+/g, " ").trim();
}

/**
 * @param glossary  Markdown with a heading of the third level a term, and under it one paragraph: what it means, then `*Also: a, b.*`
 *   where it has other names, then a link to its chapter
 * @returns {{id: string, names: string[], card: string}[]} names are those that get a card in prose
 */
export function glossaryTerms(glossary) {
  const entries = glossary.matchAll(/^### (.+)\n\n(.+)$/gm);
  return [...entries].map(([, name, paragraph]) => {
    const also = /\s*\*Also: ([^*]+)\.\*/.exec(paragraph);
    const meaning = paragraph.replace(also?.[0] ?? "", "").replace(/\s*\[[^\]]*\]\([^)]*\)\.?$/, "");
    const names = [name, ...(also?.[1].split(", ") ?? [])].filter((own) => !EVERYDAY.has(own));
    return { id: slug(name), names, card: words(meaning) };
  });
}

/** The glossary with each term's id at its heading, so that cards lead there. */
export function withIds(glossary) {
  return glossary.replace(/^### (.+)$/gm, (heading, name) => `${heading} {#${slug(name)}}`);
}

/**
 * @param notation  Markdown whose section "Symbols" has a table of symbols and meanings; of several meanings, divided by semicolons, each
 *   may name its chapters in brackets
 * @returns {{tex: string, meanings: {text: string, chapters?: number[]}[]}[]} each symbol as it is written
 */
export function notationSymbols(notation) {
  const section = /^## Symbols\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(notation)?.[1] ?? "";
  const found = new Map();
  for (const row of section.match(/^\|.*\$.*\|$/gm) ?? []) {
    // a bar with a backslash before it stands in a formula
    const [, symbols, meaning] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const written = [...symbols.matchAll(/\$([^$]+)\$/g)].map(([, tex]) => tex);
    const each = meaning.split(/, (?![^(]*\))/);
    for (const [i, tex] of written.entries()) {
      const symbol = tex.split(" = ")[0];
      const own = each.length === written.length ? each[i] : meaning;
      found.set(symbol, [...(found.get(symbol) ?? []), ...own.split("; ").map(meaningOf)]);
    }
  }
  return [...found].map(([tex, meanings]) => ({ tex, meanings }));
}

function meaningOf(written) {
  const named = /\s*\(chapters? ([\d, ]+)\)$/.exec(written);
  if (!named) return { text: words(written) };
  return { text: words(written.slice(0, named.index)), chapters: named[1].split(", ").map(Number) };
}
